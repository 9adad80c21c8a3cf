"""The tables of the SQLite store."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (key TEXT PRIMARY KEY, created REAL NOT NULL, contact BLOB)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alias (alias TEXT PRIMARY KEY, conversation TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shelf (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, expires REAL NOT NULL, owner TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS shelf_expires ON shelf (expires);
CREATE TABLE IF NOT EXISTS turn (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    reason TEXT NOT NULL DEFAULT '', receipt TEXT NOT NULL DEFAULT '', body BLOB NOT NULL,
    retried INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS turn_open ON turn (conversation, seq) WHERE state IN ('waiting', 'running');
CREATE INDEX IF NOT EXISTS turn_dead ON turn (seq) WHERE state = 'dead';
CREATE TABLE IF NOT EXISTS answer (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    reason TEXT NOT NULL DEFAULT '', receipt TEXT NOT NULL DEFAULT '', body BLOB NOT NULL,
    retried INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS answer_open ON answer (conversation, seq) WHERE state IN ('waiting', 'running');
CREATE INDEX IF NOT EXISTS answer_dead ON answer (seq) WHERE state = 'dead';
"""

OPEN = "state IN ('waiting', 'running')"
"""Rows that are not done; what the partial indices cover, word for word."""
