"""Several processes of one host share an SQLite file; the kernel frees what a killed one held."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from arrivals import arrival

from rasa_whatsapp.delivery.stores import SQLiteStore

NEIGHBOUR = """
import asyncio, sys
from pathlib import Path
from rasa_whatsapp.delivery.rows import Arrival
from rasa_whatsapp.delivery.stores import SQLiteStore

async def main():
    store = SQLiteStore(Path(sys.argv[1]))
    await store.open()
    for id in sys.argv[3:]:
        await store.take_in([Arrival(id=id, wanted="1", aliases=("phone:1",), body=b"{}", at=1.0)])
    if sys.argv[2] == "works":
        conversation = await store.turns.claim()
        row = await store.turns.advance(conversation)
        print("began", row.id, flush=True)
        await asyncio.Event().wait()
    print("took in", flush=True)
    await store.close()

asyncio.run(main())
"""


async def neighbour(database: Path, role: str, *ids: str) -> asyncio.subprocess.Process:
    """Another process that takes these messages in, and works the first off when that is its role."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", NEIGHBOUR, str(database), role, *ids, stdout=asyncio.subprocess.PIPE
    )


async def said(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()


async def test_another_process_takes_in_and_this_one_works_off(tmp_path: Path) -> None:
    """Rows of a neighbour are noticed, and a message that both were given counts once."""
    store = SQLiteStore(tmp_path / "whatsapp.db")
    await store.open()
    try:
        await store.take_in([arrival("a", "phone:1")])
        assert await asyncio.wait_for(store.turns.claim(), 10) == "1"
        first = await store.turns.advance("1")
        process = await neighbour(tmp_path / "whatsapp.db", "takes in", "a", "b")
        assert await said(process) == "took in"
        await process.wait()
        assert first is not None
        second = await store.turns.advance("1", first)
        assert second is not None
        assert second.id == "b"
        assert await store.turns.advance("1", second) is None
    finally:
        await store.close()


async def test_a_killed_process_leaves_its_work_to_this_one(tmp_path: Path) -> None:
    """SIGKILL in the middle of a row: it comes here, marked as interrupted, and the order is kept."""
    process = await neighbour(tmp_path / "whatsapp.db", "works", "a", "b")
    assert await said(process) == "began a"
    store = SQLiteStore(tmp_path / "whatsapp.db")
    await store.open()
    try:
        process.send_signal(signal.SIGKILL)
        await process.wait()
        assert await asyncio.wait_for(store.turns.claim(), 10) == "1"
        first = await store.turns.advance("1")
        assert first is not None
        assert (first.id, first.attempts, first.interrupted) == ("a", 2, True)
        second = await store.turns.advance("1", first)
        assert second is not None
        assert (second.id, second.interrupted) == ("b", False)
    finally:
        await store.close()


async def test_what_was_forgotten_cannot_be_read_out_of_the_file(tmp_path: Path) -> None:
    """Neither the words, nor the number, nor out of the log beside it, while the bot goes on."""
    path, log = tmp_path / "whatsapp.db", tmp_path / "whatsapp.db-wal"
    store = SQLiteStore(path)
    await store.open()
    await store.take_in(
        [arrival("a", "phone:5561999990001", wanted="5561999990001", body=b"a secret of Ana's")]
    )
    assert b"a secret of Ana's" in path.read_bytes() + log.read_bytes()
    await store.records.forget("phone:5561999990001")
    left = path.read_bytes() + log.read_bytes()
    assert (b"Ana" in left, b"5561999990001" in left) == (False, False)
    await store.close()
    assert sorted(os.listdir(tmp_path)) == ["whatsapp.db", "whatsapp.db.lock"]
