"""How long a turn of the bot takes, and what it does meanwhile: the same for everything that is measured."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """A turn that waits for somebody else, or one that keeps the processor busy.

    Attributes:
        seconds: how long, of the clock or of the processor.
        computes: whether it takes the processor, as Rasa's own predictions do, in the loop that serves.
    """

    seconds: float
    computes: bool = False

    @classmethod
    def read(cls, written: str) -> Turn:
        """What ``str`` of a turn has written."""
        kind, seconds = written.split(":")
        return cls(float(seconds), kind == "computes")

    def __str__(self) -> str:
        return f"{'computes' if self.computes else 'awaits'}:{self.seconds:g}"

    async def take(self) -> None:
        """One turn in an event loop."""
        if self.computes:
            self._compute()
        else:
            await asyncio.sleep(self.seconds)

    def block(self) -> None:
        """One turn in a thread of its own."""
        if self.computes:
            self._compute()
        else:
            time.sleep(self.seconds)

    def _compute(self) -> None:
        until = time.thread_time() + self.seconds
        while time.thread_time() < until:
            pass
