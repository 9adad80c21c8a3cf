"""The tables of the SQLite store."""

from __future__ import annotations

import sqlite3

from rasa_whatsapp.delivery.stores.base import LANES

OPEN = "state IN ('waiting', 'running')"
"""Rows that are not done; what an index covers, and so what a query must say word for word."""

_PEOPLE_AND_SHELF = """
CREATE TABLE IF NOT EXISTS conversation (key TEXT PRIMARY KEY, created REAL NOT NULL, contact BLOB)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alias (alias TEXT PRIMARY KEY, conversation TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shelf (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, expires REAL NOT NULL, owner TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS shelf_expires ON shelf (expires);
"""

_LANE = """
CREATE TABLE IF NOT EXISTS {lane} (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    reason TEXT NOT NULL DEFAULT '', receipt TEXT NOT NULL DEFAULT '', body BLOB NOT NULL,
    retried INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS {lane}_open ON {lane} (conversation, seq) WHERE {open};
CREATE INDEX IF NOT EXISTS {lane}_dead ON {lane} (seq) WHERE state = 'dead';
"""

SCHEMA = _PEOPLE_AND_SHELF + "".join(_LANE.format(lane=lane, open=OPEN) for lane in LANES)

_LATER = {"failures": "INTEGER NOT NULL DEFAULT 0"}
"""Columns that a lane's table has got since there were files."""


def prepare(connection: sqlite3.Connection) -> None:
    """Makes the tables that are missing, and the columns that the file of an earlier version lacks."""
    connection.executescript(SCHEMA)
    if not _lacking(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    # Once more: another process may have found the same file.
    for lane, column in _lacking(connection):
        connection.execute(f"ALTER TABLE {lane} ADD COLUMN {column} {_LATER[column]}")
    connection.execute("COMMIT")


def _lacking(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    lacking = []
    for lane in LANES:
        there = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({lane})")}
        lacking += [(lane, column) for column in _LATER if column not in there]
    return lacking
