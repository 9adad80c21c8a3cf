"""Arrivals into the tables of the SQLite store, within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from rasa_whatsapp.delivery.rows import Arrival
from rasa_whatsapp.delivery.stores.people import Known, resolve
from rasa_whatsapp.delivery.stores.sqlite.statements import insert, pieces, places


def keep(connection: sqlite3.Connection, arrivals: Sequence[Arrival], now: float) -> list[str]:
    """Keeps the new ones; returns the conversation of each, or an empty string for one known already."""
    known = _known(connection, [arrival.id for arrival in arrivals])
    people = _people(connection, list({alias for arrival in arrivals for alias in arrival.aliases}))
    contacts: dict[str, bytes | None] = {}
    renamed: dict[str, str | None] = {}
    rows: list[tuple[str, str, float, bytes]] = []

    def exists(key: str) -> bool:
        query = "SELECT 1 FROM conversation WHERE key=?"
        return key in contacts or connection.execute(query, (key,)).fetchone() is not None

    conversations = []
    for arrival in arrivals:
        if arrival.id in known:
            conversations.append("")
            continue
        known.add(arrival.id)
        person = resolve(arrival, people, exists)
        if person.is_new and arrival.aliases:
            contacts[person.conversation] = None
        for alias in person.claimed:
            people[alias] = Known(person.conversation, person.created or now)
            renamed[alias] = person.conversation
        if arrival.forget:
            people.pop(arrival.forget, None)
            renamed[arrival.forget] = None
        if arrival.contact is not None:
            contacts[person.conversation] = msgspec.json.encode(arrival.contact)
        rows.append((arrival.id, person.conversation, arrival.at, arrival.body))
        conversations.append(person.conversation)
    insert(
        connection,
        "INSERT INTO conversation (key, created, contact)",
        [(key, now, contact) for key, contact in contacts.items()],
        "ON CONFLICT (key) DO UPDATE SET contact=coalesce(excluded.contact, contact)",
    )
    insert(
        connection,
        "INSERT OR REPLACE INTO alias (alias, conversation)",
        [(alias, key) for alias, key in renamed.items() if key is not None],
    )
    for alias in (alias for alias, key in renamed.items() if key is None):
        connection.execute("DELETE FROM alias WHERE alias=?", (alias,))
    insert(connection, "INSERT INTO turn (id, conversation, at, body)", rows)
    return conversations


def _known(connection: sqlite3.Connection, ids: list[str]) -> set[str]:
    query = "SELECT id FROM turn WHERE id IN"
    return {id for some in pieces(ids) for (id,) in connection.execute(query + places(len(some)), some)}


def _people(connection: sqlite3.Connection, aliases: list[str]) -> dict[str, Known]:
    """Who answers to these names; as JSON, for nearly all are known, and each row would be a call."""
    query = (
        "SELECT json_group_array(json_array(alias, conversation, created)) "
        "FROM alias JOIN conversation ON key=conversation WHERE alias IN"
    )
    return {
        alias: Known(conversation, created)
        for some in pieces(aliases)
        for (found,) in connection.execute(query + places(len(some)), some)
        for alias, conversation, created in msgspec.json.decode(found)
    }
