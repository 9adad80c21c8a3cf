"""The store for several workers and hosts: one Redis server, 6.2 or newer.

A stream with a consumer group would hand messages out in parallel and lose their order. So the stream
holds conversations, and each conversation keeps its rows in a list: whoever was given the conversation
works its rows off alone. The transactions, and the keys they use, are in ``lane.lua``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from rasa_whatsapp.delivery.rows import Arrival, Contact, Draft
from rasa_whatsapp.delivery.stores.base import REMEMBERED
from rasa_whatsapp.delivery.stores.people import warn_of_ambiguity
from rasa_whatsapp.delivery.stores.redis.batch import Batch
from rasa_whatsapp.delivery.stores.redis.connection import RedisConnection
from rasa_whatsapp.delivery.stores.redis.lane import PREFIX, Item, RedisLane, encode
from rasa_whatsapp.delivery.stores.redis.pacing import RedisPacer
from rasa_whatsapp.delivery.stores.redis.records import RedisRecords
from rasa_whatsapp.delivery.stores.redis.statuses import RedisStatuses
from rasa_whatsapp.errors import StoreError

LEASE = 15.0
"""Seconds after which the conversations of a worker that went silent may be taken over."""


class RedisStore:
    """A Redis server that all workers share; see ``base.Store``.

    Args:
        url: ``redis://[user:password@]host[:port][/database]``, or ``rediss://`` for TLS.
        lease: seconds after which the conversations of a worker that went silent may be taken over.

    Attributes:
        pacer: hands out sending times to all workers together.
        records: all rows, for people.
        statuses: what became of messages, whichever worker was told.
    """

    def __init__(self, url: str, lease: float = LEASE) -> None:
        self._connection = RedisConnection(url)
        self._arrivals: Batch[Arrival, str] = Batch(self._write_arrivals)
        self.turns = RedisLane(self._connection, "turn", lease)
        self.answers = RedisLane(self._connection, "answer", lease)
        self.records = RedisRecords(self._connection)
        self.pacer = RedisPacer(self._connection, PREFIX)
        self.statuses = RedisStatuses(self._connection, PREFIX)

    async def open(self) -> None:
        self._connection.open()
        try:
            version = str((await self._connection.info())["redis_version"])
            if _numbers(version) < (6, 2):
                raise StoreError(f"store: Redis {version} is too old; install 6.2 or newer.")
            await self.turns.open()
            await self.answers.open()
        except StoreError:
            await self.close()
            raise

    async def close(self) -> None:
        await asyncio.gather(self.turns.close(), self.answers.close(), self.statuses.close())
        await self._connection.close()

    async def take_in(self, arrivals: Sequence[Arrival]) -> list[str]:
        return await self._arrivals.add(arrivals)

    async def _write_arrivals(self, arrivals: list[Arrival]) -> list[str]:
        # Packed, for redis-py takes longer over each argument than everybody else over the whole arrival.
        about = [
            (arrival.id, arrival.wanted, arrival.forget, _contact(arrival), arrival.aliases)
            for arrival in arrivals
        ]
        rows = [encode(arrival) for arrival in arrivals]
        answer = await self.turns.call("take_in", round(REMEMBERED), msgspec.msgpack.encode(about), *rows)
        taken = msgspec.msgpack.decode(answer, type=list[tuple[str, int]])
        for _, found in taken:
            if found > 1:
                warn_of_ambiguity(found)
        return [conversation for conversation, _ in taken]

    async def add_answers(self, conversation: str, drafts: Sequence[Draft]) -> None:
        await self.answers.append(conversation, drafts)

    async def addressee(self, answer: str) -> str | None:
        return await self.answers.whose(answer)

    async def contact(self, conversation: str) -> Contact | None:
        found = await self._connection.command("HGET", f"{PREFIX}:person:{conversation}", "contact")
        return msgspec.json.decode(found, type=Contact) if found else None

    async def owner(self, alias: str) -> str | None:
        found = await self._connection.command("GET", f"{PREFIX}:alias:{alias}")
        return found.decode() if found else None

    async def get(self, key: str) -> bytes | None:
        item: bytes | None = await self._connection.command("GET", f"{PREFIX}:shelf:{key}")
        return None if item is None else msgspec.msgpack.decode(item, type=Item).value

    async def set(self, key: str, value: bytes, ttl: float, owner: str = "") -> None:
        item = msgspec.msgpack.encode(Item(owner, value))
        await self._connection.command("SET", f"{PREFIX}:shelf:{key}", item, "PX", max(1, round(ttl * 1000)))

    async def examine(self) -> list[str]:
        """Connects, looks and leaves, without joining the workers; see ``check``.

        Raises:
            StoreError: the server cannot be reached, or refuses.
        """
        self._connection.open()
        try:
            return await self.check()
        finally:
            await self._connection.close()

    async def check(self) -> list[str]:
        """What about the server's settings could lose messages, one sentence each.

        Raises:
            StoreError: the server cannot be reached, or refuses.
        """
        info = await self._connection.info()
        warnings = []
        if not int(info.get("aof_enabled", 0)):
            warnings.append("Redis may lose what it took in when it stops: set `appendonly yes`.")
        if info.get("maxmemory_policy") != "noeviction":
            warnings.append("Redis may drop messages when memory is full: set `maxmemory-policy noeviction`.")
        return warnings


def _contact(arrival: Arrival) -> str:
    """What is kept of how to reach the person; empty where that stays as it is."""
    return "" if arrival.contact is None else msgspec.json.encode(arrival.contact).decode()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
