"""The rows of the SQLite store as people see and mend them."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import structlog

from rasa_whatsapp.delivery.rows import Depth, Forgotten, Record
from rasa_whatsapp.delivery.stores.base import LANES
from rasa_whatsapp.delivery.stores.erasure import answers_to, called, owns, tells_of
from rasa_whatsapp.delivery.stores.sqlite.connection import BUSY_SECONDS
from rasa_whatsapp.delivery.stores.sqlite.schema import OPEN
from rasa_whatsapp.delivery.stores.sqlite.thread import SQLiteThread

logger = structlog.get_logger()

LOG_NAP = 0.02
"""Seconds before a log that another one carries over is tried again."""

_COLUMNS = "id, conversation, state, attempts, at, reason, receipt"


class SQLiteRecords:
    """See ``base.Records``.

    It writes by another connection than the bot, in the bot's process too: who works the rows off watches for
    what other connections write, and so hears of rows that are tried again.

    Args:
        thread: opened and closed here.
        clock: seconds since 1970.
    """

    def __init__(self, thread: SQLiteThread, clock: Callable[[], float] = time.time) -> None:
        self._thread = thread
        self._clock = clock

    async def open(self) -> None:
        await self._thread.open()

    async def close(self) -> None:
        await self._thread.close()

    async def rows(self, lane: str, state: str, limit: int) -> list[Record]:
        # The condition lets SQLite use the index of open rows.
        where = f"state=? AND {OPEN}" if state in ("waiting", "running") else f"state='{state}' AND state=?"
        query = f"SELECT {_COLUMNS} FROM {lane} WHERE {where} ORDER BY seq DESC LIMIT ?"
        found = await self._thread.read(
            lambda connection: connection.execute(query, (state, limit)).fetchall()
        )
        return [_record(lane, row) for row in found]

    async def find(self, id: str) -> list[Record]:
        def find(connection: sqlite3.Connection) -> list[Record]:
            return [
                _record(lane, row)
                for lane in LANES
                for row in connection.execute(f"SELECT {_COLUMNS}, body FROM {lane} WHERE id=?", (id,))
            ]

        return await self._thread.read(find)

    async def depth(self, lane: str) -> Depth:
        query = f"SELECT count(*), min(at) FROM {lane} WHERE {OPEN}"
        return Depth(*await self._thread.read(lambda connection: connection.execute(query).fetchone()))

    async def retry(self, lane: str, id: str) -> bool:
        now = self._clock()

        def retry(connection: sqlite3.Connection) -> bool:
            query = f"SELECT conversation, body FROM {lane} WHERE id=? AND state='dead'"
            letter = connection.execute(query, (id,)).fetchone()
            if letter is None:
                return False
            # A new row comes behind all others, and is noticed by whoever works them off.
            connection.execute(f"DELETE FROM {lane} WHERE id=?", (id,))
            connection.execute(
                f"INSERT INTO {lane} (id, conversation, at, body, retried) VALUES (?, ?, ?, ?, 1)",
                (id, letter[0], now, letter[1]),
            )
            return True

        return await self._thread.write(retry)

    async def settle(self, id: str) -> bool:
        query = "UPDATE answer SET state='done', body=x'', reason='' WHERE id=? AND state='dead'"
        return await self._thread.write(lambda connection: connection.execute(query, (id,)).rowcount) > 0

    async def purge(self, lane: str, state: str, before: float) -> int:
        query = f"DELETE FROM {lane} WHERE state='{state}' AND at<?"
        return await self._thread.write(lambda connection: connection.execute(query, (before,)).rowcount)

    async def forget(self, name: str) -> Forgotten:
        erased = await self._thread.write(lambda connection: _forget(connection, name))
        await asyncio.to_thread(_empty_log, self._thread.path)
        return erased


def _record(lane: str, row: tuple[Any, ...]) -> Record:
    id, conversation, state, attempts, at, reason, receipt, *body = row
    return Record(
        lane=lane,
        id=id,
        conversation=conversation,
        state=state,
        attempts=attempts,
        at=at,
        reason=reason,
        receipt=receipt,
        body=body[0] if body else b"",
    )


def _empty_log(path: Path) -> None:
    """Takes what was erased out of the log beside the file, where it would stay until overwritten."""
    patience = time.monotonic() + BUSY_SECONDS
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() >= patience:
                hint = "What was erased stays in it until others take its place, or the bot stops."
                logger.warning("whatsapp.store.log_kept", file=f"{path}-wal", hint=hint)
                return
            # For another one who carries the log over at this moment, SQLite itself does not wait.
            time.sleep(LOG_NAP)


def _forget(connection: sqlite3.Connection, name: str) -> Forgotten:
    conversations = _conversations(connection, name)

    def delete(table: str, column: str, values: Collection[str]) -> int:
        query = f"DELETE FROM {table} WHERE {column}=?"
        return sum(connection.execute(query, (value,)).rowcount for value in values)

    def each(query: str) -> list[str]:
        rows = (connection.execute(query, (conversation,)) for conversation in conversations)
        return [value for found in rows for (value,) in found]

    running = [each(f"SELECT id FROM {lane} WHERE conversation=? AND state='running'") for lane in LANES]
    names = [name, *each("SELECT alias FROM alias WHERE conversation=?")]
    owners = [owner for (owner,) in connection.execute("SELECT DISTINCT owner FROM shelf")]
    erased = Forgotten(
        conversations=tuple(conversations),
        names=delete("alias", "conversation", conversations),
        turns=delete("turn", "conversation", conversations),
        answers=delete("answer", "conversation", conversations),
        values=delete("shelf", "owner", [owner for owner in owners if owns(owner, names, conversations)]),
        running=sum(map(len, running)),
    )
    delete("conversation", "key", conversations)
    return erased


def _conversations(connection: sqlite3.Connection, name: str) -> list[str]:
    connection.create_function("answers_to", 2, answers_to, deterministic=True)
    owners = "SELECT conversation FROM alias WHERE answers_to(alias, :name)"
    theirs = connection.execute(f"SELECT alias FROM alias WHERE conversation IN ({owners})", {"name": name})
    names = [alias for (alias,) in theirs]
    connection.create_function(
        "theirs", 1, lambda key: called(key, name) or tells_of(key, names), deterministic=True
    )
    query = (
        f"{owners} UNION "
        "SELECT key FROM (SELECT key FROM conversation UNION SELECT conversation FROM turn "
        "UNION SELECT conversation FROM answer) "
        "WHERE theirs(key) AND key NOT IN (SELECT conversation FROM alias)"
    )
    return [row[0] for row in connection.execute(query, {"name": name})]
