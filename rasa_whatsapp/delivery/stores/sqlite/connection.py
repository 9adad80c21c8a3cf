"""Connections to the file of the SQLite store."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import structlog

from rasa_whatsapp.delivery.stores.sqlite.schema import prepare
from rasa_whatsapp.errors import StoreError

logger = structlog.get_logger()

BUSY_SECONDS = 5.0
"""How long a write waits for another connection to finish its own."""
STATEMENTS = 1000
"""How many are kept prepared: a statement for each number of rows that are written together."""
CACHE_KIB = 8 * 1024
"""Memory for pages of the file, at most: what leads to one of a million remembered ids stays in it."""


def connect(path: Path) -> sqlite3.Connection:
    """Opens the file, making it when missing; the threads of a process may take turns with the connection.

    Raises:
        StoreError: the file cannot be opened, or is no database.
    """
    try:
        connection = sqlite3.connect(
            path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            cached_statements=STATEMENTS,
            check_same_thread=False,
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        # Else each statement that may fail half-way would make a file for what it would then put back.
        connection.execute("PRAGMA temp_store=MEMORY")
        # Who asks to be forgotten is not to be read out of the file; Debian's SQLite does so by itself.
        connection.execute("PRAGMA secure_delete=ON")
        prepare(connection)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"store: cannot open {path}: {error}. Name a file in a folder that this process may write."
        ) from error
    return connection


def patience(connection: sqlite3.Connection, seconds: float) -> None:
    """Sets how long the connection waits where another one holds the file."""
    connection.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")


def roll_back(connection: sqlite3.Connection) -> None:
    """Takes back what a transaction has done; where it failed, SQLite may have done that already."""
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        # It is tried again before the next transaction begins; what to tell is why the first one failed.
        logger.warning("whatsapp.store.not_rolled_back", error=str(error))


def failure(path: Path, error: BaseException) -> BaseException:
    """What to tell who asked for a transaction that failed."""
    if isinstance(error, sqlite3.Error):
        return StoreError(f"The store {path} cannot be read or written: {error}.")
    return error
