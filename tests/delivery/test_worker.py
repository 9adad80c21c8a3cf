"""A row that cannot be done stops nobody, and a store that fails loses nothing."""

from __future__ import annotations

import asyncio

import pytest
from arrivals import arrival

from rasa_whatsapp.delivery import worker as worker_module
from rasa_whatsapp.delivery.rows import Row
from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.delivery.worker import Done, Later, Outcome, Worker
from rasa_whatsapp.errors import StoreError


class Diary:
    """Does rows as it is told and notes them."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.finished = asyncio.Event()
        self.problems: dict[str, list[Exception | Outcome]] = {}

    async def do(self, row: Row) -> Outcome:
        self.seen.append(row.id)
        problems = self.problems.get(row.id)
        if problems:
            problem = problems.pop(0)
            if isinstance(problem, Exception):
                raise problem
            return problem
        if row.id == "last":
            self.finished.set()
        return Done()


async def worked_off(diary: Diary, store: MemoryStore, *ids: str) -> None:
    """Lets a worker do these rows of one person, and waits for the last."""
    worker = Worker(store.turns, diary.do, 4)
    worker.start()
    await store.take_in([arrival(id, "phone:1") for id in (*ids, "last")])
    await asyncio.wait_for(diary.finished.wait(), 5)
    await worker.stop(1)


async def test_a_row_that_cannot_be_done_becomes_a_dead_letter() -> None:
    """Those behind it have their turn; its reason is in the list of the inbox, which has nobody's words."""
    diary, store = Diary(), MemoryStore()
    diary.problems["a"] = [ValueError("my password")]
    await worked_off(diary, store, "a")
    assert diary.seen == ["a", "last"]
    [dead] = store.turns.dead
    assert dead.row.id == "a"
    assert dead.reason.startswith("ValueError at ")
    assert "password" not in dead.reason


async def test_a_store_that_fails_within_a_row_delays_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again, in order."""
    monkeypatch.setattr(worker_module, "STORE_RETRY", 0.01)
    diary, store = Diary(), MemoryStore()
    diary.problems["a"] = [StoreError("away"), StoreError("still away")]
    await worked_off(diary, store, "a")
    assert diary.seen == ["a", "a", "a", "last"]


async def test_rows_done_together_are_not_done_again() -> None:
    """One outcome may stand for several rows."""
    diary, store = Diary(), MemoryStore()
    diary.problems["a"] = [Later(0.05, "until all are there"), Done(also=2)]
    await worked_off(diary, store, "a", "b", "c")
    assert diary.seen == ["a", "a", "last"]


async def test_stopping_gives_waiting_rows_back() -> None:
    """A row that only waited is not taken for one that was interrupted."""
    store = MemoryStore()
    begun = asyncio.Event()

    async def wait(row: Row) -> Outcome:
        begun.set()
        await worker.pause(60)
        return Done()

    worker = Worker(store.turns, wait, 1)
    worker.start()
    await store.take_in([arrival("a", "phone:1")])
    await asyncio.wait_for(begun.wait(), 5)
    await worker.stop(1)
    row = await store.turns.advance("1")
    assert row is not None
    assert (row.id, row.interrupted) == ("a", False)


async def test_what_nobody_has_foreseen_delays_a_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not forgotten until somebody writes again."""
    monkeypatch.setattr(worker_module, "STORE_RETRY", 0.01)
    diary, store = Diary(), MemoryStore()
    advance, problems = store.turns.advance, [ValueError("my password"), RuntimeError("unforeseen")]

    async def flaky(conversation: str, done: Row | None = None, receipt: str = "") -> Row | None:
        if problems:
            raise problems.pop()
        return await advance(conversation, done, receipt)

    monkeypatch.setattr(store.turns, "advance", flaky)
    await worked_off(diary, store, "a")
    assert diary.seen == ["a", "last"]
