"""Measures side by side, prints one table of all ratios, and draws those with goals as one chart."""

from __future__ import annotations

import argparse
import asyncio
import logging
import time
from pathlib import Path

import structlog
import uvloop
from rich.console import Console

from benchmarks.measures import (
    ack,
    burst,
    chat,
    depth,
    flows,
    footprint,
    memory,
    parse,
    rasa,
    remembered,
    sends,
    store,
    workers,
)
from benchmarks.results.chart import chart
from benchmarks.results.machine import machine
from benchmarks.results.result import Result, markdown, summary

BENCHMARKS = {
    "ack": ack,
    "burst": burst,
    "rasa": rasa,
    "store": store,
    "remembered": remembered,
    "depth": depth,
    "workers": workers,
    "flows": flows,
    "memory": memory,
    "footprint": footprint,
    "sends": sends,
    "parse": parse,
    "chat": chat,
}


def main() -> None:
    """Runs the named benchmarks, or all, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"by default all: {', '.join(BENCHMARKS)}")
    parser.add_argument("--rounds", type=int, help="how often; by default as often as each needs")
    parser.add_argument(
        "--quick", action="store_true", help="one round, and less of what takes long, to try it"
    )
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draws what has a goal as one chart")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="writes the table of all ratios")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    uvloop.install()  # for the load, the clients and what stands for Meta, as Sanic does for the servers
    console, where = Console(), machine()
    results: list[Result] = []
    try:
        for name in chosen.names or BENCHMARKS:
            benchmark, began = BENCHMARKS[name], time.monotonic()
            rounds = 1 if chosen.quick else chosen.rounds or benchmark.ROUNDS
            if chosen.quick:
                vars(benchmark).update(getattr(benchmark, "QUICK", {}))
            results += asyncio.run(benchmark.run(rounds, console))
            console.print(f"[dim]{name}: {time.monotonic() - began:.0f} s")
    finally:  # what was measured is shown, though a later one failed
        if results:
            console.print(summary(results, where))
            if chosen.svg:
                chosen.svg.write_text(chart(results, "rasa_whatsapp, side by side", where), encoding="utf-8")
            if chosen.markdown:
                chosen.markdown.write_text(markdown(results, where), encoding="utf-8")


if __name__ == "__main__":
    main()
