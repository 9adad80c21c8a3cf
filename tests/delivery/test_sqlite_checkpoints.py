"""What is written comes out of SQLite's log into its file while nobody waits for it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from rasa_whatsapp.delivery.stores.sqlite import records as sqlite_records
from rasa_whatsapp.delivery.stores.sqlite.checkpoints import EVERY, Checkpoints
from rasa_whatsapp.delivery.stores.sqlite.connection import connect
from rasa_whatsapp.delivery.stores.sqlite.loop import SQLiteLoop
from rasa_whatsapp.delivery.stores.sqlite.store import SQLiteStore

CHECKPOINTER = 121
"""The byte of the ``-shm`` file that who carries the log over locks (SQLite, WAL-mode file format, 2.3.1)."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "whatsapp.db"


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Keeps the file open, for the last one to close it carries all over."""
    with closing(connect(path)) as connection:
        yield connection


def put(connection: sqlite3.Connection, keys: range) -> None:
    connection.executemany("INSERT INTO alias VALUES (?, 'c')", [(str(key),) for key in keys])


def in_the_file(path: Path) -> int:
    """How many rows there are without the log."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        count: int = connection.execute("SELECT count(*) FROM alias").fetchone()[0]
    return count


@pytest.mark.parametrize(("changes", "rows"), [(EVERY - 1, 0), (EVERY, EVERY)])
async def test_after_so_many_rows_all_of_them_are_in_the_file(
    path: Path, writer: sqlite3.Connection, changes: int, rows: int
) -> None:
    """Not before: each time waits for the disk twice."""
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the tables
    put(writer, range(EVERY))
    checkpoints = Checkpoints(connect(path))
    checkpoints.written(changes)
    await checkpoints.close()
    assert in_the_file(path) == rows


async def test_who_writes_through_the_loop_is_counted(path: Path, writer: sqlite3.Connection) -> None:
    """What is under way is finished before the file is closed."""
    file = SQLiteLoop(path)
    await file.open()
    await file.run(lambda connection: put(connection, range(EVERY)))
    await file.run(lambda connection: put(connection, range(EVERY, EVERY + 1)))
    await file.close()
    assert in_the_file(path) >= EVERY


async def test_a_log_that_cannot_be_carried_over_is_told_and_nothing_else(path: Path) -> None:
    """It stays where it is; the next time it is tried again."""
    connection = connect(path)
    connection.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
    checkpoints = Checkpoints(connection)
    with capture_logs() as logs:
        checkpoints.written(EVERY)
        await checkpoints.close()
    assert [line["event"] for line in logs] == ["whatsapp.store.log_not_carried_over"]


async def test_who_is_forgotten_while_the_log_is_carried_over_leaves_it_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself would not wait for who carries it over."""
    store = SQLiteStore(path)
    await store.open()
    holder = await asyncio.to_thread(_hold, path)
    try:
        naps: list[float] = []

        def nap(seconds: float) -> None:
            naps.append(seconds)
            holder.kill()
            holder.wait()

        monkeypatch.setattr(sqlite_records.time, "sleep", nap)
        with capture_logs() as logs:
            await store.records.forget("phone:5561999990001")
        assert naps == [sqlite_records.LOG_NAP]
        assert "whatsapp.store.log_kept" not in [line["event"] for line in logs]
    finally:
        with holder:
            holder.kill()
        await store.close()


def _hold(path: Path) -> subprocess.Popen[str]:
    """Another process that carries the log over and does not come to an end."""
    lines = (
        "import fcntl, sys",
        "file = open(sys.argv[1] + '-shm', 'r+b')",
        f"fcntl.lockf(file, fcntl.LOCK_EX, 1, {CHECKPOINTER})",
        "print('held', flush=True)",
        "sys.stdin.read()",
    )
    command = [sys.executable, "-c", "\n".join(lines), str(path)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


async def test_sqlites_counter_may_begin_anew(path: Path, writer: sqlite3.Connection) -> None:
    """It has 32 bits: what it tells is negative after two thousand million rows."""
    checkpoints = Checkpoints(connect(path))
    put(writer, range(EVERY))
    checkpoints.written(2**31 - 1)
    await checkpoints._helper.call(lambda: None)  # until that is done
    put(writer, range(EVERY, 2 * EVERY))
    checkpoints.written(EVERY - 2**31)
    await checkpoints.close()
    assert in_the_file(path) == 2 * EVERY
