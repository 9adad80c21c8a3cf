"""The memory of the channel on SQLite, while texts and statuses come in and every text is answered."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from rich.console import Console
from rich.table import Table

from benchmarks.bots import CHANNEL, ROOT, credentials
from benchmarks.hammer import TEXTS, hammer, mixed
from benchmarks.machine import resident_bytes
from benchmarks.results import Result
from rasa_whatsapp.cli.demo.club import environment
from rasa_whatsapp.cli.demo.parts import Parts
from rasa_whatsapp.cli.demo.ports import free_port, ready
from rasa_whatsapp.simulator import Simulator

ROUNDS = 1
WEBHOOKS = 100_000
WARM_UP = 20_000
"""Webhooks until all that is bounded, such as the latest statuses, is full."""
STEP = 2_000
"""Webhooks between two looks, at each of which everything is answered."""
GOAL = 0.10
"""How much more memory than after the warm-up there may be."""


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures, and prints how the memory grew."""
    table = Table(
        title=f"Resident memory over {WEBHOOKS} webhooks, one text to three statuses, SQLite",
        caption=f"Goal: within {GOAL:.0%} of what it was after {WARM_UP} webhooks.",
    )
    for column in ("", "after warm-up MB", "most MB", "at the end MB", "growth", "goal"):
        table.add_column(column, justify="right")
    growths, most = [], []
    for number in range(1, rounds + 1):
        with console.status(f"round {number} of {rounds}"):
            sizes = await resident(WEBHOOKS)
        warm = sizes[WARM_UP // STEP - 1 :]
        growth = max(warm) / warm[0] - 1
        growths.append(growth)
        most.append(max(warm))
        figures = [f"{size / 1e6:.1f}" for size in (warm[0], max(warm), warm[-1])]
        verdict = "[green]met" if growth <= GOAL else "[red]missed"
        table.add_row(f"round {number}", *figures, f"{growth:+.1%}", verdict)
    console.print(table)
    return [
        Result(
            measure=f"Memory after {WEBHOOKS} webhooks",
            beside=f"after {WARM_UP}",
            name="sqlite",
            ratio=1 + statistics.median(growths),
            figure=f"{statistics.median(most) / 1e6:.0f} MB",
            goal=1 + GOAL,
            at_most=True,
        )
    ]


async def resident(webhooks: int) -> list[int]:
    """The bytes of memory that the channel's process holds, after each step of the way."""
    whatsapp = Simulator()  # for its account; nothing is sent to it
    sizes = []
    async with _channel(whatsapp) as (port, pid, answers):
        for _ in range(webhooks // STEP):
            await hammer(port, mixed(whatsapp, STEP))
            await answers.until(len(sizes) * STEP // TEXTS + STEP // TEXTS)
            sizes.append(resident_bytes(pid))
    return sizes


class Answers:
    """A Graph that takes every message and only counts them."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._count = 0
        self._changed = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        """One message."""
        await request.read()
        self._count = next(self._ids)
        self._changed.set()
        return web.json_response({"messages": [{"id": f"wamid.answer{self._count}"}]})

    async def until(self, wanted: int) -> None:
        """Waits until so many messages have come."""
        while self._count < wanted:
            self._changed.clear()
            await self._changed.wait()


@asynccontextmanager
async def _channel(whatsapp: Simulator) -> AsyncIterator[tuple[int, int, Answers]]:
    """The channel with an agent that answers at once; gives its port, its process and its answers."""
    answers, graph_port, port = Answers(), free_port(), free_port()
    app = web.Application()
    app.router.add_post("/{version}/{number}/messages", answers.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", graph_port).start()
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        file = folder / "channel.json"
        settings = {
            **credentials(whatsapp),
            "base_url": f"http://127.0.0.1:{graph_port}",
            "store": f"sqlite:///{folder / 'whatsapp.db'}",
            "pacing": False,
            "read_receipts": False,
            "typing_indicator": False,
        }
        file.write_text(json.dumps(settings), encoding="utf-8")
        async with Parts(folder, environment()) as parts:
            command = [sys.executable, "-m", "benchmarks.server", str(port), CHANNEL, str(file), "awaits:0"]
            part = await parts.start("channel", command, cwd=ROOT)
            await parts.during(ready(f"http://127.0.0.1:{port}/webhooks/whatsapp/"))
            yield port, part.pid, answers
    await runner.cleanup()
