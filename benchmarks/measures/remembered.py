"""Webhooks kept per second by a store that remembers a million ids, beside one that remembers none."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import redis.asyncio
from rich.console import Console
from rich.table import Table

from benchmarks.load.closed_loop import hammer, texts
from benchmarks.load.ids import message_id
from benchmarks.results.result import Result
from benchmarks.starting.channel import PROGRAM, channel
from benchmarks.starting.stores import KINDS, store_url
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.delivery.stores.redis.lane import PREFIX
from rasa_whatsapp.delivery.stores.sqlite.schema import SCHEMA
from rasa_whatsapp.simulator import Simulator

ROUNDS = 7
REMEMBERED = 1_000_000
QUICK = {"REMEMBERED": 100_000}
WEBHOOKS = 3_000
"""Posted in one measurement."""
WARM_UP = 500
GOAL = 0.8
"""How much of the rate without any should be left."""
_AT_ONCE = 100_000

_FILL_REDIS = """
for number = ARGV[1], ARGV[2] do
  redis.call('SET', KEYS[1] .. 'wamid.' .. redis.sha1hex(number), ARGV[3], 'EX', 604800)
end
"""


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures each store with and without remembered ids, in turn in every round, and prints a table."""
    whatsapp = Simulator()  # for its account; nothing is sent to it
    table = Table(
        title=f"Webhooks kept with {REMEMBERED:,} remembered ids: {WEBHOOKS} in each of {rounds} rounds",
        caption="A second; the ids are those of messages of the last seven days, which Meta may send again.",
    )
    for column in ("", "with none", "with all", "ratio, median", "ratio, each round", "goal"):
        table.add_column(column, justify="right" if column else "left")
    results = []
    for kind in KINDS:
        rates: dict[int, list[float]] = {0: [], REMEMBERED: []}
        async with AsyncExitStack() as stack:
            with console.status(f"{kind}: filling"):
                ports = {count: await stack.enter_async_context(_channel(kind, count)) for count in rates}
            for port in ports.values():
                await hammer(port, texts(whatsapp, WARM_UP))
            for number in range(1, rounds + 1):
                with console.status(f"{kind}, round {number} of {rounds}"):
                    for count, port in ports.items():
                        rates[count].append(await hammer(port, texts(whatsapp, WEBHOOKS)))
        result = _result(kind, rates[0], rates[REMEMBERED])
        results.append(result)
        each = " ".join(f"{b / a:.2f}" for a, b in zip(*rates.values(), strict=True))
        medians = [f"{statistics.median(some):.0f}" for some in rates.values()]
        verdict = "[green]met" if result.met else "[red]missed"
        table.add_row(kind, *medians, result.ratio_text, each, f"{GOAL:.2f} {verdict}")
    console.print(table)
    return results


def _result(kind: str, none: list[float], full: list[float]) -> Result:
    return Result(
        measure=f"Webhooks kept with {REMEMBERED:,} remembered ids",
        beside="with none",
        name=kind,
        ratio=statistics.median(b / a for a, b in zip(none, full, strict=True)),
        figure=f"{statistics.median(full):.0f} a second",
        goal=GOAL,
    )


@asynccontextmanager
async def _channel(kind: str, count: int) -> AsyncIterator[int]:
    """A channel whose store remembers so many ids; gives its port."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        programs = await stack.enter_async_context(Programs(folder, environment()))
        url = await store_url(kind, folder, programs)
        if kind == "sqlite":
            _fill_sqlite(folder / "whatsapp.db", count)
        elif kind == "redis":
            await _fill_redis(url, count)
        # What is kept in memory only the process itself can fill.
        program = PROGRAM if kind != "memory" else ("benchmarks.servers.remembering", str(count))
        yield (await channel(programs, folder, {"store": url, "max_turns": 1}, program=program)).port


def _fill_sqlite(path: Path, count: int) -> None:
    now = time.time()
    rows = ((message_id(f"past{number}"), f"5491155{number % 50_000:06}", now) for number in range(count))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        while some := list(itertools.islice(rows, _AT_ONCE)):
            with connection:
                connection.executemany(
                    "INSERT INTO turn (id, conversation, state, attempts, at, body) "
                    "VALUES (?, ?, 'done', 1, ?, x'')",
                    some,
                )


async def _fill_redis(url: str, count: int) -> None:
    async with redis.asyncio.Redis.from_url(url) as client:
        for start in range(0, count, _AT_ONCE):
            last = min(start + _AT_ONCE, count) - 1
            await client.eval(_FILL_REDIS, 1, f"{PREFIX}:turn:id:", start, last, b"x" * 40)
        # A rewrite of the server's log, which the filling brought on, would be measured as well.
        while (await client.info("persistence"))["aof_rewrite_in_progress"]:
            await asyncio.sleep(0.1)
