"""The lanes of the SQLite store: a table of rows for each.

What is asked for at once is done for all conversations in as many statements as for one;
``statements`` says why that matters.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from rasa_whatsapp.delivery.rows import Draft, Row, Waiting
from rasa_whatsapp.delivery.stores.base import BEHIND
from rasa_whatsapp.delivery.stores.ready import Ready
from rasa_whatsapp.delivery.stores.sqlite.loop import SQLiteLoop
from rasa_whatsapp.delivery.stores.sqlite.schema import OPEN
from rasa_whatsapp.delivery.stores.sqlite.statements import insert
from rasa_whatsapp.delivery.stores.sqlite.thread import SQLiteThread

NewRow = tuple[str, str, float, bytes]
"""The id, the conversation, when it came and the body."""


class _Step(NamedTuple):
    """A conversation goes on to its next row."""

    conversation: str
    done: Row | None
    receipt: str


class SQLiteLane:
    """One table of rows; a row that is done stays as a name without a body until it is purged."""

    def __init__(self, loop: SQLiteLoop, thread: SQLiteThread, table: str) -> None:
        self._loop = loop
        self._thread = thread
        self._table = table
        self._ready = Ready()
        self._seen = 0
        self._unfinished: set[str] = set()

    def add(self, conversations: Iterable[str]) -> None:
        """Says that these conversations have rows."""
        for conversation in conversations:
            self._ready.add(conversation)

    async def append(self, conversation: str, drafts: Sequence[Draft], ours: bool) -> None:
        """Puts rows behind those of the conversation; an id that is there already is passed over.

        Args:
            ours: this process works them off.
        """
        rows = [(draft.id, conversation, draft.at, draft.body) for draft in drafts]
        then = (lambda _: self._ready.add(conversation)) if ours else None
        await self._loop.together(self._insert, rows, first=True, then=then)

    async def look(self) -> None:
        """Finds rows that this process did not add itself: left from before, or a neighbour's."""
        after = self._seen

        def new(connection: sqlite3.Connection) -> list[tuple[str, int]]:
            return connection.execute(
                f"SELECT conversation, max(seq) FROM {self._table} WHERE {OPEN} AND seq > ? "
                "GROUP BY conversation ORDER BY min(seq)",
                (after,),
            ).fetchall()

        found = await self._thread.read(new)
        self._seen = max([after, *(last for _, last in found)])
        self.add(conversation for conversation, _ in found)

    async def claim(self) -> str:
        conversation = await self._ready.claim()
        self._unfinished.add(conversation)
        return conversation

    async def advance(self, conversation: str, done: Row | None = None, receipt: str = "") -> Row | None:
        [head] = await self._loop.together(self._advance, [_Step(conversation, done, receipt)])
        if head is None:
            self._unfinished.discard(conversation)
        return head

    async def behind(self, conversation: str) -> list[Waiting]:
        rows = self._loop.read(
            f"SELECT id, body, at FROM {self._table} WHERE conversation=? AND {OPEN} "
            "ORDER BY seq LIMIT ? OFFSET 1",
            (conversation, BEHIND),
        )
        return [Waiting(id=id, body=body, at=at) for id, body, at in rows]

    async def give_back(self, row: Row, reason: str, failed: bool = False) -> None:
        await self._mark(row, "waiting", reason, failed)

    async def bury(self, row: Row, reason: str) -> None:
        await self._mark(row, "dead", reason)

    async def release(self, conversation: str) -> None:
        self._ready.release(conversation, unfinished=conversation in self._unfinished)
        self._unfinished.discard(conversation)

    async def _mark(self, row: Row, state: str, reason: str, failed: bool = False) -> None:
        await self._loop.run(
            lambda connection: connection.execute(
                f"UPDATE {self._table} SET state=?, reason=?, failures=failures + ? WHERE seq=?",
                (state, reason, failed, row.seq),
            )
        )

    def _insert(self, connection: sqlite3.Connection, rows: list[NewRow]) -> list[None]:
        insert(connection, f"INSERT OR IGNORE INTO {self._table} (id, conversation, at, body)", rows)
        return [None] * len(rows)

    def _advance(self, connection: sqlite3.Connection, steps: list[_Step]) -> list[Row | None]:
        """Marks what is done, and the head of each conversation as running."""
        receipts = {str(step.done.seq): step.receipt for step in steps if step.done is not None}
        if receipts:
            connection.execute(
                f"UPDATE {self._table} SET state='done', body=x'', reason='', "
                "receipt=(SELECT value FROM json_each(:receipts) WHERE key=CAST(seq AS TEXT)) "
                "WHERE seq IN (SELECT CAST(key AS INTEGER) FROM json_each(:receipts))",
                {"receipts": _json(receipts)},
            )
        heads = _heads(connection, self._table, [step.conversation for step in steps])
        if heads:
            connection.execute(
                f"UPDATE {self._table} SET state='running', attempts=attempts + 1, "
                "failures=failures + (state = 'running') WHERE seq IN (SELECT value FROM json_each(?))",
                (_json([row.seq for row in heads.values()]),),
            )
        return [heads.get(step.conversation) for step in steps]


def _heads(connection: sqlite3.Connection, table: str, conversations: Sequence[str]) -> dict[str, Row]:
    """The first open row of each conversation, as it is once it runs."""
    [[found]] = connection.execute(
        "SELECT CAST(json_group_array(json_array(seq, id, conversation, CAST(body AS TEXT), attempts + 1, "
        f"state = 'running', failures + (state = 'running'), at, retried)) AS BLOB) FROM {table} "
        f"WHERE seq IN (SELECT (SELECT seq FROM {table} WHERE conversation=wanted.value AND {OPEN} "
        "ORDER BY seq LIMIT 1) FROM json_each(?) AS wanted)",
        (_json(conversations),),
    )
    return {
        conversation: Row(
            seq=seq,
            id=id,
            conversation=conversation,
            body=body.encode(),
            attempts=tries,
            interrupted=bool(running),
            failures=failures,
            at=at,
            retried=bool(retried),
        )
        for seq, id, conversation, body, tries, running, failures, at, retried in _decoded(found)
    }


def _decoded(found: bytes) -> Any:
    try:
        return msgspec.json.decode(found)
    except ValueError:
        # One body has something else than text in it; the others are not to wait for it.
        return msgspec.json.decode(found.decode("utf-8", "replace"))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
