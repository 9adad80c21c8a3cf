"""Every store behaves alike: the tests of this folder run against each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from arrivals import Clock, ServerClock
from redis_server import RedisServer

from rasa_whatsapp.delivery.stores import MemoryStore, SQLiteStore, Store, open_url
from rasa_whatsapp.delivery.stores.redis.store import RedisStore


@pytest.fixture(params=["memory", "sqlite", "redis"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which store the test runs against."""
    return str(request.param)


@pytest.fixture
def clock(request: pytest.FixtureRequest, kind: str) -> Clock:
    return ServerClock(request.getfixturevalue("empty_redis").client) if kind == "redis" else Clock()


@pytest.fixture
def make_store(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path, clock: Clock
) -> Callable[[], Store]:
    """Makes a store; for a durable one, each call makes another process's view of the same store."""
    if kind == "memory":
        return lambda: MemoryStore(clock)
    if kind == "sqlite":
        return lambda: SQLiteStore(tmp_path / "whatsapp.db", clock)
    server = request.getfixturevalue("empty_redis")
    return lambda: open_url(server.url)


@pytest.fixture
async def store(make_store: Callable[[], Store]) -> AsyncIterator[Store]:
    store = make_store()
    await store.open()
    yield store
    await store.close()


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def empty_redis(shared_redis: RedisServer) -> RedisServer:
    """A server without keys, for tests that leave it running."""
    shared_redis.client.flushall()
    return shared_redis


@pytest.fixture
async def stores(own_redis: RedisServer) -> AsyncIterator[list[RedisStore]]:
    """Those of two workers."""
    stores = [RedisStore(own_redis.url) for _ in range(2)]
    await asyncio.gather(*(store.open() for store in stores))
    yield stores
    await asyncio.gather(*(store.close() for store in stores))
