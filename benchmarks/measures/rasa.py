"""Messages a second through real Rasa beside its REST channel, and how soon webhooks are answered meanwhile.

Both channels stand in one `rasa run` with the sample bot, its action server and an SQL tracker store.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable

import aiohttp
from rich.console import Console
from rich.table import Table

from benchmarks.load.open_loop import SECONDS, Load, allow_connections, load
from benchmarks.load.people import People, people
from benchmarks.load.webhooks import text
from benchmarks.results.result import Result
from benchmarks.starting.sample_bot import SampleBot, sample_bot
from rasa_whatsapp.simulator.account import Account

ROUNDS = 25
"""Many, for the machine's pace changes from one to the next."""
WARM_UP = 14
"""Rounds before those that count. Python 3.10 remembers what a function looks up from its 1,024th run on;
Rasa's functions come to that within a few messages, the channel's within a thousand.
"""
QUICK = {"WARM_UP": 1}
PEOPLE = 16
"""Who write side by side, each when the last answer has come."""
TOPICS = ["pileta", "tenis", "sum", "gimnasio", "quincho"]
"""Each is answered by one message."""
TIMEOUT = 60.0
GOAL = 0.9
RATE = 100
"""Webhooks a second, more than Rasa has turns: they are kept, and answered in time."""

_phones = (f"549115{number:07}" for number in itertools.count(1))
_ids = itertools.count(1)


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures both channels in turn in every round, at last the webhooks, and prints two tables."""
    allow_connections()
    rest: list[float] = []
    whatsapp: list[float] = []
    async with (
        people(Account()) as them,
        sample_bot(graph_url=them.url) as bot,
        aiohttp.ClientSession(f"http://127.0.0.1:{bot.port}") as session,
    ):
        them.meet(bot.port)
        talks = {_over_rest(session): rest, _over_whatsapp(them): whatsapp}
        for number in range(1 - WARM_UP, rounds + 1):
            with console.status(f"round {number} of {rounds}" if number > 0 else "warming up"):
                # Each begins by turns: what slows down meanwhile slows down both.
                for talk, rates in list(talks.items())[:: -1 if number % 2 else 1]:
                    rate = await _rate(talk)
                    if number > 0:
                        rates.append(rate)
                    await them.settle()
        acknowledged = await load(bot.port, _requests(bot), RATE)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(whatsapp, rest, strict=True))
    through = Result(
        measure="Messages a second through `rasa run`, the sample bot",
        beside="Rasa's REST channel",
        name="sqlite",
        ratio=ratio,
        figure=f"{statistics.median(whatsapp):.1f} a second",
        goal=GOAL,
    )
    console.print(_table(rest, whatsapp, through))
    return [through, _acknowledged(console, acknowledged, 1000 / statistics.median(rest))]


Talk = Callable[[str], Awaitable[None]]


def _over_rest(session: aiohttp.ClientSession) -> Talk:
    async def talk(phone: str) -> None:
        for topic in TOPICS:
            body = {"sender": phone, "message": topic}
            async with session.post("/webhooks/rest/webhook", json=body) as response:
                (answer,) = await response.json()
                assert topic in answer["text"].lower()

    return talk


def _over_whatsapp(them: People) -> Talk:
    async def talk(phone: str) -> None:
        for topic in TOPICS:
            answer = await asyncio.wait_for(them.say(phone, topic), TIMEOUT)
            assert topic in answer.lower()

    return talk


async def _rate(talk: Talk) -> float:
    """Messages answered a second, all of them to people who have never written before."""
    people = list(itertools.islice(_phones, PEOPLE))
    began = time.perf_counter()
    await asyncio.gather(*map(talk, people))
    return PEOPLE * len(TOPICS) / (time.perf_counter() - began)


def _requests(bot: SampleBot) -> list[bytes]:
    people = list(itertools.islice(_phones, int(RATE)))
    return [
        text(bot.whatsapp.account, f"wamid.load{number}", people[number % RATE], TOPICS[number % len(TOPICS)])
        for number in itertools.islice(_ids, int(RATE * SECONDS))
    ]


def _table(rest: list[float], whatsapp: list[float], through: Result) -> Table:
    table = Table(
        title=f"Messages a second through `rasa run`: the sample bot, {PEOPLE} people at once",
        caption="Each writes again when answered. Over WhatsApp each answer also brings three statuses.",
    )
    for column in ("", "slowest", "median", "fastest", "of REST, median", "goal"):
        table.add_column(column, justify="right" if column else "left")
    colour = {"met": "[green]", "missed": "[red]"}[through.verdict]
    for name, rates, more in (
        ("Rasa's REST channel", rest, ("1.00", "")),
        ("rasa_whatsapp, SQLite", whatsapp, (through.ratio_text, f"{GOAL} {colour}{through.verdict}")),
    ):
        figures = (min(rates), statistics.median(rates), max(rates))
        table.add_row(name, *(f"{figure:.1f}" for figure in figures), *more)
    return table


def _acknowledged(console: Console, found: Load, turn: float) -> Result:
    """What a webhook waits is what Rasa predicts in the loop that answers it."""
    accepted = sum(wait < float("inf") for wait in found.milliseconds)
    table = Table(title=f"Webhook to 200 at {RATE} a second, the sample bot on `rasa run` (SQLite)")
    for column in ("200", "median ms", "99 % ms", "of one turn", "sender late ms"):
        table.add_column(column, justify="right")
    figures = (found.median, found.p99, found.p99 / turn, found.late)
    table.add_row(f"{accepted}/{len(found.milliseconds)}", *(f"{figure:.1f}" for figure in figures))
    console.print(table)
    return Result(
        measure="Webhook to 200 while the sample bot works, 99th percentile",
        beside=f"one turn through REST, {turn:.0f} ms",
        name="sqlite",
        ratio=found.p99 / turn,
        figure=f"{found.p99:.0f} ms",
        at_most=True,
    )
