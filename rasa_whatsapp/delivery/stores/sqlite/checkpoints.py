"""Carrying what was written over from SQLite's log into its file, ahead of who writes.

SQLite does so by itself, within the commit that makes the log 1000 pages long: all who write at that moment
would wait for as many pages, which lie all over a file that remembers many ids. Where most are there by then,
that commit has little to do. It stays: as nobody writes meanwhile, the log begins anew after it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

logger = structlog.get_logger()

EVERY = 150
"""Changed rows after which the log is carried over. They are some 450 pages, for a row stands in three places;
who writes meanwhile should not come to the 1000."""


class Checkpoints:
    """Carries the log over in a thread of its own.

    Args:
        connection: to the file; nobody else uses it, and it is closed here.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._executor = ThreadPoolExecutor(1, "whatsapp-sqlite-log")
        self._last: Future[None] | None = None
        self._seen = 0

    def written(self, changes: int) -> None:
        """Says how many rows have been changed since the beginning; begins to carry over when it is time."""
        if changes - self._seen >= EVERY and (self._last is None or self._last.done()):
            self._seen = changes
            self._last = self._executor.submit(self._carry_over)

    async def close(self) -> None:
        """Lets what is under way finish."""
        closing = asyncio.get_running_loop().run_in_executor(self._executor, self._connection.close)
        self._executor.shutdown(wait=False)
        await closing

    def _carry_over(self) -> None:
        try:
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error as error:
            # Nothing is lost: it stays in the log, and who writes carries it over.
            logger.warning("whatsapp.store.log_not_carried_over", error=str(error))
