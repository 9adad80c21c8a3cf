"""The echo bot's model, and a Redis server of each test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from programs import programs, pytest_runtest_makereport

__all__ = ["programs", "pytest_runtest_makereport"]

ECHO_BOT = Path(__file__).parent / "bot"


@pytest.fixture(scope="session")
def echo_bot() -> Path:
    """A bot that repeats numbers, without custom actions."""
    return ECHO_BOT


@pytest.fixture(scope="session")
def echo_model(trained: Callable[[Path], Path], echo_bot: Path) -> Path:
    """The echo bot's model."""
    return trained(echo_bot)
