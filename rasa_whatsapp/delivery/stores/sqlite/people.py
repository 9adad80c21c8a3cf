"""Who answers to which name, in the tables of the SQLite store."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

import msgspec

from rasa_whatsapp.delivery.stores.people import Known
from rasa_whatsapp.delivery.stores.sqlite.statements import insert, pieces, places

NAMES = 20_000
"""How many are kept in memory, some 5 MB: those who write again and again need not be looked up."""


class People:
    """What the file says of names, as far as it was asked, until another connection writes to the file."""

    def __init__(self) -> None:
        self._owners: dict[str, Known] = {}
        self._version: int | None = None

    def named(self, connection: sqlite3.Connection, names: Collection[str]) -> dict[str, Known]:
        """Who answers to these names, in a transaction that has not renamed anybody yet."""
        [[version]] = connection.execute("PRAGMA data_version")
        if version != self._version or len(self._owners) > NAMES:
            self._owners.clear()
            self._version = version
        self._owners.update(_read(connection, [name for name in names if name not in self._owners]))
        return {name: self._owners[name] for name in names if name in self._owners}

    def rename(self, connection: sqlite3.Connection, owners: Mapping[str, str | None]) -> None:
        """Writes down which conversation each name leads to from now on; ``None`` where to none."""
        for name in owners:
            # It is read again when it is asked for: the transaction may still fail.
            self._owners.pop(name, None)
        insert(
            connection,
            "INSERT OR REPLACE INTO alias (alias, conversation)",
            [(name, conversation) for name, conversation in owners.items() if conversation is not None],
        )
        for name in (name for name, conversation in owners.items() if conversation is None):
            connection.execute("DELETE FROM alias WHERE alias=?", (name,))


def _read(connection: sqlite3.Connection, names: list[str]) -> dict[str, Known]:
    """As JSON, for each row would be a call."""
    query = (
        "SELECT json_group_array(json_array(alias, conversation, created)) "
        "FROM alias JOIN conversation ON key=conversation WHERE alias IN"
    )
    return {
        name: Known(conversation, created)
        for some in pieces(names)
        for (found,) in connection.execute(query + places(len(some)), some)
        for name, conversation, created in msgspec.json.decode(found)
    }
