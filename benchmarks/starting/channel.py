"""The channel with an agent without a model, and the bare handler beside it, in processes of their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.starting.settings import CHANNEL, ROOT, credentials
from rasa_whatsapp.cli.ports import free_port, ready
from rasa_whatsapp.cli.programs import Programs
from rasa_whatsapp.simulator import Simulator

PROGRAM = ("benchmarks.servers.channel",)
"""The module that serves the channel."""


class Channel(NamedTuple):
    """A running channel: where it listens, and its process (the first, where there are several)."""

    port: int
    pid: int


async def channel(
    programs: Programs,
    folder: Path,
    settings: dict[str, Any],
    *,
    turn: str = "awaits:2",
    workers: int = 1,
    program: Sequence[str] = PROGRAM,
) -> Channel:
    """Starts it, and waits until it is ready.

    Args:
        programs: what the processes belong to.
        folder: for its settings.
        settings: beside the credentials of a local WhatsApp.
        turn: see ``benchmarks.servers.channel``.
        workers: processes, as Rasa's ``SANIC_WORKERS`` has it.
        program: the module that serves, and what goes before its usual arguments.
    """
    port = free_port()
    quiet = {"read_receipts": False, "typing_indicator": False, "shutdown_grace": 0}
    file = folder / f"channel-{port}.json"
    file.write_text(json.dumps({**credentials(Simulator()), **quiet, **settings}), encoding="utf-8")
    program = await programs.start(
        f"channel-{port}",
        [sys.executable, "-m", *program, str(port), CHANNEL, str(file), turn],
        cwd=ROOT,
        environment={"SANIC_WORKERS": str(workers)},
    )
    await programs.during(ready(f"http://127.0.0.1:{port}/webhooks/whatsapp/"))
    return Channel(port, program.pid)


async def bare_handler(programs: Programs, folder: Path) -> int:
    """Starts the bare handler for the same account, and waits until it is ready; gives its port."""
    port = free_port()
    file = folder / f"bare-{port}.json"
    file.write_text(json.dumps(credentials(Simulator())), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.servers.bare", str(port), str(file)]
    await programs.start("bare", command, cwd=ROOT)
    await programs.during(ready(f"http://127.0.0.1:{port}/webhooks/whatsapp/"))
    return port
