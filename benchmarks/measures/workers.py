"""One, two and four workers of one bot on Redis: webhooks kept per second, and turns that wait worked off."""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.load.closed_loop import hammer, texts
from benchmarks.results.machine import cores
from benchmarks.results.result import Result
from benchmarks.starting.answers import counted_answers
from benchmarks.starting.channel import channel
from benchmarks.starting.stores import store_url
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.simulator import Simulator

ROUNDS = 2
WORKERS = (1, 2, 4)
WEBHOOKS = 3_000
WARM_UP = 300
TURN = 0.2
"""Seconds that a turn waits, as for an action server or a language model."""
TURNS = 600


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures each number of workers in turn in every round, in fresh servers, and prints a table."""
    kept: dict[int, list[float]] = {workers: [] for workers in WORKERS}
    turned: dict[int, list[float]] = {workers: [] for workers in WORKERS}
    for number in range(1, rounds + 1):
        for workers in WORKERS:
            with console.status(f"round {number} of {rounds}: {workers} workers"):
                kept[workers].append(await _kept(workers))
                turned[workers].append(await _turned(workers))
    console.print(_table(rounds, kept, turned))
    return [
        *_results("Webhooks kept on Redis", kept),
        *_results(f"Messages answered on Redis, turns that wait {TURN} s", turned),
    ]


async def _kept(workers: int) -> float:
    """Webhooks kept and answered a second, hardly any of them worked off."""
    whatsapp = Simulator()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        programs = await stack.enter_async_context(Programs(folder, environment(), grace=0))
        settings = {"store": await store_url("redis", folder, programs), "max_turns": 1}
        port, _ = await channel(programs, folder, settings, workers=workers)
        await hammer(port, texts(whatsapp, WARM_UP))
        return await hammer(port, texts(whatsapp, WEBHOOKS))


async def _turned(workers: int) -> float:
    """Messages answered a second, sixteen at once in each worker."""
    whatsapp = Simulator()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        programs = await stack.enter_async_context(Programs(folder, environment(), grace=0))
        answers = await stack.enter_async_context(counted_answers())
        store = await store_url("redis", folder, programs)
        settings = {"store": store, "base_url": answers.url, "pacing": False}
        port, _ = await channel(programs, folder, settings, turn=f"awaits:{TURN}", workers=workers)
        await hammer(port, texts(whatsapp, 16 * workers))
        await answers.until(16 * workers)
        began = time.perf_counter()
        await asyncio.gather(hammer(port, texts(whatsapp, TURNS)), answers.until(16 * workers + TURNS))
        return TURNS / (time.perf_counter() - began)


def _results(measure: str, rates: dict[int, list[float]]) -> list[Result]:
    return [
        Result(
            measure=measure,
            beside=f"one worker, on {cores()} cores",
            name=f"{workers} workers",
            ratio=_ratio(rates[workers], rates[1]),
            figure=f"{statistics.median(rates[workers]):.0f} a second",
        )
        for workers in WORKERS
        if workers > 1
    ]


def _ratio(own: list[float], one: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(own, one, strict=True))


def _table(rounds: int, kept: dict[int, list[float]], turned: dict[int, list[float]]) -> Table:
    table = Table(
        title=f"Workers on Redis, median of {rounds} rounds",
        caption=f"A second, in brackets times one worker. All of it shares {cores()} cores with Redis, the "
        "Graph and the sender of the webhooks.",
    )
    for column in ("workers", "webhooks kept", f"messages answered, {TURN} s a turn"):
        table.add_column(column, justify="right")
    for workers in WORKERS:
        cells = [
            f"{statistics.median(rates[workers]):.0f} ({_ratio(rates[workers], rates[1]):.2f})"
            for rates in (kept, turned)
        ]
        table.add_row(str(workers), *cells)
    return table
