"""Since when a row has been turned away again and again."""

from __future__ import annotations

import time
from collections.abc import Callable

FORGOTTEN = 3
"""After so many times the patience nothing is known of a row: another worker has it by then, or nobody."""

EARLY = 0.01
"""Seconds by which a wait may end early: the event loop that Sanic uses (uvloop) counts in milliseconds."""


class Patience:
    """How long it is still worth trying.

    It is measured from the first try that was turned away, not from when the row came: what waited through
    an outage of its own process has not been tried yet. This is kept in memory, so a restart begins anew.

    Args:
        clock: seconds; by the clock that waiting goes by, who waited for so long has waited for so long.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[str, float] = {}

    def is_over(self, id: str, seconds: float) -> bool:
        """The row was turned away; says whether that has gone on for so many seconds."""
        now = self._clock()
        since = self._since.setdefault(id, now)
        while self._since and next(iter(self._since.values())) < now - FORGOTTEN * seconds:
            del self._since[next(iter(self._since))]
        return now - since >= seconds - EARLY

    def end(self, id: str) -> None:
        """The row is no longer turned away: it has happened, failed otherwise, or was given up."""
        self._since.pop(id, None)
