"""A Graph in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.starting.settings import ROOT
from rasa_whatsapp.cli.ports import free_port, listening
from rasa_whatsapp.cli.programs import Programs, environment


@asynccontextmanager
async def slow_graph() -> AsyncIterator[str]:
    """A Graph in a process of its own that takes 50 ms for everything; gives its address."""
    port = free_port()
    with TemporaryDirectory(prefix="benchmark-") as folder:
        async with Programs(Path(folder), environment()) as programs:
            await programs.start(
                "graph", [sys.executable, "-m", "benchmarks.servers.slow_graph", str(port)], cwd=ROOT
            )
            await programs.during(listening(port))
            yield f"http://127.0.0.1:{port}"
