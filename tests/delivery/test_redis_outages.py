"""Redis fails in every way it can: nothing is lost, nothing hangs, and it works again by itself."""

from __future__ import annotations

import asyncio
import time

import pytest
from arrivals import arrival
from redis_server import RedisServer

from rasa_whatsapp.delivery.rows import Draft
from rasa_whatsapp.delivery.stores.redis import connection
from rasa_whatsapp.delivery.stores.redis.store import RedisStore
from rasa_whatsapp.errors import StoreError


async def claim(store: RedisStore) -> str:
    return await asyncio.wait_for(store.turns.claim(), 5)


async def test_a_restart_loses_nothing(own_redis: RedisServer) -> None:
    """Killed and started again: rows, ids, aliases, leases and scripts are there, or made again."""
    store = RedisStore(own_redis.url)
    await store.open()
    try:
        await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1"), arrival("c", "phone:2")])
        await store.add_answers("1", [Draft(id="x", body=b"{}", at=1.0)])
        assert await claim(store) == "1"
        first = await store.turns.advance("1")
        assert first is not None

        own_redis.kill()
        with pytest.raises(StoreError):
            await store.turns.advance("1", first)
        own_redis.start()

        second = await store.turns.advance("1", first)
        assert second is not None
        assert (second.id, second.attempts, second.interrupted) == ("b", 1, False)
        assert await store.take_in([arrival("a", "phone:1"), arrival("d", "phone:1")]) == ["", "1"]
        third = await store.turns.advance("1", second)
        assert third is not None
        assert third.id == "d"
        assert await claim(store) == "2"
        assert await asyncio.wait_for(store.answers.claim(), 5) == "1"
    finally:
        await store.close()


async def test_a_claim_outlives_an_empty_restart(own_redis: RedisServer) -> None:
    """Who waits for work finds it even on a server that has forgotten the group of workers."""
    store = RedisStore(own_redis.url)
    await store.open()
    try:
        waiting = asyncio.create_task(store.turns.claim())
        await asyncio.sleep(0)
        own_redis.client.flushall()
        own_redis.client.script_flush()
        await store.take_in([arrival("a", "phone:1")])
        assert await asyncio.wait_for(waiting, 5) == "1"
    finally:
        await store.close()


async def test_a_dead_server_is_an_error_at_once(own_redis: RedisServer) -> None:
    """Every method raises within two seconds and names host and port."""
    store = RedisStore(own_redis.url)
    await store.open()
    await store.take_in([arrival("a", "phone:1")])
    assert await claim(store) == "1"
    row = await store.turns.advance("1")
    assert row is not None
    own_redis.kill()
    try:
        for ask in (
            lambda: store.take_in([arrival("b", "phone:1")]),
            lambda: store.add_answers("1", [Draft(id="x", body=b"{}", at=1.0)]),
            lambda: store.contact("1"),
            lambda: store.get("key"),
            lambda: store.set("key", b"value", 60),
            lambda: store.check(),
            lambda: store.turns.claim(),
            lambda: store.turns.advance("1", row),
            lambda: store.turns.give_back(row, "reason"),
            lambda: store.turns.bury(row, "reason"),
            lambda: store.turns.release("1"),
        ):
            began = time.monotonic()
            with pytest.raises(StoreError, match=f"127.0.0.1:{own_redis.port}"):
                await ask()
            assert time.monotonic() - began < 2
    finally:
        await store.close()


async def test_however_much_is_asked_at_once_the_connections_are_few(own_redis: RedisServer) -> None:
    """Whoever asks while all are in use waits: a process that has no file left can take nothing in."""
    store = RedisStore(own_redis.url)
    await store.open()
    try:
        assert await asyncio.gather(*(store.get(str(key)) for key in range(500))) == [None] * 500
        assert await store.take_in([arrival("a", "phone:1")]) == ["1"]
        assert own_redis.client.info("stats")["total_connections_received"] <= connection.CONNECTIONS + 1
    finally:
        await store.close()


async def test_a_silent_server_is_an_error_in_time(
    own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that accepts connections and answers nothing does not hold a webhook for ever."""
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.3)
    store = RedisStore(own_redis.url)
    await store.open()
    own_redis.freeze()
    try:
        with pytest.raises(StoreError):
            await asyncio.wait_for(store.take_in([arrival("a", "phone:1")]), 2)
        # Many at once do not wait for one time-out after the other.
        many = [store.get(str(key)) for key in range(10 * connection.CONNECTIONS)]
        answers = await asyncio.wait_for(asyncio.gather(*many, return_exceptions=True), 2)
        assert all(isinstance(answer, StoreError) for answer in answers)
    finally:
        own_redis.kill()
        await store.close()


async def test_a_server_that_is_not_there(own_redis: RedisServer) -> None:
    """The error names host and port, never the password."""
    own_redis.kill()
    store = RedisStore(f"redis://bot:hush@127.0.0.1:{own_redis.port}/0")
    with pytest.raises(StoreError) as caught:
        await store.open()
    assert f"127.0.0.1:{own_redis.port}" in str(caught.value)
    assert "hush" not in f"{caught.value!r} {caught.value.__cause__!r}"


async def test_owners_come_first_when_the_server_is_back(own_redis: RedisServer) -> None:
    """An outage longer than the lease gives nobody's conversation away: its owner renews it first."""
    owner, other = RedisStore(own_redis.url, lease=2.0), RedisStore(own_redis.url, lease=2.0)
    await owner.open()
    await other.open()
    try:
        await owner.take_in([arrival("a", "phone:1")])
        assert await claim(owner) == "1"
        row = await owner.turns.advance("1")
        own_redis.kill()
        with pytest.raises(StoreError):
            await other.turns.claim()
        await asyncio.sleep(2.1)
        own_redis.start()
        with pytest.raises((asyncio.TimeoutError, StoreError)):
            await asyncio.wait_for(other.turns.claim(), 3.5)
        assert await owner.turns.advance("1", row) is None
    finally:
        await owner.close()
        await other.close()


async def test_unsafe_settings_are_told(own_redis: RedisServer) -> None:
    """A server that forgets, or throws keys away, is warned about."""
    store = RedisStore(own_redis.url)
    await store.open()
    try:
        assert await store.check() == []
        own_redis.client.config_set("appendonly", "no")
        own_redis.client.config_set("maxmemory-policy", "allkeys-lru")
        forgets, drops = await store.check()
        assert "appendonly yes" in forgets
        assert "noeviction" in drops
    finally:
        await store.close()


async def test_a_full_server_keeps_nothing_by_halves(own_redis: RedisServer) -> None:
    """Out of memory: the request fails as a whole, and is taken in as a whole once there is room."""
    store = RedisStore(own_redis.url)
    await store.open()
    try:
        own_redis.client.config_set("maxmemory", 1)
        with pytest.raises(StoreError):
            await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")])
        own_redis.client.config_set("maxmemory", 0)
        assert await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")]) == ["1", "1"]
    finally:
        await store.close()
