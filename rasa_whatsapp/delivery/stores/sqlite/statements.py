"""Statements about many rows at once.

Each call of SQLite, and each row fetched from it, costs more than what is done with a row more. So a table is
asked once and written once, however many rows there are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

AT_ONCE = 200
"""Rows, or values looked up, in one statement; with up to four values each, every SQLite allows so many."""


def insert(
    connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]], ending: str = ""
) -> None:
    """Inserts the rows, as ``statement`` begins and ``ending`` ends."""
    for some in pieces(rows):
        values = ",".join([places(len(some[0]))] * len(some))
        connection.execute(f"{statement} VALUES {values} {ending}", [value for row in some for value in row])


def places(count: int) -> str:
    """Where so many values go: ``(?,?)`` for two."""
    return f"({','.join('?' * count)})"


def pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values in portions of at most ``AT_ONCE``."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
