"""A connection to the SQLite file for what may take long, in a thread of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rasa_whatsapp.delivery.stores.sqlite.connection import connect, failure, roll_back
from rasa_whatsapp.delivery.stores.sqlite.helper import Helper
from rasa_whatsapp.errors import StoreError

T = TypeVar("T")


class SQLiteThread:
    """Runs functions against the connection, each in a transaction, one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Opens the file, making it when missing.

        Raises:
            StoreError: the file cannot be opened, or is no database.
        """
        self._helper = Helper("whatsapp-sqlite-records")
        try:
            self._connection = await self._helper.call(lambda: connect(self.path))
        except BaseException:
            self._helper.dismiss()
            raise

    async def close(self) -> None:
        """Finishes what is asked for and closes the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            closing = self._helper.call(connection.close)
            self._helper.dismiss()
            await closing

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs ``work``, which only reads: it keeps nobody from writing.

        Raises:
            StoreError: the file cannot be read; the message says why.
        """
        return await self._run("BEGIN", work)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs ``work`` and returns its result once that is on the disk.

        Raises:
            StoreError: nothing was written; the message says why.
        """
        return await self._run("BEGIN IMMEDIATE", work)

    async def _run(self, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection
        if connection is None:
            raise StoreError(f"The store {self.path} is closed.")

        def transaction() -> T:
            try:
                roll_back(connection)
                connection.execute(begin)
                result = work(connection)
                connection.execute("COMMIT")
            except Exception as error:
                roll_back(connection)
                raise failure(self.path, error) from error
            return result

        return await self._helper.call(transaction)
