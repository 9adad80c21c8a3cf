"""The club bot's action server, and its actions to import."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from club_server import SAMPLE_BOT, ActionServer

sys.path.insert(0, str(SAMPLE_BOT))


@pytest.fixture(scope="session")
def action_server(rasa_open_source: str) -> Iterator[ActionServer]:
    server = ActionServer()
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()
