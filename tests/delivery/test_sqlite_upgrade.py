"""A file that an earlier version made is used on, with all that is in it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from rasa_whatsapp.delivery.stores import SQLiteStore

BEFORE_FAILURES = """
CREATE TABLE {lane} (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    reason TEXT NOT NULL DEFAULT '', receipt TEXT NOT NULL DEFAULT '', body BLOB NOT NULL,
    retried INTEGER NOT NULL DEFAULT 0);
"""
"""A lane's table, before failures were counted apart from attempts."""


async def test_a_file_without_failures_is_used_on(tmp_path: Path) -> None:
    """By several processes that find it at once; its rows have not failed, as far as anybody knows."""
    path = tmp_path / "whatsapp.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("".join(BEFORE_FAILURES.format(lane=lane) for lane in ("turn", "answer")))
        connection.execute(
            "INSERT INTO turn (id, conversation, at, body, attempts, state) "
            "VALUES ('a', '1', 1.0, x'7b7d', 4, 'running'), ('b', '2', 1.0, x'7b7d', 3, 'waiting')"
        )
        connection.commit()
    stores = [SQLiteStore(path) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    try:
        claims = [asyncio.ensure_future(store.turns.claim()) for store in stores]
        [first], _ = await asyncio.wait(claims, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        owner = stores[claims.index(first)]
        found = [await owner.turns.advance(conversation) for conversation in "12"]
        assert [row and (row.id, row.attempts, row.interrupted, row.failures) for row in found] == [
            ("a", 5, True, 1),
            ("b", 4, False, 0),
        ]
    finally:
        for claim in claims:
            claim.cancel()
        await asyncio.gather(*(store.close() for store in stores))
