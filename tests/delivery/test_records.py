"""A person can see, mend and erase what a store keeps, also from another process while the bot works."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from arrivals import NOW, Clock, arrival

from rasa_whatsapp.delivery.rows import Draft, Record, Row
from rasa_whatsapp.delivery.stores import Records, Store, records_of
from rasa_whatsapp.errors import LeaseLost


@pytest.fixture
async def records(
    request: pytest.FixtureRequest, kind: str, store: Store, tmp_path: Path
) -> AsyncIterator[Records]:
    """As another process sees the store, where another process can."""
    if kind == "memory":
        yield store.records
        return
    redis = request.getfixturevalue("empty_redis").url if kind == "redis" else ""
    records = records_of(redis or f"sqlite:///{tmp_path / 'whatsapp.db'}")
    await records.open()
    yield records
    await records.close()


async def begin(store: Store, conversation: str = "1", lane: str = "turns") -> Row:
    """Claims the conversation and marks its head as running."""
    assert await asyncio.wait_for(getattr(store, lane).claim(), 5) == conversation
    return await head(store, conversation, lane)


async def head(store: Store, conversation: str = "1", lane: str = "turns") -> Row:
    row = await getattr(store, lane).advance(conversation)
    assert row is not None
    return row


def seen(records: list[Record]) -> list[tuple[str, str, str]]:
    return [(record.id, record.conversation, record.state) for record in records]


async def test_a_row_is_seen_once_though_its_conversation_moves(
    kind: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis is asked page by page; who is given back meanwhile goes behind all others."""
    if kind != "redis":
        pytest.skip("the others are asked once")
    await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:2")])
    assert await asyncio.wait_for(store.turns.claim(), 5) == "1"
    call, pages = store.records._call, []

    async def moving(*args: object) -> object:
        page = await call(*args)
        if not pages:
            await store.turns.release("1")
        pages.append(page)
        return page

    monkeypatch.setattr(store.records, "_call", moving)
    assert [record.id for record in await store.records.rows("turn", "waiting", 9)] == ["a", "b"]


async def test_it_is_known_whose_answer_it_was(store: Store, records: Records) -> None:
    """From the moment it is kept, for a status may come before the send is recorded; not once forgotten."""
    await store.add_answers("1", [Draft(id=id, body=b"hi", at=NOW) for id in "ab"])
    assert [await store.addressee(id) for id in ("a", "b", "c")] == ["1", "1", None]
    assert {record.state for id in "ab" for record in await records.find(id)} == {"waiting"}
    assert await records.rows("answer", "done", 9) == []
    sent = await begin(store, "1", "answers")
    given_up = await store.answers.advance("1", sent)
    assert given_up is not None
    await store.answers.bury(given_up, "hopeless")
    assert [await store.addressee(id) for id in ("a", "b", "c")] == ["1", "1", None]
    await records.forget("phone:1")
    assert [await store.addressee(id) for id in ("a", "b")] == [None, None]


async def test_rows_are_seen_in_their_states(store: Store, records: Records) -> None:
    """Newest first; bodies only when one is asked for."""
    await store.take_in([arrival(id, "phone:1", body=b"hi") for id in "abc"])
    row = await begin(store)
    assert seen(await records.rows("turn", "running", 9)) == [("a", "1", "running")]
    await store.turns.bury(row, "hopeless")
    [letter] = await records.rows("turn", "dead", 9)
    assert (letter.id, letter.reason, letter.attempts, letter.body) == ("a", "hopeless", 1, b"")
    assert {record.id for record in await records.rows("turn", "waiting", 9)} == {"b", "c"}
    assert len(await records.rows("turn", "waiting", 1)) == 1
    for id in "ab":
        [found] = await records.find(id)
        assert found.body == b"hi"
    assert await records.find("nobody") == []


async def test_what_is_done_keeps_its_receipt(kind: str, store: Store, records: Records) -> None:
    """The body is gone, and why it had to wait; WhatsApp's id stays."""
    if kind == "memory":
        pytest.skip("memory:// keeps nothing of what is done")
    await store.add_answers("1", [Draft(id="x", body=b"hello", at=NOW)])
    await store.answers.give_back(await begin(store, lane="answers"), "WhatsApp was away")
    row = await head(store, lane="answers")
    assert await store.answers.advance("1", row, "wamid.1") is None
    [sent] = await records.rows("answer", "done", 9)
    assert (sent.id, sent.conversation, sent.receipt, sent.at) == ("x", "1", "wamid.1", NOW)
    assert sent.reason == ""
    assert [(record.receipt, record.body) for record in await records.find("x")] == [("wamid.1", b"")]


