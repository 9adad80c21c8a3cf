"""Carrying what was written over from SQLite's log into its file, ahead of who writes.

SQLite does so by itself, within the commit that makes the log 1000 pages long: all who write at that moment
would wait for as many pages, which lie all over a file that remembers many ids. Where most are there by then,
that commit has little to do. It stays: as nobody writes meanwhile, the log begins anew after it.
"""

from __future__ import annotations

import sqlite3

import structlog

from rasa_whatsapp.delivery.stores.sqlite.helper import Helper

logger = structlog.get_logger()

EVERY = 150
"""Changed rows after which the log is carried over: some 450 pages, for a row stands in three places. Who
writes meanwhile should not come to the 1000."""


class Checkpoints:
    """Carries the log over in a thread of its own; made inside the running loop.

    Args:
        connection: to the file; nobody else uses it, and it is closed here.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._helper = Helper("whatsapp-sqlite-log")
        self._under_way = False
        self._seen = 0

    def written(self, changes: int) -> None:
        """Says how many rows have been changed since the beginning; begins to carry over when it is time."""
        # SQLite counts in 32 bits, and begins anew with the least of them.
        if not 0 <= changes - self._seen < EVERY and not self._under_way:
            self._seen, self._under_way = changes, True
            self._helper.do(self._carry_over, self._carried_over)

    async def close(self) -> None:
        """Lets what is under way finish."""
        closing = self._helper.call(self._connection.close)
        self._helper.dismiss()
        await closing

    def _carry_over(self) -> None:
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _carried_over(self, _: None, problem: BaseException | None) -> None:
        self._under_way = False
        if problem is not None:
            # Nothing is lost: it stays in the log, and who writes carries it over.
            logger.warning("whatsapp.store.log_not_carried_over", error=str(problem))
