"""How soon a webhook is answered while the sample bot on `rasa run` is working, without a goal."""

from __future__ import annotations

from rich.console import Console

from benchmarks.bots import sample_bot
from benchmarks.load import send
from benchmarks.tables import latency_table

ROUNDS = 3


async def run(rounds: int, console: Console) -> None:
    """Measures every round in a fresh server and prints a table."""
    table = latency_table("Webhook to 200, the sample bot on `rasa run` (sqlite)", goal=False)
    for number in range(1, rounds + 1):
        with console.status(f"round {number}"):
            async with sample_bot() as (whatsapp, _):
                latencies = await send(whatsapp, ["pileta", "tenis", "sum", "gimnasio", "quincho"])
        table.add(f"round {number}", latencies)
    console.print(table.rendered())
