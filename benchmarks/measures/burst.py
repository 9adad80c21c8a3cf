"""Five messages of one person at once, beside five turns one after the other and plain connectors."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from itertools import count

from rich.console import Console
from rich.table import Table

from benchmarks.results.result import Result
from benchmarks.starting.sample_bot import sample_bot
from rasa_whatsapp.simulator import Simulator, User

ROUNDS = 5
TOPICS = ["Pileta", "Tenis", "SUM", "Gimnasio", "Quincho"]
TIMEOUT = 60.0
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
    """Measures all ways in turn in every round, on one `rasa run`, and prints a table."""
    in_turn, burst = Series("one after the other"), Series("rasa_whatsapp")
    plain, tasks = Series("plain connector, awaits the turn"), Series("plain connector, create_task")
    async with sample_bot(in_order=True) as bot:
        for whatsapp in (bot.whatsapp, bot.plain, bot.tasks):
            await _at_once(whatsapp)  # Rasa's first turns are slower
        for number in range(1, rounds + 1):
            with console.status(f"round {number} of {rounds}"):
                burst.note(*await _at_once(bot.whatsapp))
                in_turn.note(*await _one_after_the_other(bot.whatsapp))
                plain.note(*await _at_once(bot.plain))
                tasks.note(*await _at_once(bot.tasks))
    console.print(_table(rounds, in_turn, plain, burst, tasks))
    goals = {burst.name: GOAL_RATIO}
    beside_turns = [_result(rounds, each, in_turn, goals.get(each.name)) for each in (burst, plain, tasks)]
    return [*beside_turns, *(_result(rounds, each, plain) for each in (burst, tasks))]


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


def _ratio(series: Series, beside: Series) -> float:
    """The median of the rounds."""
    return statistics.median(a / b for a, b in zip(series.seconds, beside.seconds, strict=True))


def _result(rounds: int, series: Series, beside: Series, goal: float | None = None) -> Result:
    mixed_up = rounds - series.in_order
    return Result(
        measure="Five messages at once to the last answer, on `rasa run`",
        beside=beside.name,
        name=series.name,
        ratio=_ratio(series, beside),
        figure=f"{statistics.median(series.seconds):.2f} s"
        + (f", {mixed_up} of {rounds} mixed up" if mixed_up else ""),
        goal=goal,
        at_most=True,
        whole=not mixed_up,
    )


def _table(rounds: int, in_turn: Series, plain: Series, burst: Series, tasks: Series) -> Table:
    met = _result(rounds, burst, in_turn, GOAL_RATIO).met
    table = Table(
        title=f"Five messages of one person to the sample bot on `rasa run`, {rounds} rounds",
        caption=f"Goal: at once in at most {GOAL_RATIO:g} times one after the other, all in order. "
        "Ratios are medians of those taken in each round. The connector that awaits the turn gets its "
        "webhooks side by side, as from Meta; the others get one when they have answered the last.",
    )
    table.add_column("")
    columns = (
        "best s",
        "median s",
        "worst s",
        "of one after the other",
        "of awaiting plain",
        "in order",
        "goal",
    )
    for column in columns:
        table.add_column(column, justify="right")
    for series in (in_turn, burst, plain, tasks):
        middle = statistics.median(series.seconds)
        figures = [min(series.seconds), middle, max(series.seconds)]
        figures += [_ratio(series, in_turn), _ratio(series, plain)]
        order = "[red]" if series.in_order < rounds else ""
        verdict = ("[green]met" if met else "[red]missed") if series is burst else ""
        name = series.name if series is in_turn else f"at once, {series.name}"
        cells = [f"{figure:.2f}" for figure in figures]
        table.add_row(name, *cells, f"{order}{series.in_order}/{rounds}", verdict)
    return table
