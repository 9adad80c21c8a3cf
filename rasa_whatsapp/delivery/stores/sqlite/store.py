"""The default store: one SQLite file in WAL mode.

Every process of the host may take in; exactly one works the rows off, the holder of a lock on the file
beside the database, which the kernel frees when that process dies.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import structlog

from rasa_whatsapp.delivery.pacing import Pacer
from rasa_whatsapp.delivery.rows import Arrival, Contact, Draft
from rasa_whatsapp.delivery.statuses import Statuses
from rasa_whatsapp.delivery.stores.base import REMEMBERED
from rasa_whatsapp.delivery.stores.sqlite.arrivals import keep
from rasa_whatsapp.delivery.stores.sqlite.lane import SQLiteLane
from rasa_whatsapp.delivery.stores.sqlite.loop import SQLiteLoop
from rasa_whatsapp.delivery.stores.sqlite.people import People
from rasa_whatsapp.delivery.stores.sqlite.records import SQLiteRecords
from rasa_whatsapp.delivery.stores.sqlite.thread import SQLiteThread
from rasa_whatsapp.errors import StoreError

logger = structlog.get_logger()

OWNER_CHECK = 0.5
"""Seconds between two tries to become the process that works the rows off."""
NEIGHBOUR_CHECK = 0.2
"""Seconds between two looks whether another process has added rows."""
PURGE_EVERY = 60.0
"""Seconds between two purges of what is older than seven days."""
PURGE_CHUNK = 500
"""Rows purged in one transaction, so that no request waits for a long one."""
PURGE_PAUSE = 0.1
"""Seconds between two such transactions: as long as SQLite naps at most before it tries a lock again, so that
whoever waits meanwhile is served first."""


class SQLiteStore:
    """One file; see ``base.Store``.

    Args:
        path: the database file; made when missing, together with ``-wal``, ``-shm`` and ``.lock`` beside it.
        clock: seconds since 1970.
        guest: this process only puts rows in, for another one to work off; the file must be there.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time, guest: bool = False) -> None:
        self._path = path
        self._guest = guest
        self._clock = clock
        self._loop = SQLiteLoop(path)
        self._thread = SQLiteThread(path)
        self._tasks: list[asyncio.Task[None]] = []
        self._lock: int | None = None
        self.pacer = Pacer()
        self.statuses = Statuses()
        self._owner = False
        self._people = People()
        self.records = SQLiteRecords(self._thread, clock)
        self.turns = SQLiteLane(self._loop, self._thread, "turn")
        self.answers = SQLiteLane(self._loop, self._thread, "answer")

    async def open(self) -> None:
        if self._guest and not self._path.exists():
            raise StoreError(
                f"store: there is no {self._path.absolute()}: the bot has not run yet, or keeps its store "
                "elsewhere; an absolute path in credentials.yml is the same for all."
            )
        await self._loop.open()
        if self._guest:
            return
        try:
            self._lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            await self.records.open()
        except StoreError:
            await self.close()
            raise
        except OSError as error:
            await self.close()
            raise StoreError(f"store: cannot open {self._path}.lock: {error}.") from error
        self._tasks = [asyncio.create_task(self._work_off()), asyncio.create_task(self._purge())]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.records.close()
        await self._loop.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def take_in(self, arrivals: Sequence[Arrival]) -> list[str]:
        return await self._loop.together(self._keep, arrivals, first=True, then=self._taken)

    def _taken(self, conversations: list[str]) -> None:
        if self._owner:
            self.turns.add(conversation for conversation in conversations if conversation)

    def _keep(self, connection: sqlite3.Connection, arrivals: list[Arrival]) -> list[str]:
        return keep(connection, arrivals, self._people, self._clock())

    async def add_answers(self, conversation: str, drafts: Sequence[Draft]) -> None:
        await self.answers.append(conversation, drafts, self._owner)

    async def addressee(self, answer: str) -> str | None:
        found = self._loop.read("SELECT conversation FROM answer WHERE id=?", (answer,))
        return found[0][0] if found else None

    async def contact(self, conversation: str) -> Contact | None:
        query = "SELECT contact FROM conversation WHERE key=? AND contact IS NOT NULL"
        found = self._loop.read(query, (conversation,))
        return msgspec.json.decode(found[0][0], type=Contact) if found else None

    async def owner(self, alias: str) -> str | None:
        found = self._loop.read("SELECT conversation FROM alias WHERE alias=?", (alias,))
        return found[0][0] if found else None

    async def get(self, key: str) -> bytes | None:
        query = "SELECT value FROM shelf WHERE key=? AND expires>?"
        found = self._loop.read(query, (key, self._clock()))
        return bytes(found[0][0]) if found else None

    async def set(self, key: str, value: bytes, ttl: float, owner: str = "") -> None:
        expires = self._clock() + ttl
        await self._loop.run(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO shelf VALUES (?, ?, ?, ?)", (key, value, expires, owner)
            )
        )

    async def _work_off(self) -> None:
        """Becomes the one process that works the rows off, then watches for what its neighbours add."""
        while not self._try_lock():
            await asyncio.sleep(OWNER_CHECK)
        self._owner = True
        version = None
        while True:
            try:
                seen = await self._loop.run(_data_version)
                if seen != version:
                    await self.turns.look()
                    await self.answers.look()
                    version = seen
            except StoreError as error:
                logger.warning("whatsapp.store.unreadable", error=str(error))
            await asyncio.sleep(NEIGHBOUR_CHECK)

    def _try_lock(self) -> bool:
        assert self._lock is not None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            logger.error(
                "whatsapp.store.unlockable",
                file=f"{self._path}.lock",
                error=str(error),
                hint="This file system cannot lock files; put the database on a local disk, or use Redis.",
            )
            return False
        return True

    async def _purge(self) -> None:
        """Forgets what is older than seven days, a little at a time."""
        while True:
            limit = self._clock() - REMEMBERED
            purges = _purge_rows("turn", limit), _purge_rows("answer", limit), _purge_shelf(self._clock())
            for purge in purges:
                try:
                    while await self._thread.write(purge) == PURGE_CHUNK:
                        await asyncio.sleep(PURGE_PAUSE)
                except StoreError as error:
                    logger.warning("whatsapp.store.unpurged", error=str(error))
            await asyncio.sleep(PURGE_EVERY)


def _data_version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version


def _purge_rows(table: str, limit: float) -> Callable[[sqlite3.Connection], int]:
    # Rows lie in order of arrival, so the search for the first young one stops at once when none is old.
    def purge(connection: sqlite3.Connection) -> int:
        return connection.execute(
            f"DELETE FROM {table} WHERE seq IN (SELECT seq FROM {table} WHERE state='done' AND seq < "
            f"coalesce((SELECT seq FROM {table} WHERE at>=? ORDER BY seq LIMIT 1), 9e18) "
            "ORDER BY seq LIMIT ?)",
            (limit, PURGE_CHUNK),
        ).rowcount

    return purge


def _purge_shelf(now: float) -> Callable[[sqlite3.Connection], int]:
    def purge(connection: sqlite3.Connection) -> int:
        return connection.execute(
            "DELETE FROM shelf WHERE key IN (SELECT key FROM shelf WHERE expires<? LIMIT ?)",
            (now, PURGE_CHUNK),
        ).rowcount

    return purge
