"""A lane gives each conversation's rows to one owner, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from arrivals import NOW, arrival

from rasa_whatsapp.delivery.rows import Draft
from rasa_whatsapp.delivery.stores import MemoryStore, SQLiteStore, Store
from rasa_whatsapp.delivery.stores.base import BEHIND


async def claim(store: Store) -> str:
    return await asyncio.wait_for(store.turns.claim(), 5)


async def test_a_conversation_has_one_owner(store: Store) -> None:
    """While one owns it, new rows wait for that owner and no second claim succeeds."""
    await store.take_in([arrival("a", "phone:1")])
    assert await claim(store) == "1"
    await store.take_in([arrival("b", "phone:1"), arrival("c", "phone:2")])
    assert await claim(store) == "2"
    second = asyncio.create_task(store.turns.claim())
    await asyncio.sleep(0.05)
    assert not second.done()
    await store.turns.release("1")
    assert await asyncio.wait_for(second, 5) == "1"


async def test_rows_come_in_order_of_arrival(store: Store) -> None:
    """First in, first out, with attempts counted from one."""
    await store.take_in([arrival(id, "phone:1") for id in "abc"])
    conversation = await claim(store)
    row = await store.turns.advance(conversation)
    seen = []
    while row is not None:
        seen.append((row.id, row.attempts, row.interrupted))
        row = await store.turns.advance(conversation, row)
    assert seen == [("a", 1, False), ("b", 1, False), ("c", 1, False)]


async def test_a_row_given_back_stays_the_head(store: Store) -> None:
    """It is tried again before those behind it, and counts its attempts."""
    await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")])
    conversation = await claim(store)
    first = await store.turns.advance(conversation)
    assert first is not None
    await store.turns.give_back(first, "no luck")
    again = await store.turns.advance(conversation)
    assert again is not None
    assert (again.id, again.attempts, again.interrupted) == ("a", 2, False)


async def test_failures_are_counted_apart_from_attempts(store: Store) -> None:
    """A row that only had to wait has not failed; the one behind it begins at nought."""
    await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")])
    conversation = await claim(store)
    counted = []
    for failed in (False, True, False, True):
        row = await store.turns.advance(conversation)
        assert row is not None
        counted.append((row.attempts, row.failures))
        await store.turns.give_back(row, "no luck", failed)
    last = await store.turns.advance(conversation)
    assert last is not None
    counted.append((last.attempts, last.failures))
    assert counted == [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)]
    following = await store.turns.advance(conversation, last)
    assert following is not None
    assert (following.id, following.attempts, following.failures) == ("b", 1, 0)


async def test_a_dead_letter_lets_the_next_one_pass(store: Store) -> None:
    """The buried row is out of the way."""
    await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")])
    conversation = await claim(store)
    first = await store.turns.advance(conversation)
    assert first is not None
    await store.turns.bury(first, "hopeless")
    following = await store.turns.advance(conversation)
    assert following is not None
    assert following.id == "b"


async def test_an_answer_is_kept_once(store: Store) -> None:
    """The same id again is passed over, waiting or sent."""
    await store.add_answers("1", [Draft(id="x", body=b"1", at=NOW), Draft(id="y", body=b"2", at=NOW)])
    await store.add_answers("1", [Draft(id="x", body=b"1", at=NOW)])
    conversation = await asyncio.wait_for(store.answers.claim(), 5)
    row = await store.answers.advance(conversation)
    sent = []
    while row is not None:
        sent.append(row.id)
        row = await store.answers.advance(conversation, row, "wamid.1")
    assert sent == ["x", "y"]
    await store.add_answers("1", [Draft(id="x", body=b"1", at=NOW)])
    assert await store.answers.advance(conversation) is None


async def test_what_waits_behind_the_head_is_shown(store: Store) -> None:
    """In order, and not without end."""
    await store.take_in([arrival(str(number), "phone:1") for number in range(BEHIND + 2)])
    assert await store.turns.advance(await claim(store)) is not None
    assert [row.id for row in await store.turns.behind("1")] == [str(number + 1) for number in range(BEHIND)]


async def test_answers_of_a_cancelled_caller_are_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQLite was given is written all the same, and must not wait until something else is written."""
    store, looked = SQLiteStore(tmp_path / "whatsapp.db"), asyncio.Event()
    look = store.answers.look

    async def looking() -> None:
        await look()
        looked.set()

    monkeypatch.setattr(store.answers, "look", looking)
    await store.open()
    try:
        await asyncio.wait_for(looked.wait(), 5)  # the only time, as no neighbour writes
        adding = asyncio.create_task(store.add_answers("1", [Draft(id="x", body=b"1", at=NOW)]))
        await asyncio.sleep(0)
        adding.cancel()
        row = await store.answers.advance(await asyncio.wait_for(store.answers.claim(), 5))
        assert row is not None
        assert row.id == "x"
        assert adding.cancelled()
    finally:
        await store.close()


@pytest.fixture
def durable(make_store: Callable[[], Store]) -> Callable[[], Store]:
    if isinstance(make_store(), MemoryStore):
        pytest.skip("memory:// forgets by design")
    return make_store


async def test_what_is_kept_survives_a_restart(durable: Callable[[], Store]) -> None:
    """A new process finds the rows, and knows which one was interrupted."""
    before = durable()
    await before.open()
    await before.take_in([arrival("a", "phone:1"), arrival("b", "phone:1"), arrival("c", "phone:2")])
    assert await claim(before) == "1"
    assert await before.turns.advance("1") is not None
    await before.close()

    after = durable()
    await after.open()
    try:
        assert {await claim(after), await claim(after)} == {"1", "2"}
        row = await after.turns.advance("1")
        assert row is not None
        assert (row.id, row.attempts, row.interrupted, row.failures) == ("a", 2, True, 1)
        other = await after.turns.advance("2")
        assert other is not None
        assert (other.id, other.attempts, other.interrupted, other.failures) == ("c", 1, False, 0)
    finally:
        await after.close()


async def test_one_process_works_off_what_all_take_in(durable: Callable[[], Store]) -> None:
    """Who works is told of its neighbour's rows; when it goes, the neighbour takes over."""
    holder, neighbour = durable(), durable()
    await holder.open()
    await holder.take_in([arrival("a", "phone:1")])
    assert await claim(holder) == "1"
    await neighbour.open()
    try:
        await neighbour.take_in([arrival("b", "phone:2")])
        assert await claim(holder) == "2"
        await holder.close()
        assert {await claim(neighbour), await claim(neighbour)} == {"1", "2"}
    finally:
        await neighbour.close()


async def test_several_may_claim_at_once(store: Store) -> None:
    """Each gets a conversation of its own, however long they have waited for it together."""
    claims = [asyncio.create_task(claim(store)) for _ in range(3)]
    await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:2"), arrival("c", "phone:3")])
    assert sorted(await asyncio.gather(*claims)) == ["1", "2", "3"]
