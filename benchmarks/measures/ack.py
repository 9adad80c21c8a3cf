"""How soon a webhook is answered while the bot works: the channel beside its limit and its peers.

The peers run as their users run them. pywa is taken where it is installed:
``uv run --group bench python -m benchmarks ack``. whatsloon 3.1, on which a community connector stands, is
not among them: it needs pydantic 2, and Rasa 3.6.21 a pydantic below 1.10.10.
"""

from __future__ import annotations

import asyncio
import math
import statistics
from dataclasses import dataclass, field

import aiohttp
from rich.console import Console
from rich.table import Table

from benchmarks.load.open_loop import SECONDS, Load, allow_connections, load
from benchmarks.load.turn import Turn
from benchmarks.results.result import Result
from benchmarks.starting.contenders import LIMIT, OURS, PEERS, Contender
from benchmarks.starting.graph import slow_graph

ROUNDS = 1
RATES = (100, 320, 1000)
"""Webhooks a second."""
QUICK = {"RATES": RATES[:1]}
PEOPLE = 100
WARM_UP = 16
"""Webhooks at once before anything is measured."""
ANSWERS_WITHIN = 60.0


@dataclass
class Series:
    """What was measured with turns of one kind; the goal is a 99th percentile in ms at the lowest rate."""

    agent: str
    turn: Turn
    goal: float
    found: dict[tuple[Contender, int], list[Load]] = field(default_factory=dict)

    def kept_up(self, contender: Contender, rate: int) -> bool:
        """Whether it did so in every round; one that was not measured at this rate did not."""
        loads = self.found.get((contender, rate), [])
        return bool(loads) and all(each.kept_up for each in loads)

    def p99(self, contender: Contender, rate: int) -> float:
        """The median of the rounds."""
        return statistics.median(each.p99 for each in self.found[contender, rate])


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures all of them one after the other at each rate, each in a fresh server, and prints two tables.

    One that could not keep up is not measured at the higher rates.
    """
    allow_connections()
    every = [
        Series("awaits 2 s", Turn(2.0), 10.0),
        Series("takes 3 ms of the processor", Turn(0.003, computes=True), 25.0),
    ]
    contenders = [LIMIT, OURS, *PEERS]
    async with slow_graph() as graph:
        for number in range(1, rounds + 1):
            for series in every:
                for rate in RATES:
                    for contender in contenders:
                        lower = RATES[: RATES.index(rate)]
                        if not all(series.kept_up(contender, each) for each in lower):
                            continue
                        what = f"round {number} of {rounds}: agent {series.agent}, {rate} a second, "
                        with console.status(what + contender.name, refresh_per_second=1):
                            found = await measured(contender, series.turn, rate, graph)
                        series.found.setdefault((contender, rate), []).append(found)
    for series in every:
        console.print(_table(series, contenders))
    return [
        _result(series, contender, rate)
        for series in every
        for rate in RATES
        for contender in contenders
        if (contender, rate) in series.found
    ]


async def measured(contender: Contender, turn: Turn, rate: int, graph: str, seconds: float = SECONDS) -> Load:
    """What became of webhooks at a rate, for one that has answered people before: else it is no bot.

    Raises:
        RuntimeError: it has not.
    """
    async with contender.serving(turn, graph) as port, aiohttp.ClientSession(graph) as session:
        try:
            await asyncio.wait_for(_warm_up(contender, port, session), ANSWERS_WITHIN)
        except asyncio.TimeoutError:
            raise RuntimeError(f"{contender.name} does not answer people") from None
        return await load(port, contender.requests(int(rate * seconds), PEOPLE), rate)


async def _warm_up(contender: Contender, port: int, session: aiohttp.ClientSession) -> None:
    """Until everybody has an answer; a webhook that was refused is posted again, as by Meta."""
    wanted = await _taken(session) + WARM_UP * contender.answers
    waiting = contender.requests(WARM_UP, PEOPLE)
    while waiting:
        waits = (await load(port, waiting, math.inf)).milliseconds
        waiting = [each for each, wait in zip(waiting, waits, strict=True) if math.isinf(wait)]
    while await _taken(session) < wanted:
        await asyncio.sleep(0.1)


async def _taken(session: aiohttp.ClientSession) -> int:
    """How many messages have reached the Graph."""
    async with session.get("/taken") as response:
        return int(await response.json())


def _result(series: Series, contender: Contender, rate: int) -> Result:
    kept_up, p99 = series.kept_up(contender, rate), series.p99(contender, rate)
    goal = contender is OURS and rate == RATES[0]
    return Result(
        measure=f"Webhook to 200 at {rate} a second, agent {series.agent}, 99th percentile",
        beside=f"{series.goal:g} ms",
        name=contender.name,
        ratio=p99 / series.goal if kept_up else math.inf,
        figure=f"{p99:.1f} ms" if kept_up else _overrun(series.found[contender, rate]),
        goal=1.0 if goal else None,
        at_most=True,
        whole=kept_up,
    )


def _overrun(loads: list[Load]) -> str:
    return f"cannot: takes {statistics.median(each.taken for each in loads):.0f} a second"


def _table(series: Series, contenders: list[Contender]) -> Table:
    late = max(each.late for loads in series.found.values() for each in loads)
    table = Table(
        title=f"Webhook to 200 while the agent {series.agent}: median / 99 % in ms",
        caption=f"Each rate for {SECONDS:g} s, from {PEOPLE} people, in an open loop; a wait counts from "
        "when the webhook was due. In brackets: the 99 % beside the bare handler's. Cannot: the waits grow, "
        f"or answers are missing. The sender itself was late by {late:.1f} ms at worst (99 %).",
    )
    table.add_column("")
    for rate in RATES:
        table.add_column(f"{rate} a second", justify="right")
    table.add_column(f"goal at {RATES[0]}: 99 % ≤ {series.goal:g} ms")
    for contender in contenders:
        cells = [_cell(series, contender, rate) for rate in RATES]
        verdict = _result(series, contender, RATES[0]).verdict
        colour = {"met": "[green]", "missed": "[red]"}.get(verdict, "")
        table.add_row(contender.name, *cells, f"{colour}{verdict}")
    return table


def _cell(series: Series, contender: Contender, rate: int) -> str:
    loads = series.found.get((contender, rate))
    if not loads:
        return "–"
    if not series.kept_up(contender, rate):
        return f"[red]{_overrun(loads)}"
    median = statistics.median(each.median for each in loads)
    p99, limit = series.p99(contender, rate), series.p99(LIMIT, rate)
    return f"{median:.1f} / {p99:.1f} ({p99 / limit:.1f})"
