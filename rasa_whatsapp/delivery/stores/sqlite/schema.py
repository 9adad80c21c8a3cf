"""The tables of the SQLite store."""

from __future__ import annotations

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
    retried INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS {lane}_open ON {lane} (conversation, seq) WHERE {open};
CREATE INDEX IF NOT EXISTS {lane}_dead ON {lane} (seq) WHERE state = 'dead';
"""

SCHEMA = _PEOPLE_AND_SHELF + "".join(_LANE.format(lane=lane, open=OPEN) for lane in LANES)
