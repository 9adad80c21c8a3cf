"""Letting turns begin no faster than the event loop can bear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT = 0.002
"""Seconds that each look at the loop takes."""
LAG = 0.02
"""Seconds by which the loop may be late before it counts as busy."""


class Admission:
    """Admits turns one by one, and the next one only while the loop is not late.

    Rasa predicts synchronously, in the loop that also answers Meta: sixteen turns that all predict at once
    would keep a request waiting for as long as all of them take. Turns that wait (for an action server, a
    language model, a database) do not make the loop late, so they run side by side.
    """

    def __init__(self) -> None:
        self._inside = 0
        self._door = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits until one more turn may begin, and counts it until it ends."""
        async with self._door:
            while self._inside and await _lag() > LAG:
                pass
            self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1


async def _lag() -> float:
    """How late the loop is."""
    loop = asyncio.get_running_loop()
    before = loop.time()
    await asyncio.sleep(BEAT)
    return loop.time() - before - BEAT
