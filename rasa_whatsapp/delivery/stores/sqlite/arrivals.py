"""Arrivals into the tables of the SQLite store, within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

import msgspec

from rasa_whatsapp.delivery.rows import Arrival
from rasa_whatsapp.delivery.stores.people import Known, resolve
from rasa_whatsapp.delivery.stores.sqlite.people import People
from rasa_whatsapp.delivery.stores.sqlite.statements import insert, pieces, places


def keep(
    connection: sqlite3.Connection, arrivals: Sequence[Arrival], people: People, now: float
) -> list[str]:
    """Keeps the new ones; returns the conversation of each, or an empty string for one known already."""
    [[last]] = connection.execute("SELECT coalesce(max(seq), 0) FROM turn")
    sorted_ = _Sorted(connection, arrivals, (), people, now)
    # Nearly always all are new; to look first whether they are would take half as long as to write them.
    if not _insert(connection, sorted_):
        connection.execute("DELETE FROM turn WHERE seq>?", (last,))
        known = _known(connection, [arrival.id for arrival in arrivals])
        sorted_ = _Sorted(connection, arrivals, known, people, now)
        _insert(connection, sorted_)
    insert(
        connection,
        "INSERT INTO conversation (key, created, contact)",
        [(key, now, contact) for key, contact in sorted_.contacts.items()],
        "ON CONFLICT (key) DO UPDATE SET contact=coalesce(excluded.contact, contact)",
    )
    people.rename(connection, sorted_.renamed)
    return sorted_.conversations


class _Sorted:
    """Arrivals sorted by conversation; nothing is written yet.

    Args:
        known: ids that are there already.

    Attributes:
        conversations: that of each arrival; empty for one known already.
        rows: of the table of turns.
        contacts: of the conversations that are new or heard of again.
        renamed: names that lead to another conversation from now on, or to none.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        arrivals: Sequence[Arrival],
        known: Collection[str],
        people: People,
        now: float,
    ) -> None:
        self._connection = connection
        self.conversations: list[str] = []
        self.rows: list[tuple[str, str, float, bytes]] = []
        self.contacts: dict[str, bytes | None] = {}
        self.renamed: dict[str, str | None] = {}
        owners = people.named(connection, {alias for arrival in arrivals for alias in arrival.aliases})
        seen = {*known}
        for arrival in arrivals:
            if arrival.id in seen:
                self.conversations.append("")
                continue
            seen.add(arrival.id)
            person = resolve(arrival, owners, self._exists)
            if person.is_new and arrival.aliases:
                self.contacts[person.conversation] = None
            for alias in person.claimed:
                owners[alias] = Known(person.conversation, person.created or now)
                self.renamed[alias] = person.conversation
            if arrival.forget:
                owners.pop(arrival.forget, None)
                self.renamed[arrival.forget] = None
            if arrival.contact is not None:
                self.contacts[person.conversation] = msgspec.json.encode(arrival.contact)
            self.rows.append((arrival.id, person.conversation, arrival.at, arrival.body))
            self.conversations.append(person.conversation)

    def _exists(self, key: str) -> bool:
        query = "SELECT 1 FROM conversation WHERE key=?"
        return key in self.contacts or self._connection.execute(query, (key,)).fetchone() is not None


def _insert(connection: sqlite3.Connection, sorted_: _Sorted) -> bool:
    """Inserts the rows except those whose id is there already; whether there was none."""
    before = connection.total_changes
    insert(
        connection,
        "INSERT INTO turn (id, conversation, at, body)",
        sorted_.rows,
        "ON CONFLICT (id) DO NOTHING",
    )
    return connection.total_changes - before == len(sorted_.rows)


def _known(connection: sqlite3.Connection, ids: list[str]) -> set[str]:
    query = "SELECT id FROM turn WHERE id IN"
    return {id for some in pieces(ids) for (id,) in connection.execute(query + places(len(some)), some)}
