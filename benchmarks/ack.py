"""How soon a webhook is answered: the real channel and Sanic, with an agent that takes 2 s for a turn."""

from __future__ import annotations

import statistics

from rich.console import Console

from benchmarks.bots import channel_alone
from benchmarks.load import Latencies, send
from benchmarks.results import Result
from benchmarks.tables import P99_GOAL, latency_table

ROUNDS = 3
STORES = ("sqlite", "memory")


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures each store in turn, every round in a fresh server, and prints a table."""
    table = latency_table("Webhook to 200, the channel alone (agent: 2 s a turn)", goal=True)
    results = []
    for store in STORES:
        found = []
        for number in range(1, rounds + 1):
            async with channel_alone(store) as whatsapp:
                with console.status(f"{store}, round {number}"):
                    latencies = await send(whatsapp, ["oi, tudo bem? 👍"])
            table.add(f"{store}, round {number}", latencies)
            found.append(latencies)
        results.append(_result(store, found))
    console.print(table.rendered())
    return results


def _result(store: str, rounds: list[Latencies]) -> Result:
    p99 = statistics.median(latencies.p99 for latencies in rounds)
    return Result(
        measure="Webhook to 200 at 100 a second, 99th percentile",
        beside=f"the {P99_GOAL:g} ms allowed",
        name=store,
        ratio=p99 / P99_GOAL,
        figure=f"{p99:.1f} ms",
        goal=1.0,
        at_most=True,
        whole=all(latencies.accepted == len(latencies.milliseconds) for latencies in rounds),
    )
