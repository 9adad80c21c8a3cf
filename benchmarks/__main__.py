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
    """Runs one benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, benchmark in BENCHMARKS.items():
        command = commands.add_parser(name, help=(benchmark.__doc__ or "").splitlines()[0])
        command.add_argument("--rounds", type=int, default=benchmark.ROUNDS, help="how often (%(default)s)")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(BENCHMARKS[chosen.command].run(chosen.rounds, Console()))


main()
