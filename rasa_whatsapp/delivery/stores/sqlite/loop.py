"""The SQLite file as the event loop uses it: for what is short, while a thread waits for the disk.

A statement takes microseconds. In a thread each would have to wait, several times, until a busy event loop
lets go of Python's interpreter lock, which takes ten times as long; and the loop would be held up as often.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from rasa_whatsapp.delivery.stores.sqlite import connection as sqlite_connection
from rasa_whatsapp.delivery.stores.sqlite.checkpoints import Checkpoints
from rasa_whatsapp.delivery.stores.sqlite.connection import connect, failure, patience, roll_back
from rasa_whatsapp.delivery.stores.sqlite.helper import Helper
from rasa_whatsapp.errors import StoreError

T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection, list[Any]], list[Any]]


class _Job(NamedTuple):
    work: Work
    items: Sequence[Any]
    done: asyncio.Future[list[Any]]
    first: bool
    then: Callable[[list[Any]], None] | None


class SQLiteLoop:
    """Group commit: what is asked for while the disk is waited for becomes one transaction.

    When a transaction fails, its functions are run again one by one, so that one of them cannot take
    the others down with it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[_Job] = []
        self._alone: list[_Job] = []
        self._busy = False
        self._open = False

    async def open(self) -> None:
        """Opens the file, making it when missing.

        Raises:
            StoreError: the file cannot be opened, or is no database.
        """
        self._loop = asyncio.get_running_loop()
        self._helper = Helper("whatsapp-sqlite")
        try:
            self._writer, self._reader, third = await self._helper.call(self._connect)
        except BaseException:
            self._helper.dismiss()
            raise
        self._checkpoints = Checkpoints(third)
        self._open = True

    async def close(self) -> None:
        """Finishes what is asked for and closes the file, also where the caller is cancelled."""
        if not self._open:
            return
        self._open = False
        self._closing = asyncio.create_task(self._finish())
        await asyncio.shield(self._closing)

    async def _finish(self) -> None:
        with suppress(StoreError):
            await self._ask(_Job(_nothing, [None], self._loop.create_future(), first=False, then=None))
        # Not before: closing a connection that is in use in another thread would hang, or worse.
        self._reader.close()
        await self._checkpoints.close()
        closing = self._helper.call(self._writer.close)
        self._helper.dismiss()
        await closing

    def read(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows that a short query finds, at once: who reads waits for nobody who writes.

        Raises:
            StoreError: the file cannot be read; the message says why.
        """
        self._check_open()
        try:
            return self._reader.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise failure(self._path, error) from error

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs ``work``, which must be short, and returns its result once what it wrote is on the disk.

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
        self._check_open()
        return await self._ask(_Job(work, items, self._loop.create_future(), first, then))

    def _ask(self, job: _Job) -> asyncio.Future[list[Any]]:
        self._waiting.append(job)
        if not self._busy:
            self._begin()
        return job.done

    def _check_open(self) -> None:
        if not self._open:
            raise StoreError(f"The store {self._path} is closed.")

    def _connect(self) -> tuple[sqlite3.Connection, sqlite3.Connection, sqlite3.Connection]:
        writer, reader, third = connect(self._path), connect(self._path), connect(self._path)
        for connection in (writer, reader):
            patience(connection, 0)  # the loop waits for nobody
        return writer, reader, third

    def _begin(self) -> None:
        """Begins a transaction with all that waits, or with one of those that could not be done together."""
        self._busy = True
        if self._alone:
            jobs = [self._alone.pop(0)]
        else:
            jobs, self._waiting = sorted(self._waiting, key=lambda job: not job.first), []
        if not jobs:
            self._busy = False
            return
        try:
            self._writer.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self._helper.do(self._begin_patiently, partial(self._begun, jobs))
        else:
            self._do(jobs)

    def _begun(self, jobs: list[_Job], _: None, problem: BaseException | None) -> None:
        if problem is None:
            self._do(jobs)
            return
        # Locked or unwritable: the next one would wait as long, and for nothing.
        failed, self._alone = [*jobs, *self._alone], []
        self._loop.call_soon(self._begin)
        self._settle(failed, problem)

    def _do(self, jobs: list[_Job]) -> None:
        before = self._writer.total_changes
        outcomes: list[list[Any]] | Exception
        try:
            outcomes = _results(self._writer, jobs)
            if self._writer.total_changes != before:
                self._helper.do(self._commit, partial(self._committed, jobs, outcomes))
                return
            self._writer.execute("COMMIT")  # there is no disk to wait for
        except Exception as error:
            roll_back(self._writer)
            outcomes = error
            if len(jobs) > 1:
                jobs, self._alone = [], jobs
        self._loop.call_soon(self._begin)
        self._settle(jobs, outcomes)

    def _committed(
        self, jobs: list[_Job], outcomes: list[list[Any]], _: None, problem: BaseException | None
    ) -> None:
        try:
            self._settle(jobs, problem or outcomes)
        finally:
            self._begin()
            self._checkpoints.written(self._writer.total_changes)

    def _settle(self, jobs: list[_Job], outcomes: list[list[Any]] | BaseException) -> None:
        if isinstance(outcomes, BaseException):
            for job in jobs:
                if not job.done.done():
                    job.done.set_exception(failure(self._path, outcomes))
            return
        for job, outcome in zip(jobs, outcomes, strict=True):
            if job.then is not None:
                job.then(outcome)
            if not job.done.done():
                job.done.set_result(outcome)

    def _begin_patiently(self) -> None:
        roll_back(self._writer)
        patience(self._writer, sqlite_connection.BUSY_SECONDS)
        try:
            self._writer.execute("BEGIN IMMEDIATE")
        finally:
            patience(self._writer, 0)

    def _commit(self) -> None:
        try:
            self._writer.execute("COMMIT")
        except sqlite3.Error:
            roll_back(self._writer)
            raise


def _results(connection: sqlite3.Connection, jobs: list[_Job]) -> list[list[Any]]:
    """The results of each job; of those with the same work, by one call."""
    alike: dict[Work, list[int]] = {}
    for place, job in enumerate(jobs):
        alike.setdefault(job.work, []).append(place)
    outcomes: list[list[Any]] = [[] for _ in jobs]
    for work, places in alike.items():
        results = iter(work(connection, [item for place in places for item in jobs[place].items]))
        for place in places:
            outcomes[place] = list(islice(results, len(jobs[place].items)))
    return outcomes


def _nothing(_: sqlite3.Connection, items: list[None]) -> list[None]:
    return items
