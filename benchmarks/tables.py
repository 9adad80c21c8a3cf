"""The tables that the benchmarks print."""

from __future__ import annotations

from rich.table import Table

from benchmarks.load import PEOPLE, RATE, SECONDS, Latencies

MEDIAN_GOAL = 10.0
P99_GOAL = 50.0


class LatencyTable:
    """One row for each round."""

    def __init__(self, table: Table, goal: bool) -> None:
        self._table = table
        self._goal = goal

    def add(self, name: str, latencies: Latencies) -> None:
        """Adds a round."""
        times = [f"{ms:.1f}" for ms in (latencies.median, latencies.p99, latencies.slowest, latencies.late)]
        sent = len(latencies.milliseconds)
        met = latencies.median < MEDIAN_GOAL and latencies.p99 < P99_GOAL and latencies.accepted == sent
        verdict = ["[green]met" if met else "[red]missed"] if self._goal else []
        self._table.add_row(name, f"{latencies.accepted}/{sent}", *times, *verdict)

    def rendered(self) -> Table:
        """The table, ready to be printed."""
        return self._table


def latency_table(title: str, *, goal: bool) -> LatencyTable:
    """An empty table; with a goal it says for each round whether that was met."""
    load = f"{RATE:g} webhooks a second from {PEOPLE} people for {SECONDS:g} s, sent in an open loop"
    table = Table(title=title, caption=load)
    table.add_column("")
    for column in ("200", "median ms", "99 % ms", "max ms", "sender late ms"):
        table.add_column(column, justify="right")
    if goal:
        table.add_column(f"goal: median < {MEDIAN_GOAL:g}, 99 % < {P99_GOAL:g}")
    return LatencyTable(table, goal)
