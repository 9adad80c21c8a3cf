"""How soon a webhook is answered: the real channel and Sanic, with an agent that takes 2 s for a turn."""

from __future__ import annotations

from rich.console import Console

from benchmarks.bots import channel_alone
from benchmarks.load import send
from benchmarks.tables import latency_table

ROUNDS = 3
STORES = ("sqlite", "memory")


async def run(rounds: int, console: Console) -> None:
    """Measures each store in turn, every round in a fresh server, and prints a table."""
    table = latency_table("Webhook to 200, the channel alone (agent: 2 s a turn)", goal=True)
    for store in STORES:
        for number in range(1, rounds + 1):
            async with channel_alone(store) as whatsapp:
                with console.status(f"{store}, round {number}"):
                    latencies = await send(whatsapp, ["oi, tudo bem? 👍"])
            table.add(f"{store}, round {number}", latencies)
    console.print(table.rendered())
