"""What it costs to have: the import in an action server, and the memory that the channel adds to Rasa."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from benchmarks.results.machine import resident_bytes
from benchmarks.results.result import Result
from benchmarks.starting.sample_bot import rasa_run
from benchmarks.starting.settings import CHANNEL, credentials
from rasa_whatsapp.cli.ports import free_port
from rasa_whatsapp.simulator import Simulator

ROUNDS = 3
IMPORTS = 5
"""Fresh interpreters in each round."""
IMPORT_GOAL = 150.0
"""Milliseconds beyond aiohttp."""
MEMORY_GOAL = 15.0
"""MB beside Rasa with its REST channel."""
TURNS = 50
"""After as many is the memory read, so that what is loaded at the first one is counted."""
TEXTS = ("pileta", "tenis", "sum", "gimnasio", "quincho")

_TIMED = """
import time
began = time.perf_counter()
import aiohttp
between = time.perf_counter()
import rasa_whatsapp.actions
print(between - began, time.perf_counter() - between)
"""


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures imports, then Rasa with the one channel and with the other, in turn; prints a table."""
    beyond: list[float] = []
    base: list[float] = []
    rest: list[float] = []
    ours: list[float] = []
    for number in range(1, rounds + 1):
        with console.status(f"round {number} of {rounds}"):
            for _ in range(IMPORTS):
                aiohttp_alone, rest_of_it = await _import_times()
                base.append(aiohttp_alone)
                beyond.append(rest_of_it)
            rest.append(await _with_rest())
            ours.append(await _with_whatsapp())
    added = statistics.median(b - a for a, b in zip(rest, ours, strict=True))
    milliseconds = statistics.median(beyond)
    console.print(_table(rounds, base, beyond, rest, ours))
    return [
        Result(
            measure="Import of rasa_whatsapp.actions after aiohttp",
            beside=f"the {IMPORT_GOAL:g} ms allowed",
            name="in a fresh interpreter",
            ratio=milliseconds / IMPORT_GOAL,
            figure=f"{milliseconds:.0f} ms",
            goal=1.0,
            at_most=True,
        ),
        Result(
            measure=f"Memory added to `rasa run`, after {TURNS} turns",
            beside=f"the {MEMORY_GOAL:g} MB allowed beyond its REST channel",
            name="sqlite",
            ratio=added / MEMORY_GOAL,
            figure=f"{added:.1f} MB",
            goal=1.0,
            at_most=True,
        ),
    ]


async def _import_times() -> tuple[float, float]:
    """Milliseconds for aiohttp, and for what comes on top."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _TIMED, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    first, second = printed.split()
    return float(first) * 1000, float(second) * 1000


async def _with_rest() -> float:
    """MB of Rasa after people have talked to it by its own REST channel."""
    port = free_port()
    async with rasa_run(port, {"rest": {}}) as rasa, aiohttp.ClientSession() as session:
        for phone, text in _conversations():
            message = {"sender": phone, "message": text}
            async with session.post(f"http://127.0.0.1:{port}/webhooks/rest/webhook", json=message) as answer:
                assert await answer.json(), "Rasa said nothing"
        return resident_bytes(rasa.pid) / 1e6


async def _with_whatsapp() -> float:
    """The same after they have talked to it by WhatsApp."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhooks/whatsapp/webhook"
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        whatsapp = await stack.enter_async_context(Simulator(port=0, webhook_url=url))
        settings: dict[str, Any] = {
            **credentials(whatsapp),
            "store": f"sqlite:///{folder / 'whatsapp.db'}",
        }
        rasa = await stack.enter_async_context(rasa_run(port, {CHANNEL: settings}))
        for phone, text in _conversations():
            person = whatsapp.user(phone)
            await person.says(text)
            await person.receives(timeout=60.0)
        return resident_bytes(rasa.pid) / 1e6


def _conversations() -> list[tuple[str, str]]:
    return [
        (f"5491155{number % 10:06}", text)
        for number, text in zip(range(TURNS), itertools.cycle(TEXTS), strict=False)
    ]


def _table(
    rounds: int, base: list[float], beyond: list[float], rest: list[float], ours: list[float]
) -> Table:
    table = Table(title=f"What it costs to have, median of {rounds} rounds")
    for column in ("", "without", "with", "added, median", "added, each round", "goal"):
        table.add_column(column, justify="right" if column else "left")
    added = [b - a for a, b in zip(rest, ours, strict=True)]
    rows = [
        ("import beyond aiohttp, ms", base, [a + b for a, b in zip(base, beyond, strict=True)], beyond),
        (f"memory of `rasa run` after {TURNS} turns, MB", rest, ours, added),
    ]
    for (name, without, having, more), goal in zip(rows, (IMPORT_GOAL, MEMORY_GOAL), strict=True):
        middle = statistics.median(more)
        verdict = "[green]met" if middle <= goal else "[red]missed"
        each = f"{min(more):.1f} to {max(more):.1f}"
        figures = [f"{statistics.median(some):.1f}" for some in (without, having)]
        table.add_row(name, *figures, f"{middle:.1f}", each, f"{goal:g} {verdict}")
    return table
