"""Webhooks at a fixed rate, whatever the server does (an open loop), and how long each answer takes."""

from __future__ import annotations

import asyncio
import gc
import math
import resource
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.load.connections import Connections

SECONDS = 4.0
PATIENCE = 5.0
"""Seconds after the last webhook in which answers still count."""
CONNECTIONS = 8_000
"""More than can be open at the same time."""
GROWING = 0.05
"""By how many seconds more each second's webhooks may wait: a server that takes 95 of 100 grows so."""


@dataclass(frozen=True)
class Load:
    """What became of the webhooks.

    Attributes:
        rate: how many were posted a second.
        milliseconds: how long each was waited for, in the order in which they were due; infinite for one that
            was not answered 200.
        taken: how many were answered a second, until the last answer.
        late: by how much the sender itself missed its times, 99th percentile in milliseconds: with a busy
            machine it is the sender that is slow, and a large value says little about the server.
    """

    rate: float
    milliseconds: Sequence[float]
    taken: float
    late: float

    @property
    def median(self) -> float:
        """Half of the answers came sooner."""
        return statistics.median_low(self.milliseconds)

    @property
    def p99(self) -> float:
        """99 of 100 answers came sooner."""
        return _p99(self.milliseconds)

    @property
    def kept_up(self) -> bool:
        """Whether all were taken, and those at the end as soon as those in the second quarter of the time."""
        quarter, seconds = len(self.milliseconds) // 4, len(self.milliseconds) / self.rate
        early, late = self.milliseconds[quarter : 2 * quarter], self.milliseconds[-quarter:]
        growth = statistics.median_low(late) - statistics.median_low(early)
        return math.isfinite(max(self.milliseconds)) and growth < GROWING * 1000 * seconds / 2


async def load(port: int, requests: Sequence[bytes], rate: float) -> Load:
    """Posts requests at a rate over as many connections as it takes; each stays open for the next one.

    Each wait counts from the moment at which its webhook was due, so that a server which holds the sender up
    cannot hide it.
    """
    connections = Connections(port)
    waits, lateness = [math.inf] * len(requests), [0.0] * len(requests)
    start = time.perf_counter() + 0.1

    async def one(number: int, request: bytes) -> None:
        due = start + number / rate
        lateness[number] = (time.perf_counter() - due) * 1000
        with suppress(OSError, EOFError):
            if await connections.post(request) == 200:
                waits[number] = (time.perf_counter() - due) * 1000

    posts = []
    gc.collect()
    gc.disable()
    try:
        for number, request in enumerate(requests):
            if (ahead := start + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            posts.append(asyncio.ensure_future(one(number, request)))
        await asyncio.wait(posts, timeout=PATIENCE)
        ended = time.perf_counter()
    finally:
        gc.enable()
        for each in posts:
            each.cancel()
        await asyncio.gather(*posts, return_exceptions=True)
        connections.close()
    return Load(rate, waits, sum(map(math.isfinite, waits)) / (ended - start), _p99(lateness))


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


def allow_connections() -> None:
    """Lets this process, and the servers that it starts afterwards, have enough of them open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < CONNECTIONS:
        most = CONNECTIONS if hard == resource.RLIM_INFINITY else min(CONNECTIONS, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
