"""All workers together keep to WhatsApp's limits."""

from __future__ import annotations

import time

import pytest
from gateways import Wire, knocker
from redis_server import RedisServer

from rasa_whatsapp.delivery.failures import Failures
from rasa_whatsapp.delivery.outbox import Destination, Outbox
from rasa_whatsapp.delivery.pacing import AHEAD, PAIR_BURST, PAIR_INTERVAL, burst
from rasa_whatsapp.delivery.sender import Sender
from rasa_whatsapp.delivery.stores.redis.store import RedisStore
from rasa_whatsapp.messages import Text


async def test_workers_share_the_burst_to_one_person(stores: list[RedisStore]) -> None:
    """45 at once from both together, then one per six seconds."""
    waits = [await stores[place % 2].pacer.reserve("100", "+1", 1e6) for place in range(PAIR_BURST + 3)]
    assert waits[:PAIR_BURST] == [0.0] * PAIR_BURST
    assert waits[PAIR_BURST:] == pytest.approx([PAIR_INTERVAL, 2 * PAIR_INTERVAL, 3 * PAIR_INTERVAL], abs=1)
    assert await stores[0].pacer.reserve("100", "+2", 1e6) == 0.0


async def test_workers_share_the_number_s_throughput(stores: list[RedisStore]) -> None:
    """Ten a second to different people, however many workers ask; and nothing more than a second ahead."""
    waits = [await stores[place % 2].pacer.reserve("100", f"+{place}", 10) for place in range(50)]
    assert waits[0] == 0.0
    assert waits[8] == pytest.approx(0.8, abs=0.3)
    assert waits[30:] == [None] * 20


async def test_the_pace_leaves_no_keys(stores: list[RedisStore], own_redis: RedisServer) -> None:
    """Every key expires when its limit is no longer in force."""
    await stores[0].pacer.reserve("100", "+1", 10)
    left = {key.decode(): own_redis.client.pttl(key) for key in own_redis.client.keys("*:pace:*")}
    assert sorted(left) == ["{rasa_whatsapp}:pace:100", "{rasa_whatsapp}:pace:100>+1"]
    assert 0 < left["{rasa_whatsapp}:pace:100"] <= 101
    assert 0 < left["{rasa_whatsapp}:pace:100>+1"] <= PAIR_INTERVAL * 1000 + 1


async def test_however_much_waits_little_is_reserved(
    stores: list[RedisStore], own_redis: RedisServer
) -> None:
    """A process that dies leaves the number reserved for a second, not for its whole backlog."""
    for place in range(1000):
        await stores[0].pacer.reserve("100", f"+{place}", 80)
    assert own_redis.client.pttl("{rasa_whatsapp}:pace:100") <= 1000 * (AHEAD + 0.2)
    assert len(own_redis.client.keys("*:pace:100>*")) < 300


def sender(store: RedisStore, wire: Wire) -> Sender:
    return Sender(
        store, {"100": wire}, store.statuses, store.pacer, Failures(store, told=False), knocker(store)
    )


async def queue(store: RedisStore, people: int) -> None:
    for person in range(people):
        await Outbox(store).add(Destination(f"t{person}", f"{person}", f"+{person}", "100"), 0, [Text("hi")])


async def test_a_restart_under_load_goes_on_at_once(stores: list[RedisStore]) -> None:
    """What the old process had found in line was reserved by nobody."""
    await queue(stores[0], 400)
    old, new = Wire(), Wire()
    first, second = sender(stores[0], old), sender(stores[1], new)
    first.start()
    await old.until(100)
    await first.stop(1)
    await stores[0].close()
    began = time.monotonic()
    second.start()
    await new.until(1)
    assert time.monotonic() - began < AHEAD + 0.5
    await second.stop(1)


async def test_a_backlog_leaves_at_the_number_s_pace(stores: list[RedisStore]) -> None:
    """Through two workers: all of it, no faster than allowed, and hardly slower."""
    people, wire = 240, Wire()
    await queue(stores[0], people)
    senders = [sender(store, wire) for store in stores]
    for each in senders:
        each.start()
    await wire.until(people)
    for each in senders:
        await each.stop(1)
    took = wire.times[-1] - wire.times[0]
    earliest = (people - burst(wire.throughput)) / wire.throughput
    assert earliest - 0.1 < took < earliest + 1.5
    for first, last in zip(wire.times, wire.times[120:], strict=False):
        assert last - first > 1.0


async def test_a_worker_without_redis_keeps_its_own_pace(
    stores: list[RedisStore], own_redis: RedisServer
) -> None:
    """What is in its hands leaves at WhatsApp's pace, not all at once."""
    own_redis.kill()
    waits = [await stores[0].pacer.reserve("100", "+1", 1e6) for _ in range(PAIR_BURST + 1)]
    assert waits[0] == 0.0
    assert waits[-1] == pytest.approx(PAIR_INTERVAL, abs=1)
