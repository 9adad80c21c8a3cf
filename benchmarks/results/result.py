"""What every benchmark gives back: figures as ratios to what they are measured beside, and the goals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.table import Table

COLUMNS = ("measured", "", "figure", "ratio", "beside", "goal", "")


@dataclass(frozen=True)
class Result:
    """One figure of one run.

    Attributes:
        measure: what is measured, the same words for all that stand under one heading.
        beside: the limit, the peer or the allowance that the ratio is to.
        name: what was measured this way: a store, a client, a number of recipients.
        ratio: the median of the ratios taken in each round.
        figure: the absolute figure with its unit, ``2340 a second``.
        goal: what the ratio should reach; none for a peer and for what is only shown.
        at_most: smaller is better, as for times; else larger is, as for rates.
        whole: something else had to hold and did: all were answered, all came in order.
    """

    measure: str
    beside: str
    name: str
    ratio: float
    figure: str
    goal: float | None = None
    at_most: bool = False
    whole: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        if self.goal is None:
            return None
        return self.whole and (self.ratio <= self.goal if self.at_most else self.ratio >= self.goal)

    @property
    def verdict(self) -> str:
        """``met``, ``missed`` or nothing."""
        return {True: "met", False: "missed", None: ""}[self.met]

    @property
    def goal_text(self) -> str:
        """``≥ 0.80``, or nothing."""
        return "" if self.goal is None else f"{'≤' if self.at_most else '≥'} {self.goal:.2f}"

    @property
    def ratio_text(self) -> str:
        """With two decimals as long as they say something; infinite is what could not keep up."""
        if math.isinf(self.ratio):
            return "–"
        return f"{self.ratio:.2f}" if self.ratio < 10 else f"{self.ratio:.0f}"


def flat(
    measure: str, beside: str, name: str, growths: Sequence[float], most: Sequence[float], goal: float
) -> Result:
    """How much memory grew, as parts of what it was, and the most bytes that it was, each by round."""
    return Result(
        measure=measure,
        beside=beside,
        name=name,
        ratio=1 + statistics.median(growths),
        figure=f"{statistics.median(most) / 1e6:.0f} MB",
        goal=1 + goal,
        at_most=True,
    )


def grouped(results: Iterable[Result]) -> Iterator[tuple[str, str, list[Result]]]:
    """Measure, what it is beside, and the results that follow each other under these."""
    for (measure, beside), some in groupby(results, key=lambda result: (result.measure, result.beside)):
        yield measure, beside, list(some)


def summary(results: Sequence[Result], machine: str) -> Table:
    """One table of all, for the terminal."""
    table = Table(title="All side by side", caption=machine)
    for number, column in enumerate(COLUMNS):
        table.add_column(column, justify="right" if column in ("figure", "ratio", "goal") else "left")
        table.columns[number].no_wrap = column in ("figure", "ratio", "goal")
    for measure, beside, some in grouped(results):
        for place, result in enumerate(some):
            colour = {True: "[green]", False: "[red]", None: ""}[result.met]
            table.add_row(
                "" if place else measure,
                result.name,
                result.figure,
                result.ratio_text,
                "" if place else beside,
                result.goal_text,
                f"{colour}{result.verdict}",
                end_section=result is some[-1],
            )
    return table


def markdown(results: Sequence[Result], machine: str) -> str:
    """One table of all, for a README."""
    lines = ["| measured | | figure | ratio | beside | goal | |", "|---|---|--:|--:|---|--:|---|"]
    for measure, beside, some in grouped(results):
        for place, result in enumerate(some):
            cells = ["" if place else measure, result.name, result.figure, result.ratio_text]
            cells += ["" if place else beside, result.goal_text, result.verdict]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", machine, ""])
