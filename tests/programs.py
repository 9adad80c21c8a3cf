"""Programs that a test session starts: their end, and their logs beside a test that fails.

A ``conftest.py`` imports both names.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from rasa_whatsapp.cli.programs import Programs, environment

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
async def programs(
    rasa_open_source: str, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Programs]:
    """What the session has started; all of it ends with the session."""
    logs = tmp_path_factory.mktemp("logs")
    pytestconfig.stash[_logs] = logs
    async with Programs(logs, environment()) as running:
        yield running
