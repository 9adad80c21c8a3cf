"""The simulator's clock: real time that can be moved ahead.

A 24-hour window, a media id of seven days or a retry after a minute can be lived through at once:
``clock.advance(hours=25)`` moves the time and wakes everyone whose time has come.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta


class Clock:
    """Time for everything the simulator does."""

    def __init__(self) -> None:
        self.ahead = 0.0
        """Seconds by which it was moved."""
        self._moved: set[asyncio.Event] = set()
        self.listeners: list[Callable[[], None]] = []
        """Called whenever it was moved."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.ahead

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has moved on by so many seconds, by itself or by ``advance``."""
        wake_at = self.now() + seconds
        moved = asyncio.Event()
        self._moved.add(moved)
        try:
            while (left := wake_at - self.now()) > 0:
                moved.clear()
                try:
                    await asyncio.wait_for(moved.wait(), left)
                except asyncio.TimeoutError:
                    continue
        finally:
            self._moved.discard(moved)

    def advance(self, *, hours: float = 0, seconds: float = 0) -> None:
        """Move the time ahead by hours and seconds."""
        self.ahead += timedelta(hours=hours, seconds=seconds).total_seconds()
        for moved in self._moved:
            moved.set()
        for listener in list(self.listeners):
            listener()
