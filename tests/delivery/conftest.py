"""Every store behaves alike: the tests of this folder run against each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from arrivals import Clock

from rasa_whatsapp.delivery.stores import MemoryStore, SQLiteStore, Store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Callable[[], Store]:
    """Makes a store; for a durable one, each call makes another process's view of the same store."""
    if request.param == "memory":
        return lambda: MemoryStore(clock)
    return lambda: SQLiteStore(tmp_path / "whatsapp.db", clock)


@pytest.fixture
async def store(make_store: Callable[[], Store]) -> AsyncIterator[Store]:
    store = make_store()
    await store.open()
    yield store
    await store.close()
