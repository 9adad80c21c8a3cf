"""Whether a store slows down while messages wait in it: taking in and working off, beside one without any."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.results.result import Result
from benchmarks.starting.stores import KINDS, store_url
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.delivery.rows import Arrival, Contact
from rasa_whatsapp.delivery.stores import Store, open_url

ROUNDS = 9
DEPTHS = (0, 1_000, 10_000, 100_000)
QUICK = {"DEPTHS": DEPTHS[:-1]}
EACH = 10
"""Messages that wait of each person."""
CONVERSATIONS = 100
"""As many are worked off in one measurement, and as many messages taken in as that are."""
MESSAGES = CONVERSATIONS * EACH
AT_ONCE = 64
"""Webhooks that arrive together."""
TURNS = 16
"""Side by side, as ``max_turns`` has it unless it is set."""
FILLED_AT_ONCE = 2_000
GOAL = 0.8
"""How much of the empty store's rate should be left."""

_ids = itertools.count(1)


@dataclass
class Filled:
    """A store in which messages wait, and its rates in each round, in messages a second."""

    store: Store
    taken: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    async def measure(self) -> None:
        """One round; as many messages wait afterwards as before."""
        arrivals = list(_arrivals(MESSAGES))
        began = time.perf_counter()
        for start in range(0, MESSAGES, AT_ONCE):
            some = arrivals[start : start + AT_ONCE]
            await asyncio.gather(*(self.store.take_in([arrival]) for arrival in some))
        self.taken.append(MESSAGES / (time.perf_counter() - began))
        began = time.perf_counter()
        await self._work_off()
        self.worked.append(MESSAGES / (time.perf_counter() - began))

    async def _work_off(self) -> None:
        """Conversation by conversation, as the dispatcher does with turns of no length."""
        lane, slots = self.store.turns, asyncio.Semaphore(TURNS)

        async def own(conversation: str) -> None:
            row = await lane.advance(conversation)
            while row is not None:
                row = await lane.advance(conversation, row)
            await lane.release(conversation)
            slots.release()

        owners = []
        for _ in range(CONVERSATIONS):
            await slots.acquire()
            owners.append(asyncio.create_task(own(await lane.claim())))
        await asyncio.gather(*owners)


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures each store at every depth in turn in every round, in one process, and prints a table."""
    taken, worked, table = [], [], _empty_table(rounds)
    for kind in KINDS:
        async with AsyncExitStack() as stack:
            filled = {}
            for depth in DEPTHS:
                with console.status(f"{kind}: {depth} messages"):
                    filled[depth] = await stack.enter_async_context(_filled(kind, depth))
            for number in range(1, rounds + 1):
                with console.status(f"{kind}, round {number} of {rounds}"):
                    for each in filled.values():
                        await each.measure()
        empty, deepest = filled[0], filled[DEPTHS[-1]]
        for depth, each in filled.items():
            _add_row(table, kind, depth, each, empty)
        taken.append(_result("taken in", kind, deepest.taken, empty.taken))
        worked.append(_result("worked off", kind, deepest.worked, empty.worked))
    console.print(table)
    return taken + worked


@asynccontextmanager
async def _filled(kind: str, depth: int) -> AsyncIterator[Filled]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        programs = await stack.enter_async_context(Programs(folder, environment()))
        store = open_url(await store_url(kind, folder, programs))
        await store.open()
        stack.push_async_callback(store.close)
        arrivals = _arrivals(depth)
        while some := list(itertools.islice(arrivals, FILLED_AT_ONCE)):
            await store.take_in(some)
        yield Filled(store)


def _arrivals(count: int) -> Iterator[Arrival]:
    """Messages of people who write ``EACH`` in all, each after all the others have written."""
    people = [next(_ids) for _ in range(max(1, count // EACH))]
    for number in range(count):
        phone = f"54911{people[number % len(people)]:08}"
        yield Arrival(
            id=f"wamid.depth{next(_ids)}",
            wanted=phone,
            aliases=(f"phone:{phone}",),
            contact=Contact(phone=phone, number="106540352242922", seen=time.time()),
            body=b"x" * 400,
            at=time.time(),
        )


def _ratio(own: list[float], empty: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(own, empty, strict=True))


def _result(what: str, kind: str, own: list[float], empty: list[float]) -> Result:
    return Result(
        measure=f"Messages {what} while {DEPTHS[-1]} wait",
        beside="an empty store",
        name=kind,
        ratio=_ratio(own, empty),
        figure=f"{statistics.median(own):.0f} a second",
        goal=GOAL,
    )


def _empty_table(rounds: int) -> Table:
    table = Table(
        title=f"A store in which messages wait, median of {rounds} rounds",
        caption=f"Messages a second, {AT_ONCE} taken in at once; in brackets: of the empty store's rate. "
        f"Goal: {GOAL:g}.",
    )
    for column in ("", "waiting", "taken in", "claimed and worked off"):
        table.add_column(column, justify="right" if column else "left")
    return table


def _add_row(table: Table, kind: str, depth: int, own: Filled, empty: Filled) -> None:
    cells = [
        f"{statistics.median(rates):.0f} ({_ratio(rates, beside):.2f})"
        for rates, beside in ((own.taken, empty.taken), (own.worked, empty.worked))
    ]
    table.add_row("" if depth else kind, str(depth), *cells, end_section=depth == DEPTHS[-1])
