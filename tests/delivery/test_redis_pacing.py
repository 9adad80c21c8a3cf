"""All workers together keep to WhatsApp's limits."""

from __future__ import annotations

import pytest
from redis_server import RedisServer

from rasa_whatsapp.delivery.pacing import PAIR_BURST, PAIR_INTERVAL
from rasa_whatsapp.delivery.stores.redis.store import RedisStore


async def test_workers_share_the_burst_to_one_person(stores: list[RedisStore]) -> None:
    """45 at once from both together, then one per six seconds."""
    waits = [await stores[place % 2].pacer.reserve("100", "+1", 1e6) for place in range(PAIR_BURST + 3)]
    assert waits[:PAIR_BURST] == [0.0] * PAIR_BURST
    assert waits[PAIR_BURST:] == pytest.approx([PAIR_INTERVAL, 2 * PAIR_INTERVAL, 3 * PAIR_INTERVAL], abs=1)
    assert await stores[0].pacer.reserve("100", "+2", 1e6) == 0.0


async def test_workers_share_the_number_s_throughput(stores: list[RedisStore]) -> None:
    """Ten a second to different people, however many workers ask."""
    waits = [await stores[place % 2].pacer.reserve("100", f"+{place}", 10) for place in range(21)]
    assert waits[0] == 0.0
    assert waits[20] == pytest.approx(2.0, abs=0.5)


async def test_the_pace_leaves_no_keys(stores: list[RedisStore], own_redis: RedisServer) -> None:
    """Every key expires when its limit is no longer in force."""
    await stores[0].pacer.reserve("100", "+1", 10)
    left = {key.decode(): own_redis.client.pttl(key) for key in own_redis.client.keys("*:pace:*")}
    assert sorted(left) == ["{rasa_whatsapp}:pace:100", "{rasa_whatsapp}:pace:100>+1"]
    assert 0 < left["{rasa_whatsapp}:pace:100"] <= 101
    assert 0 < left["{rasa_whatsapp}:pace:100>+1"] <= PAIR_INTERVAL * 1000 + 1


async def test_a_worker_without_redis_keeps_its_own_pace(
    stores: list[RedisStore], own_redis: RedisServer
) -> None:
    """What is in its hands leaves at WhatsApp's pace, not all at once."""
    own_redis.kill()
    waits = [await stores[0].pacer.reserve("100", "+1", 1e6) for _ in range(PAIR_BURST + 1)]
    assert waits[0] == 0.0
    assert waits[-1] == pytest.approx(PAIR_INTERVAL, abs=1)
