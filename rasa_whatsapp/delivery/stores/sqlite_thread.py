"""One thread that owns an SQLite connection and commits together what is asked for together."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from rasa_whatsapp.errors import StoreError

T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection, list[Any]], list[Any]]

BUSY_SECONDS = 5.0
"""How long a write waits for another process to finish its own."""
STATEMENTS = 1000
"""How many are kept prepared: a statement for each number of rows that are written together."""


class _Job(NamedTuple):
    work: Work
    items: Sequence[Any]
    done: asyncio.Future[list[Any]]
    first: bool
    then: Callable[[list[Any]], None] | None


class SQLiteThread:
    """Runs functions against the connection; all that wait at once share a transaction.

    When a transaction fails, its functions are run again one by one, so that one of them cannot take
    the others down with it.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._schema = schema
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def open(self) -> None:
        """Opens the file, making it when missing.

        Raises:
            StoreError: the file cannot be opened, or is no database.
        """
        self._loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = self._loop.create_future()
        thread = threading.Thread(target=self._run, args=(opened,), name="whatsapp-sqlite", daemon=True)
        thread.start()
        await opened
        self._thread = thread

    async def close(self) -> None:
        """Finishes what is asked for and closes the file."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            await self._loop.run_in_executor(None, thread.join)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs ``work`` in a transaction and returns its result once that is on the disk.

        Raises:
            StoreError: nothing was written; the message says why.
        """
        [result] = await self.together(lambda connection, _: [work(connection)], [None])
        return result

    async def together(
        self,
        work: Callable[[sqlite3.Connection, list[Item]], list[Result]],
        items: Sequence[Item],
        *,
        first: bool = False,
        then: Callable[[list[Result]], None] | None = None,
    ) -> list[Result]:
        """As ``run``, but all items that wait for the same ``work`` are given to one call of it.

        Args:
            work: returns a result for each item.
            first: before what else waits. So are rows put in: who goes on to the next one, in the same
                transaction, finds it, and need not be called again.
            then: is given the results as soon as they are on the disk, also where the caller is cancelled,
                which takes nothing back.
        """
        if self._thread is None:
            raise StoreError(f"The store {self._path} is closed.")
        done: asyncio.Future[list[Result]] = self._loop.create_future()
        self._jobs.put(_Job(work, items, done, first, then))
        return await done

    def _run(self, opened: asyncio.Future[None]) -> None:
        try:
            connection = self._connect()
        except (sqlite3.Error, OSError) as error:
            problem = StoreError(
                f"store: cannot open {self._path}: {error}. "
                "Name a file in a folder that this process may write."
            )
            self._loop.call_soon_threadsafe(opened.set_exception, problem)
            return
        self._loop.call_soon_threadsafe(opened.set_result, None)
        stop = False
        while not stop:
            jobs = [self._jobs.get()]
            while not self._jobs.empty():
                jobs.append(self._jobs.get_nowait())
            stop = None in jobs
            together = sorted((job for job in jobs if job is not None), key=lambda job: not job.first)
            outcomes = self._commit(connection, together)
            self._loop.call_soon_threadsafe(_settle, together, outcomes)
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=STATEMENTS
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # Else each statement that may fail half-way would make a file for what it would then put back.
        connection.execute("PRAGMA temp_store=MEMORY")
        # Who asks to be forgotten is not to be read out of the file; Debian's SQLite does so by itself.
        connection.execute("PRAGMA secure_delete=ON")
        connection.executescript(self._schema)
        return connection

    def _commit(self, connection: sqlite3.Connection, jobs: list[_Job]) -> list[Any]:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            # Locked or unwritable: the next one would wait as long, and for nothing.
            return [self._failure(error)] * len(jobs)
        try:
            outcomes = _do(connection, jobs)
        except Exception as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if len(jobs) > 1:
                return [outcome for job in jobs for outcome in self._commit(connection, [job])]
            return [self._failure(error)]
        try:
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            return [self._failure(error)] * len(jobs)
        return outcomes

    def _failure(self, error: Exception) -> Exception:
        if isinstance(error, sqlite3.Error):
            return StoreError(f"The store {self._path} cannot be written: {error}.")
        return error


def _do(connection: sqlite3.Connection, jobs: list[_Job]) -> list[Any]:
    """The results of each job; of those with the same work, by one call."""
    alike: dict[Work, list[int]] = {}
    for place, job in enumerate(jobs):
        alike.setdefault(job.work, []).append(place)
    outcomes: list[Any] = [None] * len(jobs)
    for work, places in alike.items():
        results = iter(work(connection, [item for place in places for item in jobs[place].items]))
        for place in places:
            outcomes[place] = list(islice(results, len(jobs[place].items)))
    return outcomes


def _settle(jobs: list[_Job], outcomes: list[Any]) -> None:
    for job, outcome in zip(jobs, outcomes, strict=True):
        if job.then is not None and not isinstance(outcome, Exception):
            job.then(outcome)
        if job.done.done():
            continue
        if isinstance(outcome, Exception):
            job.done.set_exception(outcome)
        else:
            job.done.set_result(outcome)
