"""Not faster than WhatsApp allows, for one recipient and for one of our numbers.

Source: Meta, Cloud API, Throughput and Pair rate limits: one message per 6 seconds to the same person, with
a burst of 45 that is paid back afterwards; 80 messages a second per number by default.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

PAIR_INTERVAL = 6.0
PAIR_BURST = 45


class Pace(Protocol):
    """When the next message may leave."""

    async def reserve(self, number: str, to: str, throughput: float) -> float:
        """Reserves the next sending time to this recipient and returns the seconds until then."""


class Pacer:
    """Hands out sending times (the generic cell rate algorithm; one number per recipient is all it keeps)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}

    async def reserve(self, number: str, to: str, throughput: float) -> float:
        """Reserves the next sending time to this recipient and returns the seconds until then."""
        now = self._clock()
        if len(self._free_at) > 10_000:
            self._free_at = {key: at for key, at in self._free_at.items() if at > now}
        pair = self._wait(f"{number}>{to}", now, PAIR_INTERVAL, PAIR_BURST)
        whole = self._wait(number, now, 1 / throughput, burst(throughput))
        return max(pair, whole)

    def _wait(self, key: str, now: float, interval: float, burst: int) -> float:
        free_at = max(self._free_at.get(key, now), now)
        self._free_at[key] = free_at + interval
        return max(0.0, free_at - (burst - 1) * interval - now)


def burst(throughput: float) -> int:
    """How many messages may leave at once: a tenth of a second's worth; the rest is spread evenly."""
    return max(1, int(throughput / 10))


class Unpaced:
    """No pacing, for tests: everything leaves at once."""

    async def reserve(self, number: str, to: str, throughput: float) -> float:
        return 0.0
