"""Who is who: the script in Redis follows the same rules as ``people.resolve``."""

from __future__ import annotations

import asyncio

from arrivals import Clock, mixed_up
from hypothesis import HealthCheck, given, settings
from redis_server import RedisServer

from rasa_whatsapp.delivery.rows import Arrival
from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.delivery.stores.redis.store import RedisStore


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mixed_up())
def test_the_script_and_the_rules_agree(empty_redis: RedisServer, happened: list[Arrival]) -> None:
    """Whatever happens, both stores say the same of every arrival and every contact."""

    async def compare() -> None:
        clock = Clock()
        memory, server = MemoryStore(clock), RedisStore(empty_redis.url)
        await server.open()
        try:
            for arrived in happened:
                clock.now += 1
                assert await server.take_in([arrived]) == await memory.take_in([arrived])
            for key in ("1", "2", "3", "BR.1", "BR.2", "BR.3", "1~2", "BR.1~2"):
                assert await server.contact(key) == await memory.contact(key)
        finally:
            await server.close()

    empty_redis.client.flushall()
    asyncio.run(compare())
