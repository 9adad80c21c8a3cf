"""How soon a webhook is answered while the sample bot on `rasa run` is working, without a goal."""

from __future__ import annotations

import statistics

from rich.console import Console

from benchmarks.bots import sample_bot
from benchmarks.load import send
from benchmarks.results import Result
from benchmarks.tables import P99_GOAL, latency_table

ROUNDS = 3


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures every round in a fresh server and prints a table."""
    table = latency_table("Webhook to 200, the sample bot on `rasa run` (sqlite)", goal=False)
    found = []
    for number in range(1, rounds + 1):
        with console.status(f"round {number}"):
            async with sample_bot() as (whatsapp, _):
                latencies = await send(whatsapp, ["pileta", "tenis", "sum", "gimnasio", "quincho"])
        table.add(f"round {number}", latencies)
        found.append(latencies.p99)
    console.print(table.rendered())
    p99 = statistics.median(found)
    return [
        Result(
            measure="Webhook to 200 while the sample bot works, 99th percentile",
            beside=f"the {P99_GOAL:g} ms allowed to the channel alone",
            name="sqlite",
            ratio=p99 / P99_GOAL,
            figure=f"{p99:.1f} ms",
            at_most=True,
        )
    ]
