"""A row that cannot be read becomes a dead letter; those behind it in its conversation have their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from arrivals import NOW, arrival
from gateways import Wire, knocker
from redis_server import RedisServer

from rasa_whatsapp import events
from rasa_whatsapp.delivery.dispatcher import Dispatcher
from rasa_whatsapp.delivery.failures import Failures
from rasa_whatsapp.delivery.outbox import Destination, Outbox
from rasa_whatsapp.delivery.pacing import Unpaced
from rasa_whatsapp.delivery.rows import Draft, Row
from rasa_whatsapp.delivery.sender import Sender
from rasa_whatsapp.delivery.stores import Store
from rasa_whatsapp.delivery.stores.redis.store import RedisStore
from rasa_whatsapp.messages import Text

BODIES = pytest.mark.parametrize(
    "body",
    [b"\xff", b'{"event":"\xff"}', b"", b"{}", b"[1"],
    ids=["bytes", "utf-8", "empty", "object", "cut"],
)


class Turns:
    """Handles turns by noting what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.changed = asyncio.Condition()

    async def handle(self, gathered: Sequence[events.AnyEvent], row: Row) -> None:
        async with self.changed:
            self.said += [event.body for event in gathered if isinstance(event, events.Text)]
            self.changed.notify_all()


async def _ready() -> None:
    """As if Rasa had its model."""


def said(body: str) -> bytes:
    return events.encode(events.Text(id=body, body=body))


async def handled(store: Store, debounce: float = 0.0) -> list[str]:
    """The two things that are said."""
    turns = Turns()
    dispatcher = Dispatcher(store.turns, turns.handle, _ready, 4, 3600, debounce)
    dispatcher.start()
    async with turns.changed:
        await asyncio.wait_for(turns.changed.wait_for(lambda: len(turns.said) >= 2), 5)
    await dispatcher.stop(1)
    return turns.said


@BODIES
async def test_a_turn(store: Store, body: bytes) -> None:
    """Whatever its body is; the others that the store reads together with it are not held up either."""
    await store.take_in([arrival("a", "phone:1", body=body), arrival("b", "phone:2", body=said("other"))])
    await store.take_in([arrival("c", "phone:1", body=said("last"))])
    assert sorted(await handled(store)) == ["last", "other"]
    [letter] = await store.records.rows("turn", "dead", 9)
    assert letter.id == "a"
    assert letter.reason.startswith("cannot be read: ")


async def test_a_turn_behind_the_one_that_waits_for_it(store: Store) -> None:
    """With debounce, whoever looks at what comes behind is not taken down with it."""
    await store.take_in([arrival("a", "phone:1", body=said("first")), arrival("b", "phone:1", body=b"{")])
    await store.take_in([arrival("c", "phone:1", body=said("last"))])
    assert await handled(store, debounce=0.1) == ["first", "last"]
    assert [letter.id for letter in await store.records.rows("turn", "dead", 9)] == ["b"]


@BODIES
async def test_an_answer(store: Store, body: bytes) -> None:
    """The next one leaves."""
    wire = Wire()
    await store.add_answers("1", [Draft(id="a", body=body, at=NOW)])
    await Outbox(store).add(Destination("turn", "1", "+1", "100"), 0, [Text("b")])
    failures = Failures(store, told=True)
    sender = Sender(store, {"100": wire}, store.statuses, Unpaced(), failures, knocker(store))
    sender.start()
    assert await wire.until(1) == [("+1", "b")]
    await sender.stop(1)
    [letter] = await store.records.rows("answer", "dead", 9)
    assert letter.id == "a"
    assert letter.reason.startswith("cannot be read: ")


@pytest.mark.parametrize("row", [b"", b"x", b"a row of somebody else's", b"\x94\xcb"])
async def test_a_row_of_redis(empty_redis: RedisServer, row: bytes) -> None:
    """Not even its id can be told; it can be seen, counted and purged all the same."""
    store = RedisStore(empty_redis.url)
    await store.open()
    try:
        await store.take_in([arrival("a", "phone:1", body=said("first"))])
        empty_redis.client.lpush("{rasa_whatsapp}:turn:rows:1", row)
        await store.take_in([arrival("b", "phone:1", body=said("last"))])
        assert (await store.records.depth("turn")).rows == 3
        assert len(await store.records.rows("turn", "waiting", 9)) == 3
        assert await handled(store) == ["first", "last"]
        [letter] = await store.records.rows("turn", "dead", 9)
        [found] = await store.records.find(letter.id)
        assert found.body == row
        assert await store.records.purge("turn", "dead", found.at + 1) == 1
    finally:
        await store.close()
