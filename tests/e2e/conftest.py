"""Bots that run for the whole session, and their logs beside a test that fails."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from gate import Gate
from rasa_run import SAMPLE_BOT, SHOW_BOT, RasaRun

from rasa_whatsapp.cli.demo.club import environment
from rasa_whatsapp.cli.demo.media import served
from rasa_whatsapp.cli.demo.parts import Parts
from rasa_whatsapp.simulator import User

LOG_LINES = 60

_logs = pytest.StashKey[Path]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Shows the end of every program's log beside a failure."""
    report = yield
    folder = item.config.stash.get(_logs, None)
    if report.failed and folder is not None:
        for log in sorted(folder.glob("*.log")):
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            report.sections.append((f"end of {log.name}", "\n".join(lines[-LOG_LINES:])))
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def parts(
    rasa_open_source: str, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    """What the session has started; all of it ends with the session."""
    logs = tmp_path_factory.mktemp("logs")
    pytestconfig.stash[_logs] = logs
    async with Parts(logs, environment()) as running:
        yield running


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
    parts: Parts, sample_model: Path, media_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RasaRun]:
    """The sample bot, running."""
    folder = tmp_path_factory.mktemp("club")
    async with RasaRun(parts, SAMPLE_BOT, sample_model, folder, {"CLUB_MEDIA_URL": media_url}) as run:
        yield run


@pytest.fixture(scope="session")
def show_model(trained: Callable[[Path], Path]) -> Path:
    """The show bot's model."""
    return trained(SHOW_BOT)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def show(
    parts: Parts, show_model: Path, media_url: str, gate: Gate, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RasaRun]:
    """The show bot, running."""
    folder = tmp_path_factory.mktemp("show")
    async with RasaRun(
        parts, SHOW_BOT, show_model, folder, {"MEDIA_URL": media_url, "GATE_URL": gate.url}
    ) as run:
        yield run


_phones = (f"54911555{number:05}" for number in itertools.count(1))


@pytest.fixture
def person() -> Callable[[RasaRun], User]:
    """Makes somebody who has not written to any bot before."""
    return lambda run: run.whatsapp.user(next(_phones), name="María Ação 👍")