async def test_depth_is_what_waits_and_since_when(store: Store, records: Records) -> None:
    """Dead letters wait for nobody."""
    empty = await records.depth("answer")
    assert (empty.rows, empty.oldest) == (0, None)
    await store.add_answers("1", [Draft(id=id, body=b"", at=at) for id, at in (("x", 7.5), ("y", 8.0))])
    await store.add_answers("2", [Draft(id="z", body=b"", at=6.5)])
    deep = await records.depth("answer")
    assert (deep.rows, deep.oldest) == (3, 6.5)
    for conversation in {await asyncio.wait_for(store.answers.claim(), 5) for _ in "12"}:
        await store.answers.bury(await head(store, conversation, "answers"), "hopeless")
    deep = await records.depth("answer")
    assert (deep.rows, deep.oldest) == (1, 8.0)


async def test_a_retry_comes_behind_what_waits(store: Store, records: Records) -> None:
    """As a fresh row, known to be one that a person wants; a second retry finds no dead letter."""
    await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")])
    await store.turns.bury(await begin(store), "hopeless")
    assert await records.retry("turn", "a")
    assert not await records.retry("turn", "a")
    assert await records.rows("turn", "dead", 9) == []
    second = await head(store)
    third = await store.turns.advance("1", second)
    assert third is not None
    assert (second.id, second.retried) == ("b", False)
    assert (third.id, third.attempts, third.interrupted, third.retried) == ("a", 1, False, True)
    assert await store.turns.advance("1", third) is None
    assert await store.take_in([arrival("a", "phone:1")]) == [""]


async def test_a_retry_wakes_the_worker(store: Store, records: Records) -> None:
    """Nothing else has to happen in the conversation."""
    await store.take_in([arrival("a", "phone:1")])
    await store.turns.bury(await begin(store), "hopeless")
    assert await store.turns.advance("1") is None
    await store.turns.release("1")
    waiting = asyncio.create_task(store.turns.claim())
    assert await records.retry("turn", "a")
    assert await asyncio.wait_for(waiting, 5) == "1"


async def test_an_answer_that_arrived_after_all_is_settled(store: Store, records: Records) -> None:
    """It is a dead letter no more and is not sent again."""
    draft = Draft(id="x", body=b"hello", at=NOW)
    await store.add_answers("1", [draft])
    await store.answers.bury(await begin(store, lane="answers"), "unknown")
    assert await records.settle("x")
    assert not await records.settle("x")
    assert await records.rows("answer", "dead", 9) == []
    await store.add_answers("1", [draft])
    assert await store.answers.advance("1") is None


async def test_old_dead_letters_are_purged(store: Store, records: Records) -> None:
    """Those that came before a time, and no others."""
    await store.add_answers("1", [Draft(id=id, body=b"", at=at) for id, at in (("x", 5.0), ("y", 9.0))])
    await store.answers.bury(await begin(store, lane="answers"), "hopeless")
    await store.answers.bury(await head(store, lane="answers"), "hopeless")
    assert await records.purge("answer", "dead", 8.0) == 1
    assert seen(await records.rows("answer", "dead", 9)) == [("y", "1", "dead")]
    assert await records.purge("turn", "dead", 8.0) == 0


async def test_the_newest_dead_letters_are_shown(store: Store, records: Records) -> None:
    """As many as are asked for, the last one first."""
    await store.add_answers(
        "1", [Draft(id=id, body=b"", at=at) for id, at in (("x", 5.0), ("y", 6.0), ("z", 7.0))]
    )
    row: Row | None = await begin(store, lane="answers")
    while row is not None:
        await store.answers.bury(row, "hopeless")
        row = await store.answers.advance("1")
    assert [letter.id for letter in await records.rows("answer", "dead", 2)] == ["z", "y"]
    assert [letter.id for letter in await records.rows("answer", "dead", 9)] == ["z", "y", "x"]


