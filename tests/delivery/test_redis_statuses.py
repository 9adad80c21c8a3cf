"""A status is heard by the worker that waits for it, whichever worker Meta told."""

from __future__ import annotations

import asyncio

from redis_server import RedisServer

from rasa_whatsapp.delivery.stores.redis.store import RedisStore
from rasa_whatsapp.events import Person, Status

ARRIVED = frozenset({"delivered", "read", "failed"})


def status(outbox_id: str, status: str) -> Status:
    return Status(id="wamid.1", status=status, recipient=Person(phone="1"), outbox_id=outbox_id)


async def test_another_worker_is_told(stores: list[RedisStore]) -> None:
    """Before or while somebody waits; another status or another row does not end the wait."""
    told, waiting = stores[0].statuses, stores[1].statuses
    told.note(status("row1", "sent"))
    told.note(status("row2", "delivered"))
    wait = asyncio.create_task(waiting.wait("row1", ARRIVED, 5))
    assert await waiting.wait("row2", ARRIVED, 5)
    assert not wait.done()
    told.note(status("row1", "delivered"))
    assert await asyncio.wait_for(wait, 2)


async def test_a_status_that_never_comes_ends_the_wait(stores: list[RedisStore]) -> None:
    """The wait says that there was none."""
    stores[0].statuses.note(status("", "delivered"))
    assert not await stores[1].statuses.wait("row1", ARRIVED, 0.3)


async def test_a_thousand_statuses_of_one_webhook_are_written_together(
    stores: list[RedisStore], own_redis: RedisServer
) -> None:
    """So many Meta puts into one request; none takes a connection of its own."""
    before = own_redis.client.info("stats")["total_connections_received"]
    for place in range(1000):
        stores[0].statuses.note(status(f"row{place}", "delivered"))
    waits = [stores[1].statuses.wait(f"row{place}", ARRIVED, 5) for place in (0, 500, 999)]
    assert await asyncio.gather(*waits) == [True] * 3
    assert own_redis.client.info("stats")["total_connections_received"] - before < 10
    assert all(0 < own_redis.client.ttl(key) <= 300 for key in own_redis.client.keys("*:status:*"))


async def test_what_was_noted_is_written_before_the_store_closes(own_redis: RedisServer) -> None:
    """Another worker may wait for it."""
    store = RedisStore(own_redis.url)
    await store.open()
    store.statuses.note(status("row1", "delivered"))
    store.statuses.note(status("row2", "delivered"))
    await store.close()
    assert len(own_redis.client.keys("*:status:*")) == 2


async def test_a_server_that_is_gone_costs_only_the_wait(
    stores: list[RedisStore], own_redis: RedisServer
) -> None:
    """Neither noting nor waiting raises."""
    own_redis.kill()
    stores[0].statuses.note(status("row1", "delivered"))
    assert not await stores[0].statuses.wait("row1", ARRIVED, 0.3)
