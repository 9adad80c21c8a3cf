"""A row that cannot be done stops nobody, and a store that fails loses nothing."""

from __future__ import annotations

import asyncio

import pytest
from arrivals import arrival

from rasa_whatsapp.delivery import worker as worker_module
from rasa_whatsapp.delivery.rows import Row
from rasa_whatsapp.delivery.stores import MemoryStore, Store
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
    diary.problems["a"] = [Later(0.05, "until all are there"), Done(also=frozenset("bc"))]
    await worked_off(diary, store, "a", "b", "c")
    assert diary.seen == ["a", "a", "last"]


async def test_what_came_into_the_place_of_a_row_is_done_by_itself() -> None:
    """Somebody was forgotten while their rows were done, and has written anew."""
    diary, store = Diary(), MemoryStore()
    diary.problems["a"] = [Done(also=frozenset({"forgotten"}))]
    await worked_off(diary, store, "a", "c")
    assert diary.seen == ["a", "c", "last"]


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


async def test_a_row_that_waits_gets_its_slot_back() -> None:
    """With one slot, and nobody else who writes: looking for work must not keep it."""
    diary, store = Diary(), MemoryStore()
    diary.problems["last"] = [Later(0.01, "not yet")]
    worker = Worker(store.turns, diary.do, 1)
    worker.start()
    await store.take_in([arrival("last", "phone:1")])
    await asyncio.wait_for(diary.finished.wait(), 5)
    await worker.stop(1)
    assert diary.seen == ["last", "last"]


async def test_a_row_that_waits_needs_no_slot_to_be_given_back() -> None:
    """Where another one keeps the only slot for longer than the grace time, it was not interrupted."""
    store, busy, pausing = MemoryStore(), asyncio.Event(), asyncio.Event()
    given_back: list[str] = []
    give_back = store.turns.give_back

    async def note(row: Row, *reason: object) -> None:
        given_back.append(row.id)
        await give_back(row, *reason)  # type: ignore[arg-type]

    store.turns.give_back = note  # type: ignore[method-assign]

    async def do(row: Row) -> Outcome:
        if row.id == "waits":
            pausing.set()
            await worker.pause(60)
        else:
            busy.set()
            await asyncio.Event().wait()
        return Done()

    worker = Worker(store.turns, do, 1)
    worker.start()
    await store.take_in([arrival("waits", "phone:1")])
    await asyncio.wait_for(pausing.wait(), 5)
    await store.take_in([arrival("works", "phone:2")])
    await asyncio.wait_for(busy.wait(), 5)
    await worker.stop(0.05)
    assert given_back == ["waits"]


async def test_a_worker_without_a_slot_keeps_no_conversation(store: Store) -> None:
    """Its slot was taken while it looked for work: another worker gets what it found."""
    begun, work, working, go_on, done = (asyncio.Event() for _ in range(5))

    async def slow(row: Row) -> Outcome:
        begun.set()
        await worker.aside_for(work.wait())
        working.set()
        await go_on.wait()
        return Done()

    async def quick(row: Row) -> Outcome:
        done.set()
        return Done()

    worker, other = Worker(store.turns, slow, 1), Worker(store.turns, quick, 1)
    worker.start()
    await store.take_in([arrival("a", "phone:1")])
    await asyncio.wait_for(begun.wait(), 5)
    work.set()
    await asyncio.wait_for(working.wait(), 5)
    await store.take_in([arrival("b", "phone:2")])
    other.start()
    await asyncio.wait_for(done.wait(), 5)
    go_on.set()
    await asyncio.gather(worker.stop(1), other.stop(1))


async def test_who_writes_without_end_keeps_nobody_waiting_for_ever(store: Store) -> None:
    """With no slot free a conversation makes room after some rows, and comes back behind who waited."""
    diary = Diary()
    await store.take_in([arrival(f"a{number}", "phone:1") for number in range(5)])
    await store.take_in([arrival("b", "phone:2"), arrival("c", "phone:3"), arrival("last", "phone:1")])
    worker = Worker(store.turns, diary.do, 1, stretch=2)
    worker.start()
    await asyncio.wait_for(diary.finished.wait(), 5)
    await worker.stop(1)
    assert diary.seen == ["a0", "a1", "b", "c", "a2", "a3", "a4", "last"]


async def test_with_a_slot_free_nobody_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would cost the store two calls, for nobody."""
    diary, store, released = Diary(), MemoryStore(), []
    monkeypatch.setattr(store.turns, "give_back", None)
    release = store.turns.release

    async def note(conversation: str) -> None:
        released.append(conversation)
        await release(conversation)

    monkeypatch.setattr(store.turns, "release", note)
    await store.take_in([arrival(id, "phone:1") for id in ("a", "b", "c", "d", "last")])
    worker = Worker(store.turns, diary.do, 2, stretch=2)
    worker.start()
    await asyncio.wait_for(diary.finished.wait(), 5)
    await worker.stop(1)
    assert (diary.seen, released) == (["a", "b", "c", "d", "last"], ["1"])
