"""The command line of the benchmarks."""

from __future__ import annotations

import argparse
import asyncio
import logging

import structlog
from rich.console import Console

from benchmarks import ack, burst, flows, memory, rasa, sends, store

BENCHMARKS = {
    "ack": ack,
    "burst": burst,
    "rasa": rasa,
    "store": store,
    "flows": flows,
    "memory": memory,
    "sends": sends,
}


def main() -> None:
    """Runs one benchmark, or one after the other all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=BENCHMARKS, help="by default all, one after the other")
    parser.add_argument("--rounds", type=int, help="how often; by default as often as each needs")
    parser.add_argument("--quick", action="store_true", help="one round, to try it")
    parser.add_argument("--svg", help="a file into which the tables are drawn as well")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console = Console(record=bool(chosen.svg))
    for name, benchmark in BENCHMARKS.items():
        if chosen.name in (None, name):
            rounds = 1 if chosen.quick else chosen.rounds or benchmark.ROUNDS
            asyncio.run(benchmark.run(rounds, console))
    if chosen.svg:
        console.save_svg(chosen.svg, title="rasa_whatsapp, side by side")


main()
