"""Five messages of one person at once, beside five turns one after the other and a plain connector."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from itertools import count

from rich.console import Console
from rich.table import Table

from benchmarks.bots import sample_bot
from benchmarks.results import Result
from rasa_whatsapp.simulator import Simulator, User

ROUNDS = 7
TOPICS = ["Pileta", "Tenis", "SUM", "Gimnasio", "Quincho"]
TIMEOUT = 60.0
GOAL_SECONDS = 0.5
GOAL_RATIO = 1.2

_phones = (f"549114{number:07}" for number in count(1))


@dataclass
class Series:
    """The rounds of one way to talk: seconds until the last answer, and whether all came in order."""

    name: str
    seconds: list[float] = field(default_factory=list)
    in_order: int = 0

    def note(self, seconds: float, answers: list[str]) -> None:
        """Adds a round."""
        self.seconds.append(seconds)
        self.in_order += answers == TOPICS


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures the three ways in turn in every round, on one `rasa run`, and prints a table."""
    burst, in_turn, plain = (
        Series("five at once"),
        Series("one after the other"),
        Series("five at once, plain"),
    )
    async with sample_bot(in_order=True) as (whatsapp, plain_whatsapp):
        await _at_once(whatsapp)  # Rasa's first turns are slower
        await _at_once(plain_whatsapp)
        for number in range(1, rounds + 1):
            with console.status(f"round {number} of {rounds}"):
                burst.note(*await _at_once(whatsapp))
                in_turn.note(*await _one_after_the_other(whatsapp))
                plain.note(*await _at_once(plain_whatsapp))
    console.print(_table(rounds, in_turn, burst, plain))
    return [_result(rounds, burst, in_turn, GOAL_RATIO), _result(rounds, plain, in_turn)]


async def _at_once(whatsapp: Simulator) -> tuple[float, list[str]]:
    person = await _newcomer(whatsapp)
    began = time.perf_counter()
    for topic in TOPICS:
        await person.says(topic.lower())
    answers = [await _answer(person) for _ in TOPICS]
    return time.perf_counter() - began, answers


async def _one_after_the_other(whatsapp: Simulator) -> tuple[float, list[str]]:
    person = await _newcomer(whatsapp)
    answers = []
    began = time.perf_counter()
    for topic in TOPICS:
        await person.says(topic.lower())
        answers.append(await _answer(person))
    return time.perf_counter() - began, answers


async def _newcomer(whatsapp: Simulator) -> User:
    """Nothing of the last round is under way any more."""
    await whatsapp.settle(TIMEOUT)
    return whatsapp.user(next(_phones))


async def _answer(person: User) -> str:
    """The topic that the next message is about."""
    return (await person.receives(timeout=TIMEOUT)).text.split("*")[1]


def _result(rounds: int, series: Series, in_turn: Series, goal: float | None = None) -> Result:
    return Result(
        measure="Five messages at once to the last answer, on `rasa run`",
        beside="one after the other",
        name=series.name,
        ratio=statistics.median(a / b for a, b in zip(series.seconds, in_turn.seconds, strict=True)),
        figure=f"{statistics.median(series.seconds):.2f} s",
        goal=goal,
        at_most=True,
        whole=series.in_order == rounds,
    )


def _table(rounds: int, in_turn: Series, *others: Series) -> Table:
    median_in_turn = statistics.median(in_turn.seconds)
    table = Table(
        title=f"Five messages of one person to the sample bot on `rasa run`, {rounds} rounds",
        caption=f"Goal: five at once in {GOAL_SECONDS:g} s and {GOAL_RATIO:g} times one after the other. "
        "Plain: a connector that awaits on_new_message in the webhook.",
    )
    table.add_column("")
    for column in ("best s", "median s", "worst s", "of one after the other", "in order"):
        table.add_column(column, justify="right")
    for series in (in_turn, *others):
        middle = statistics.median(series.seconds)
        figures = [min(series.seconds), middle, max(series.seconds), middle / median_in_turn]
        table.add_row(series.name, *(f"{figure:.2f}" for figure in figures), f"{series.in_order}/{rounds}")
    return table
