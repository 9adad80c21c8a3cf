"""What is asked of the SQLite file at once is one transaction, and the event loop waits for nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rasa_whatsapp.delivery.stores.sqlite import connection as sqlite_connection
from rasa_whatsapp.delivery.stores.sqlite.loop import SQLiteLoop
from rasa_whatsapp.errors import StoreError


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[SQLiteLoop]:
    opened = SQLiteLoop(tmp_path / "whatsapp.db")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def intruder(file: SQLiteLoop, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process's connection."""
    with closing(sqlite3.connect(tmp_path / "whatsapp.db", isolation_level=None)) as connection:
        yield connection


def put(connection: sqlite3.Connection, keys: list[str]) -> list[str]:
    """Writes aliases; one that is called ``bad`` cannot be written, nor what comes with it."""
    for key in keys:
        if key == "bad":
            raise ValueError(key)
        connection.execute("INSERT INTO alias VALUES (?, 'c')", (key,))
    return keys


def aliases(file: SQLiteLoop) -> list[str]:
    return [alias for (alias,) in file.read("SELECT alias FROM alias ORDER BY alias", ())]


async def test_what_is_asked_while_the_disk_is_waited_for_is_one_transaction(file: SQLiteLoop) -> None:
    """The first begins at once; all others become the second."""
    calls: list[list[str]] = []

    def noting(connection: sqlite3.Connection, keys: list[str]) -> list[str]:
        calls.append(list(keys))
        return put(connection, keys)

    found = await asyncio.gather(*(file.together(noting, [key]) for key in "abcd"))
    assert found == [["a"], ["b"], ["c"], ["d"]]
    assert calls == [["a"], ["b", "c", "d"]]
    assert aliases(file) == ["a", "b", "c", "d"]


async def test_what_cannot_be_done_takes_nothing_else_with_it(file: SQLiteLoop) -> None:
    """Each is tried by itself, and who asks later is served as well."""
    asked = [file.together(put, [key]) for key in ("a", "b", "bad", "c")]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [list, list, ValueError, list]
    await file.together(put, ["d"])
    assert aliases(file) == ["a", "b", "c", "d"]


async def test_the_loop_goes_on_while_another_process_writes(
    file: SQLiteLoop, intruder: sqlite3.Connection
) -> None:
    """Who writes waits for the other; who reads does not."""
    await file.together(put, ["a"])
    intruder.execute("BEGIN IMMEDIATE")
    intruder.execute("INSERT INTO alias VALUES ('theirs', 'c')")
    writing = asyncio.create_task(file.together(put, ["b"]))
    for _ in range(20):
        await asyncio.sleep(0)
    assert aliases(file) == ["a"]
    assert not writing.done()
    intruder.execute("COMMIT")
    assert await asyncio.wait_for(writing, 10) == ["b"]
    assert aliases(file) == ["a", "b", "theirs"]


async def test_a_lock_that_stays_is_told_to_all_who_wait(
    file: SQLiteLoop, intruder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was written, and the next one is served again."""
    monkeypatch.setattr(sqlite_connection, "BUSY_SECONDS", 0.1)
    intruder.execute("BEGIN IMMEDIATE")
    asked = [file.together(put, [key]) for key in "ab"]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreError, StoreError]
    intruder.execute("ROLLBACK")
    await file.together(put, ["c"])
    assert aliases(file) == ["c"]


async def test_what_was_asked_for_is_finished_before_the_file_is_closed(tmp_path: Path) -> None:
    """Whoever asks then is told that it is closed."""
    file = SQLiteLoop(tmp_path / "whatsapp.db")
    await file.open()
    asked = [asyncio.create_task(file.together(put, [key])) for key in "abc"]
    await asyncio.sleep(0)
    await file.close()
    assert await asyncio.gather(*asked) == [["a"], ["b"], ["c"]]
    with pytest.raises(StoreError, match="closed"):
        await file.together(put, ["d"])
    with pytest.raises(StoreError, match="closed"):
        aliases(file)


async def test_a_fault_of_one_who_hears_of_it_stops_nobody_else(file: SQLiteLoop) -> None:
    """What was written is written, and the next one is served."""

    def hears(_: list[str]) -> None:
        raise ValueError("a fault")

    faults: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    writing = asyncio.create_task(file.together(put, ["a"], then=hears))
    await asyncio.sleep(0)
    assert await asyncio.wait_for(file.together(put, ["b"]), 10) == ["b"]
    assert aliases(file) == ["a", "b"]
    assert len(faults) == 1
    writing.cancel()


async def test_a_close_that_is_cancelled_closes_all_the_same(tmp_path: Path) -> None:
    """Nobody can ask for it again."""
    file = SQLiteLoop(tmp_path / "whatsapp.db")
    await file.open()
    writing = asyncio.create_task(file.together(put, ["a"]))
    await asyncio.sleep(0)
    closing = asyncio.create_task(file.close())
    await asyncio.sleep(0)
    closing.cancel()
    assert await writing == ["a"]
    with pytest.raises(asyncio.CancelledError):
        await closing
    while (tmp_path / "whatsapp.db-wal").exists():  # SQLite removes it with its last connection
        await asyncio.sleep(0)


async def test_what_could_not_be_rolled_back_is_before_the_next_transaction(file: SQLiteLoop) -> None:
    """A fault of the disk that has gone leaves no transaction open."""
    denied: set[object] = set()

    def authorize(_: int, what: object, *__: object) -> int:
        return sqlite3.SQLITE_DENY if what in denied else sqlite3.SQLITE_OK

    await file.run(lambda connection: connection.set_authorizer(authorize))
    denied.add("ROLLBACK")
    with pytest.raises(ValueError, match="bad"):
        await file.together(put, ["a", "bad"])
    denied.clear()
    assert await asyncio.wait_for(file.together(put, ["b"]), 10) == ["b"]
    assert aliases(file) == ["b"]
