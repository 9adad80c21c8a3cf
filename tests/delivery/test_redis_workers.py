"""Several workers over one Redis server share the conversations, each of which has one owner."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest
from arrivals import arrival
from redis_server import RedisServer
from structlog.testing import capture_logs

from rasa_whatsapp.delivery.rows import Draft, Row
from rasa_whatsapp.delivery.stores.redis.lane import Letter
from rasa_whatsapp.delivery.stores.redis.store import RedisStore
from rasa_whatsapp.delivery.worker import Done, Worker
from rasa_whatsapp.errors import LeaseLost

LEASE = 0.6
Open = Callable[..., Awaitable[RedisStore]]


@pytest.fixture
async def open_store(empty_redis: RedisServer) -> AsyncIterator[Open]:
    """Opens the store as one more worker."""
    opened = []

    async def open_one(lease: float = LEASE) -> RedisStore:
        store = RedisStore(empty_redis.url, lease)
        await store.open()
        opened.append(store)
        return store

    yield open_one
    await asyncio.gather(*(store.close() for store in opened))


async def claim(store: RedisStore) -> str:
    return await asyncio.wait_for(store.turns.claim(), 5)


def fall_silent(store: RedisStore) -> None:
    """The worker goes on, but renews nothing any more, as when its process is suspended."""
    store.turns._renewing.cancel()


async def test_work_is_shared_and_never_owned_twice(open_store: Open) -> None:
    """300 rows of 30 people through three workers: each row once, in order, one owner at a time."""
    stores = [await open_store() for _ in range(3)]
    owned: set[str] = set()
    done: dict[str, list[str]] = defaultdict(list)
    shares: list[int] = []
    all_done = asyncio.Event()

    def doing(share: int) -> Callable[[Row], Awaitable[Done]]:
        async def do(row: Row) -> Done:
            assert row.conversation not in owned
            owned.add(row.conversation)
            await asyncio.sleep(0.001)
            owned.discard(row.conversation)
            done[row.conversation].append(row.id)
            shares.append(share)
            if len(shares) == 300:
                all_done.set()
            return Done()

        return do

    workers = [Worker(store.turns, doing(share), slots=4) for share, store in enumerate(stores)]
    for worker in workers:
        worker.start()
    for message in range(10):
        for person in range(30):
            await stores[message % 3].take_in([arrival(f"{person}.{message}", f"phone:{person}")])
    await asyncio.wait_for(all_done.wait(), 20)
    await asyncio.gather(*(worker.stop(1) for worker in workers))
    assert done == {str(person): [f"{person}.{message}" for message in range(10)] for person in range(30)}
    assert set(shares) == {0, 1, 2}


async def test_a_long_turn_keeps_its_conversation(open_store: Open) -> None:
    """A worker that renews its lease is not robbed, however long its turn takes."""
    busy, idle = await open_store(), await open_store()
    await busy.take_in([arrival("a", "phone:1")])
    assert await claim(busy) == "1"
    row = await busy.turns.advance("1")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(idle.turns.claim(), LEASE * 3)
    assert await busy.turns.advance("1", row) is None


async def test_a_silent_worker_loses_its_conversation(open_store: Open) -> None:
    """After the lease another worker goes on with the interrupted row; the late owner is refused."""
    silent, other = await open_store(), await open_store()
    await silent.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")])
    assert await claim(silent) == "1"
    late = await silent.turns.advance("1")
    assert late is not None
    fall_silent(silent)

    assert await claim(other) == "1"
    row = await other.turns.advance("1")
    assert row is not None
    assert (row.id, row.attempts, row.interrupted) == ("a", 2, True)
    with pytest.raises(LeaseLost):
        await silent.turns.advance("1", late)
    with pytest.raises(LeaseLost):
        await silent.turns.give_back(late, "late")
    with pytest.raises(LeaseLost):
        await silent.turns.bury(late, "late")
    await silent.turns.release("1")
    following = await other.turns.advance("1", row)
    assert following is not None
    assert (following.id, following.attempts, following.interrupted) == ("b", 1, False)


async def test_what_was_lost_can_come_back(open_store: Open) -> None:
    """The worker that lost a conversation may own it again once it has let go of it."""
    silent, other = await open_store(), await open_store()
    await silent.take_in([arrival("a", "phone:1")])
    assert await claim(silent) == "1"
    fall_silent(silent)
    assert await claim(other) == "1"
    await other.turns.release("1")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(silent.turns.claim(), 0.1)
    with pytest.raises(LeaseLost):
        await silent.turns.advance("1")
    await silent.turns.release("1")
    assert await claim(silent) == "1"
    row = await silent.turns.advance("1")
    assert row is not None
    assert row.id == "a"


async def test_a_worker_abandons_what_it_has_lost(open_store: Open) -> None:
    """It says so in the log, once, and goes on with other conversations."""
    silent, other = await open_store(), await open_store()
    begun, go_on = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def do(row: Row) -> Done:
        begun.set()
        await go_on.wait()
        done.append(row.id)
        return Done()

    worker = Worker(silent.turns, do, slots=1)
    await silent.take_in([arrival("a", "phone:1")])
    with capture_logs() as logs:
        worker.start()
        await asyncio.wait_for(begun.wait(), 5)
        fall_silent(silent)
        assert await claim(other) == "1"
        go_on.set()
        begun.clear()
        await silent.take_in([arrival("b", "phone:2")])
        await asyncio.wait_for(begun.wait(), 5)
        await worker.stop(5)
    assert done == ["a", "b"]
    assert [log["event"] for log in logs] == ["whatsapp.conversation.lost"]


async def test_who_leaves_is_replaced_at_once(open_store: Open) -> None:
    """A worker that stops in order does not make the others wait for its lease to run out."""
    leaving, staying = await open_store(lease=60), await open_store(lease=60)
    await leaving.take_in([arrival("a", "phone:1")])
    assert await claim(leaving) == "1"
    await leaving.close()
    assert await claim(staying) == "1"


async def test_a_worker_that_stops_takes_nothing_more(open_store: Open) -> None:
    """While it finishes a long turn, what its last look for work is given goes to another worker at once."""
    stopping, staying = await open_store(lease=60), await open_store(lease=60)
    begun, go_on, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def long(row: Row) -> Done:
        begun.set()
        await go_on.wait()
        return Done()

    async def quick(row: Row) -> Done:
        done.set()
        return Done()

    worker, other = Worker(stopping.turns, long, slots=4), Worker(staying.turns, quick, slots=4)
    worker.start()
    await stopping.take_in([arrival("long", "phone:1")])
    await asyncio.wait_for(begun.wait(), 5)
    stop = asyncio.create_task(worker.stop(60))
    await staying.take_in([arrival("a", "phone:2")])
    other.start()
    await asyncio.wait_for(done.wait(), 5)
    go_on.set()
    await asyncio.gather(stop, other.stop(1))


async def test_a_wait_given_up_loses_nothing(open_store: Open) -> None:
    """What the server hands over when nobody waits any more goes to the next who does."""
    store = await open_store(lease=60)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(store.turns.claim(), 0.05)
    await store.take_in([arrival("a", "phone:1")])
    assert await claim(store) == "1"


async def test_an_answer_that_was_sent_is_passed_over_by_all(open_store: Open) -> None:
    """Its id is remembered with the receipt and without its body."""
    one, other = await open_store(), await open_store()
    draft = Draft(id="x", body=b"hello", at=1.0)
    await one.add_answers("1", [draft])
    assert await asyncio.wait_for(one.answers.claim(), 5) == "1"
    row = await one.answers.advance("1")
    assert await one.answers.advance("1", row, "wamid.1") is None
    await one.answers.release("1")
    await other.add_answers("1", [draft])
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(other.answers.claim(), 0.2)


async def test_nothing_is_left_behind(open_store: Open, empty_redis: RedisServer) -> None:
    """After the work only people, known ids and the empty streams remain."""
    store = await open_store()
    await store.take_in([arrival(id, "phone:1") for id in "ab"])
    assert await claim(store) == "1"
    row = await store.turns.advance("1")
    while row is not None:
        row = await store.turns.advance("1", row)
    await store.turns.release("1")
    assert sorted(
        key.decode().removeprefix("{rasa_whatsapp}:") for key in empty_redis.client.scan_iter()
    ) == [
        "alias:phone:1",
        "answer:ready",
        "person:1",
        "persons",
        "turn:id:a",
        "turn:id:b",
        "turn:ready",
    ]
    assert empty_redis.client.xlen("{rasa_whatsapp}:turn:ready") == 0


async def test_dead_letters_can_be_listed(open_store: Open, empty_redis: RedisServer) -> None:
    """They are kept by time, with all that is needed to show them or try them again."""
    store = await open_store()
    await store.take_in([arrival("a", "phone:1", body=b"hello")])
    assert await claim(store) == "1"
    row = await store.turns.advance("1")
    assert row is not None
    await store.turns.bury(row, "hopeless")
    assert empty_redis.client.zrange("{rasa_whatsapp}:turn:dead", 0, -1) == [b"a"]
    letter = msgspec.msgpack.decode(empty_redis.client.hget("{rasa_whatsapp}:turn:letters", "a"), type=Letter)
    assert (letter.conversation, letter.attempts, letter.reason, letter.body) == (
        "1",
        1,
        "hopeless",
        b"hello",
    )
    assert await store.turns.advance("1") is None
