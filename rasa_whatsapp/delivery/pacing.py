"""Not faster than WhatsApp allows, for one recipient and for one of our numbers.

Source: Meta, Cloud API, Throughput and Pair rate limits: one message per 6 seconds to the same person, with
a burst of 45 that is paid back afterwards; 80 messages a second per number by default.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Protocol

PAIR_INTERVAL = 6.0
PAIR_BURST = 45
AHEAD = 1.0
"""Seconds ahead for which a number's sending times are reserved. What a process has reserved may outlive it:
so long nothing leaves after a restart, however much waits."""


class Pace(Protocol):
    """When the next message may leave."""

    async def reserve(self, number: str, to: str, throughput: float) -> float | None:
        """Reserves the next sending time to this recipient and returns the seconds until then.

        Returns:
            None when the number's times are reserved for ``AHEAD`` seconds: nothing is reserved then.
        """


class Pacer:
    """Hands out sending times (the generic cell rate algorithm; one number per recipient is all it keeps)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}

    async def reserve(self, number: str, to: str, throughput: float) -> float | None:
        """Reserves the next sending time, see ``Pace.reserve``."""
        now = self._clock()
        if len(self._free_at) > 10_000:
            self._free_at = {key: at for key, at in self._free_at.items() if at > now}
        pair = f"{number}>{to}"
        whole_wait = self._wait(number, now, 1 / throughput, burst(throughput))
        if whole_wait > AHEAD:
            return None
        pair_wait = self._wait(pair, now, PAIR_INTERVAL, PAIR_BURST)
        self._take(number, now, 1 / throughput)
        self._take(pair, now, PAIR_INTERVAL)
        return max(pair_wait, whole_wait)

    def _wait(self, key: str, now: float, interval: float, burst: int) -> float:
        return max(0.0, self._free_at.get(key, now) - (burst - 1) * interval - now)

    def _take(self, key: str, now: float, interval: float) -> None:
        self._free_at[key] = max(self._free_at.get(key, now), now) + interval


class Line:
    """Those who found no sending time: in order of coming, and one at a time for each number, they ask again.

    Args:
        pace: hands out sending times.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._fronts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def ask(self, number: str, to: str, throughput: float) -> float | None:
        """As ``Pace.reserve``; None also while others stand in line for this number, without asking."""
        return None if self._fronts[number].locked() else await self._pace.reserve(number, to, throughput)

    async def stand(self, number: str, to: str, throughput: float) -> float:
        """Stands in line until a sending time is reserved, and returns the seconds until then."""
        async with self._fronts[number]:
            while (wait := await self._pace.reserve(number, to, throughput)) is None:
                # Not for each single time that becomes free; and not in step with other processes, so that
                # each gets its share.
                await asyncio.sleep(AHEAD * random.uniform(0.25, 0.5))
        return wait


def burst(throughput: float) -> int:
    """How many messages may leave at once: a tenth of a second's worth; the rest is spread evenly."""
    return max(1, int(throughput / 10))


class Unpaced:
    """No pacing, for tests: everything leaves at once."""

    async def reserve(self, number: str, to: str, throughput: float) -> float | None:
        return 0.0
