"""What the benchmarks found is shown as it is: met, missed, or only shown."""

from __future__ import annotations

import io
import math
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from rich.console import Console

from benchmarks.results.chart import BAR_FROM, BAR_TO, MOST_SCALE, chart
from benchmarks.results.result import Result, markdown, summary

SVG = "{http://www.w3.org/2000/svg}"


def result(**given: Any) -> Result:
    known = {"measure": "Webhooks kept", "beside": "a bare handler", "name": "sqlite", "ratio": 0.7}
    return Result(**{**known, "figure": "2340 a second", **given})


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"ratio": 0.65, "goal": 0.65}, "met"),
        ({"ratio": 0.64, "goal": 0.65}, "missed"),
        ({"ratio": 1.2, "goal": 1.2, "at_most": True}, "met"),
        ({"ratio": 1.21, "goal": 1.2, "at_most": True}, "missed"),
        ({"ratio": 0.9, "goal": 0.65, "whole": False}, "missed"),
        ({"ratio": 0.1}, ""),
    ],
)
def test_a_goal_is_met_from_its_own_side_and_never_by_half_the_work(
    given: dict[str, Any], verdict: str
) -> None:
    """Rates should reach a goal, times stay within one, and what lost an answer has missed it."""
    assert result(**given).verdict == verdict


def test_a_measure_is_named_once_above_all_that_was_measured_this_way() -> None:
    """A reader sees which figures belong together, in the README and in the terminal."""
    results = [result(name="memory", goal=0.6), result(), result(measure="Sent", ratio=151.4)]

    lines = markdown(results, "2 cores").splitlines()

    assert lines[2:5] == [
        "| Webhooks kept | memory | 2340 a second | 0.70 | a bare handler | ≥ 0.60 | met |",
        "|  | sqlite | 2340 a second | 0.70 |  |  |  |",
        "| Sent | sqlite | 2340 a second | 151 | a bare handler |  |  |",
    ]
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(summary(results, "2 cores"))
    assert console.export_text().count("Webhooks kept") == 1


def test_the_chart_draws_each_ratio_with_its_goal_and_cuts_what_is_too_long() -> None:
    """A peer that takes for ever neither squeezes the others nor leaves the picture; no goal, no bar."""
    results = [result(ratio=1.0, goal=0.5), result(name="a & b <c>", ratio=math.inf)]
    results.append(result(measure="Nobody's goal"))

    root = ElementTree.fromstring(chart(results, "Side by side", "2 cores"))

    bars = [bar for bar in root.iter(f"{SVG}rect") if bar.get("x") == str(BAR_FROM)]
    assert [bar.get("class") for bar in bars] == ["met", "shown"]
    one, most = (float(bar.get("width", 0)) for bar in bars)
    assert most == BAR_TO - BAR_FROM
    assert one == most / MOST_SCALE
    goal = [line for line in root.iter(f"{SVG}line") if line.get("class") == "goal"][-1]
    assert float(goal.get("x1", 0)) == BAR_FROM + one / 2
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "a & b <c>" in texts
    assert "2340 a second · goal ≥ 0.50, met" in texts