async def test_a_person_is_forgotten(store: Store, records: Records) -> None:
    """Names, contact, rows in every state and values go; the neighbour's stay."""
    await store.take_in([arrival(id, "phone:1", "user_id:BR.1") for id in "abc"])
    await store.take_in([arrival("z", "phone:11")])
    await store.add_answers("1", [Draft(id=id, body=b"", at=1.0) for id in "xy"])
    assert {await asyncio.wait_for(store.turns.claim(), 5) for _ in "12"} == {"1", "11"}
    second = await store.turns.advance("1", await head(store))
    assert second is not None
    await store.turns.bury(second, "hopeless")
    await head(store)
    for key, owner in ("held", "1"), ("stopped", "phone:1"), ("theirs", "11"), ("no phone", "phone:11"):
        await store.set(key, b"1", 100, owner)
    await store.set("nobody's", b"1", 100)

    erased = await records.forget("user_id:BR.1")

    assert (erased.conversations, erased.names, erased.running) == (("1",), 2, 1)
    assert (erased.turns >= 2, erased.answers, erased.values) == (True, 2, 2)
    for lane in "turn", "answer":
        for state in "waiting", "running", "dead", "done":
            assert all(record.conversation == "11" for record in await records.rows(lane, state, 9))
    assert await store.contact("1") is None
    assert await store.contact("11") is not None
    assert [await store.get(key) for key in ("held", "stopped")] == [None, None]
    assert [await store.get(key) for key in ("theirs", "no phone", "nobody's")] == [b"1"] * 3
    assert await records.forget("user_id:BR.1") == type(erased)(conversations=())


async def test_somebody_who_never_wrote_is_forgotten_too(store: Store, records: Records) -> None:
    """The bot began the conversation, so nobody answers to it yet."""
    await store.add_answers("+5561", [Draft(id="x", body=b"", at=1.0)])
    await store.add_answers("100:5561", [Draft(id="y", body=b"", at=1.0)])
    await store.add_answers("55610", [Draft(id="z", body=b"", at=1.0)])
    assert (await records.forget("phone:5561")).conversations == ("+5561", "100:5561")
    assert seen(await records.rows("answer", "waiting", 9)) == [("z", "55610", "waiting")]


async def test_a_report_about_somebody_is_forgotten_under_each_of_their_names(
    store: Store, records: Records
) -> None:
    """It is called by the user id, where there is one, though it is the number that is asked for."""
    await store.take_in([arrival("a", "phone:5561", "user_id:BR.1")])
    for id, name in (("r", "BR.1"), ("s", "5561"), ("t", "BR.11")):
        await store.take_in([arrival(id, wanted=f"event:status:wamid.{id}:failed:{name}")])
    erased = await records.forget("phone:5561")
    assert erased.turns == 3
    assert [row.id for row in await records.rows("turn", "waiting", 9)] == ["t"]


async def test_what_is_forgotten_while_it_is_in_work_does_not_come_back(
    store: Store, records: Records
) -> None:
    """Its turn ends as a dead letter, of somebody who is not to be found here any more."""
    await store.take_in([arrival("a", "phone:1")])
    row = await begin(store)
    await records.forget("phone:1")
    with suppress(LeaseLost):
        await store.turns.bury(row, "hopeless")
    assert await records.rows("turn", "dead", 9) == []


async def test_whoever_had_the_number_before_is_not_forgotten(store: Store, records: Records) -> None:
    """A conversation is called by a number that belongs to somebody else now."""
    await store.take_in([arrival("a", "phone:1", "user_id:BR.1")])
    await store.take_in([arrival("b", "phone:2", "user_id:BR.1", forget="phone:1")])
    assert await store.take_in([arrival("c", "phone:1")]) == ["1~2"]
    assert (await records.forget("phone:1")).conversations == ("1~2",)
    assert await store.contact("1") is not None


async def test_a_person_who_comes_back_is_a_stranger(
    make_store: Callable[[], Store], store: Store, records: Records, clock: Clock
) -> None:
    """What was begun under the old name ends, and the new message has its turn."""
    await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")])
    await records.forget("phone:1")
    assert await store.take_in([arrival("c", "phone:1")]) == ["1"]
    row = await begin(store)
    assert (row.id, row.attempts) == ("c", 1)
