"""One chart of all that has a goal: horizontal bars of ratios with the goals marked, as plain SVG.

What stands beside something with a goal is drawn as well; what is only shown the tables have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.results.result import Result, grouped

WIDTH = 980
MARGIN = 20
BAR_FROM, BAR_TO = 270, 630
LEAST_SCALE, MOST_SCALE = 1.5, 6.0
"""Each measure has a scale of its own, between these as long as its longest bar; more is cut off."""
ROW, BAR, HEADING = 22, 14, 40

# It stands on its own ground in either scheme, whatever page it is shown on.
STYLE = """
svg { --ground: #ffffff; --text: #1f2328; --dim: #59636e; --line: #d1d9e0;
      --met: #1a7f5a; --missed: #c4432b; --shown: #8c96a0; --goal: #1f2328 }
@media (prefers-color-scheme: dark) {
  svg { --ground: #0d1117; --text: #f0f6fc; --dim: #9198a1; --line: #3d444d;
        --met: #2ea07a; --missed: #e5694f; --shown: #6e7781; --goal: #f0f6fc }
}
text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: var(--text) }
.ground { fill: var(--ground) } .dim { fill: var(--dim) } .heading { font-weight: 600 }
.right { text-anchor: end } .number { font-variant-numeric: tabular-nums }
.met { fill: var(--met) } .missed { fill: var(--missed) } .shown { fill: var(--shown) }
.one { stroke: var(--line) } .goal { stroke: var(--goal); stroke-width: 2 }
"""


def chart(results: Sequence[Result], title: str, machine: str) -> str:
    """The text of an SVG file."""
    parts: list[str] = []
    y = MARGIN + 16
    parts.append(_text(MARGIN, y, title, "heading"))
    parts.extend(_legend(y))
    y += 12
    for measure, beside, some in grouped(results):
        if all(result.goal is None for result in some):
            continue
        parts.append(_text(MARGIN, y + HEADING - 16, f"{measure}, beside {beside}", "heading"))
        better = "shorter is better" if some[0].at_most else "longer is better"
        parts.append(_text(WIDTH - MARGIN, y + HEADING - 16, better, "dim right"))
        y += HEADING
        scale = _scale(some)
        parts.append(_line("one", _x(1.0, scale), y - 6, y + ROW * len(some) - 6))
        for result in some:
            parts.extend(_row(result, y, scale))
            y += ROW
    y += MARGIN + 4
    parts.append(_text(MARGIN, y, machine, "dim"))
    height = y + MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}" rx="8"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _legend(y: int) -> Iterator[str]:
    x = BAR_TO - 62
    for kind, word, width in (("met", "goal met", 82), ("missed", "missed", 72), ("shown", "no goal", 76)):
        yield f'<rect class="{kind}" x="{x}" y="{y - 10}" width="10" height="10" rx="2"/>'
        yield _text(x + 15, y, word, "dim")
        x += width
    yield _line("goal", x + 2, y - 12, y + 2)
    yield _text(x + 9, y, "goal", "dim")
    yield _line("one", x + 49, y - 12, y + 2)
    yield _text(x + 56, y, "ratio 1", "dim")


def _row(result: Result, y: int, scale: float) -> Iterator[str]:
    kind = result.verdict or "shown"
    baseline = y + 6
    yield _text(BAR_FROM - 10, baseline, result.name, "right")
    end = _x(result.ratio, scale)
    yield (
        f'<rect class="{kind}" x="{BAR_FROM}" y="{baseline - BAR + 2}" '
        f'width="{max(1.0, end - BAR_FROM):.1f}" height="{BAR}" rx="2"/>'
    )
    if result.ratio > scale:
        middle = baseline - BAR / 2 + 2
        yield f'<path class="{kind}" d="M{BAR_TO} {middle - 7} l8 7 l-8 7 z"/>'
    if result.goal is not None:
        yield _line("goal", _x(result.goal, scale), baseline - BAR, baseline + 4)
    yield _text(BAR_TO + 55, baseline, result.ratio_text, "number right")
    goal = f"goal {result.goal_text}, {result.verdict}" if result.goal is not None else ""
    yield _text(BAR_TO + 70, baseline, " · ".join(filter(None, (result.figure, goal))), "dim number")


def _scale(results: list[Result]) -> float:
    """The ratio at the right end of the bars."""
    longest = max(max(result.ratio, result.goal or 0.0) for result in results)
    return min(max(longest, LEAST_SCALE), MOST_SCALE)


def _x(ratio: float, scale: float) -> float:
    return BAR_FROM + (BAR_TO - BAR_FROM) * min(ratio, scale) / scale


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words.replace(chr(96), ""))}</text>'


def _line(kind: str, x: float, top: float, bottom: float) -> str:
    return f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{top:g}" y2="{bottom:g}"/>'
