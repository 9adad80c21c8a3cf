"""Bots that run for the whole session."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from gate import Gate
from programs import programs, pytest_runtest_makereport
from rasa_run import SAMPLE_BOT, SHOW_BOT, RasaRun

from rasa_whatsapp.cli.demo.media import served
from rasa_whatsapp.cli.programs import Programs
from rasa_whatsapp.simulator import User

__all__ = ["programs", "pytest_runtest_makereport"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def media_url() -> AsyncIterator[str]:
    """Where the bots' pictures and documents are."""
    async with served(SAMPLE_BOT / "media") as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def gate() -> AsyncIterator[Gate]:
    """Holds the turns of the show bot that ask to wait."""
    async with Gate() as gate:
        yield gate


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def club(
    programs: Programs, sample_model: Path, media_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RasaRun]:
    """The sample bot, running."""
    folder = tmp_path_factory.mktemp("club")
    async with RasaRun(programs, SAMPLE_BOT, sample_model, folder, {"CLUB_MEDIA_URL": media_url}) as run:
        yield run


@pytest.fixture(scope="session")
def show_model(trained: Callable[[Path], Path]) -> Path:
    """The show bot's model."""
    return trained(SHOW_BOT)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def show(
    programs: Programs, show_model: Path, media_url: str, gate: Gate, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RasaRun]:
    """The show bot, running."""
    folder = tmp_path_factory.mktemp("show")
    async with RasaRun(
        programs, SHOW_BOT, show_model, folder, {"MEDIA_URL": media_url, "GATE_URL": gate.url}
    ) as run:
        yield run


_phones = (f"54911555{number:05}" for number in itertools.count(1))


@pytest.fixture
def person() -> Callable[[RasaRun], User]:
    """Makes somebody who has not written to any bot before."""
    return lambda run: run.whatsapp.user(next(_phones), name="María Ação 👍")
