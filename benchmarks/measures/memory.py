"""The memory of the channel on SQLite, while texts and statuses come in and every text is answered."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.load.closed_loop import TEXTS, hammer, mixed
from benchmarks.results.machine import resident_bytes
from benchmarks.results.result import Result, flat
from benchmarks.starting.answers import counted_answers
from benchmarks.starting.channel import channel
from benchmarks.starting.stores import store_url
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.simulator import Simulator

ROUNDS = 1
WEBHOOKS = 100_000
WARM_UP = 20_000
"""Webhooks until all that is bounded, such as the latest statuses, is full."""
QUICK = {"WEBHOOKS": 30_000}
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
    return [flat(f"Memory after {WEBHOOKS} webhooks", f"after {WARM_UP}", "sqlite", growths, most, GOAL)]


async def resident(webhooks: int) -> list[int]:
    """The bytes of memory that the channel's process holds, after each step of the way."""
    whatsapp = Simulator()  # for its account; nothing is sent to it
    sizes = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        programs = await stack.enter_async_context(Programs(folder, environment()))
        answers = await stack.enter_async_context(counted_answers())
        store = await store_url("sqlite", folder, programs)
        settings = {"store": store, "base_url": answers.url, "pacing": False}
        port, pid = await channel(programs, folder, settings, turn="awaits:0")
        for _ in range(webhooks // STEP):
            await hammer(port, mixed(whatsapp, STEP))
            await answers.until(len(sizes) * STEP // TEXTS + STEP // TEXTS)
            sizes.append(resident_bytes(pid))
    return sizes
