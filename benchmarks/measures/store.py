"""Webhooks kept and answered per second with each store, beside a bare handler that reads and verifies."""

from __future__ import annotations

import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.load.closed_loop import CONNECTIONS, hammer, texts
from benchmarks.results.result import Result
from benchmarks.starting.channel import bare_handler, channel
from benchmarks.starting.stores import store_url
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.simulator import Simulator

ROUNDS = 5
SLICES, WEBHOOKS = 4, 2_000
"""How often the two servers of a round are measured in turn, and how many webhooks each gets every time:
what else the machine does then, it does to both."""
WARM_UP = 4_000
"""As many as let SQLite's log grow to its full length, which takes longer than writing over it does."""
GOALS = {"memory": 0.8, "sqlite": 0.65, "redis": 0.65}
"""How much of the bare handler's rate each store should reach."""


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures each store right after the bare handler, every round in fresh servers, and prints a table."""
    bare: list[float] = []
    kept: dict[str, list[tuple[float, float]]] = {store: [] for store in GOALS}
    whatsapp = Simulator()  # for its account; nothing is sent to it
    for number in range(1, rounds + 1):
        for store, pairs in kept.items():
            with console.status(f"round {number} of {rounds}: {store}"):
                async with _beside_each_other(store) as ports:
                    for port in ports:
                        await hammer(port, texts(whatsapp, WARM_UP))
                    limit, rate = await _in_turn(whatsapp, ports)
            bare.append(limit)
            pairs.append((rate, rate / limit))
    console.print(_table(bare, kept))
    return [_result(store, pairs) for store, pairs in kept.items()]


async def _in_turn(whatsapp: Simulator, ports: Sequence[int]) -> list[float]:
    """Webhooks a second on each port."""
    seconds = [0.0 for _ in ports]
    for _ in range(SLICES):
        for place, port in enumerate(ports):
            seconds[place] += WEBHOOKS / await hammer(port, texts(whatsapp, WEBHOOKS))
    return [SLICES * WEBHOOKS / took for took in seconds]


def _result(store: str, pairs: list[tuple[float, float]]) -> Result:
    rates, ratios = zip(*pairs, strict=True)
    return Result(
        measure="Webhooks kept and answered",
        beside="a bare Sanic handler",
        name=store,
        ratio=statistics.median(ratios),
        figure=f"{statistics.median(rates):.0f} a second",
        goal=GOALS[store],
    )


def _table(bare: list[float], kept: dict[str, list[tuple[float, float]]]) -> Table:
    table = Table(
        title=f"Webhooks kept and answered: {SLICES * WEBHOOKS} a round, over {CONNECTIONS} connections",
        caption="Bare: a Sanic handler that reads the JSON and checks the signature. Hardly any turns run.",
    )
    table.add_column("")
    for column in ("a second, median", "of bare, median", "of bare, each round", "goal"):
        table.add_column(column, justify="right")
    table.add_row("bare", f"{statistics.median(bare):.0f}", "1.00")
    for store, pairs in kept.items():
        rates, ratios = zip(*pairs, strict=True)
        median, goal = statistics.median(ratios), GOALS[store]
        each = " ".join(f"{ratio:.2f}" for ratio in ratios)
        verdict = f"{goal:.2f} [green]met" if median >= goal else f"{goal:.2f} [red]missed"
        table.add_row(store, f"{statistics.median(rates):.0f}", f"{median:.2f}", each, verdict)
    return table


@asynccontextmanager
async def _beside_each_other(store: str) -> AsyncIterator[tuple[int, int]]:
    """The bare handler and the channel over a store, each in its own process; gives their ports."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        programs = await stack.enter_async_context(Programs(folder, environment()))
        url = await store_url(store, folder, programs)
        limit = await bare_handler(programs, folder)
        yield limit, (await channel(programs, folder, {"store": url, "max_turns": 1})).port
