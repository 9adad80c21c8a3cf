"""One lane in Redis: conversations are handed out under a lease, their rows one after the other."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Coroutine, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec
import structlog

from rasa_whatsapp.delivery.rows import Arrival, Draft, Row, Waiting
from rasa_whatsapp.delivery.stores.base import BEHIND, REMEMBERED
from rasa_whatsapp.delivery.stores.redis.connection import RedisConnection
from rasa_whatsapp.errors import LeaseLost, StoreError

logger = structlog.get_logger()

T = TypeVar("T")

PREFIX = "{rasa_whatsapp}"
"""What all keys begin with; the braces keep them on one node of a cluster."""
RENEWALS = 3
"""How often a living worker renews a lease before it would run out."""
LOOK = 0.5
"""Seconds for one look for work, and between two for leases that have run out; closing may take as long."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A row as it waits in its conversation's list; ``lane.lua`` reads ``at`` where it stands, in front."""

    at: float
    id: str
    body: bytes
    retried: bool = False


def encode(row: Arrival | Draft) -> bytes:
    """The row as it is kept."""
    return msgspec.msgpack.encode(Kept(row.at, row.id, row.body))


def decode(row: bytes) -> Kept:
    """The row that is kept so. One that cannot be read has a name of its own, and is its own body."""
    try:
        return msgspec.msgpack.decode(row, type=Kept)
    except ValueError:
        digest = hashlib.blake2b(row, digest_size=16).hexdigest()
        return Kept(time.time(), f"unreadable:{digest}", row)


class Finished(msgspec.Struct, frozen=True, array_like=True):
    """What is left of a row that is done, under its id, for as long as that counts as known."""

    conversation: str
    at: float
    attempts: int
    receipt: str


Left = Finished | str
"""What is kept under an answer's id: until the row is done, whose it is."""


class Item(msgspec.Struct, frozen=True, array_like=True):
    """A value on the shelf, and whose it is."""

    owner: str
    value: bytes


class Letter(msgspec.Struct, frozen=True, array_like=True):
    """A dead letter."""

    id: str
    conversation: str
    at: float
    attempts: int
    reason: str
    body: bytes


class Lease(NamedTuple):
    """What proves that a conversation is ours: its place in the stream, and the claim it was made by."""

    entry: str
    fence: str


class RedisLane:
    """One lane, shared by all workers.

    Args:
        connection: the way to the server.
        name: what the lane's keys are called by.
        lease: seconds for which a conversation stays ours without renewal.
    """

    def __init__(self, connection: RedisConnection, name: str, lease: float) -> None:
        self._connection = connection
        self._key = f"{PREFIX}:{name}"
        self._ready = f"{self._key}:ready"
        self._lease = lease
        self._lease_ms = round(lease * 1000)
        self._leases: dict[str, Lease] = {}
        self._pause = min(LOOK, lease / RENEWALS)
        self._next_look = 0.0
        self._closing = False
        self._looking: set[asyncio.Task[Any]] = set()
        self._renewing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Joins the other workers."""
        self._consumer = secrets.token_hex(8)
        self._leases = {}
        self._claiming = asyncio.Lock()
        self._closing = False
        await self._make_group()
        self._renewing = asyncio.create_task(self._renew())

    async def close(self) -> None:
        """Leaves; what we own may be taken over at once."""
        if self._renewing is None:
            return
        self._closing = True
        self._renewing.cancel()
        await asyncio.gather(self._renewing, *self._looking, return_exceptions=True)
        self._renewing = None
        try:
            await self.call("leave", self._consumer, self._lease_ms)
        except StoreError as error:
            logger.warning("whatsapp.lease.kept", error=str(error), runs_out_in=self._lease)

    async def call(self, function: str, *args: Any) -> Any:
        """Runs one function of ``lane.lua``."""
        return await self._connection.run("lane.lua", [PREFIX, self._key], [function, *args])

    async def append(self, conversation: str, drafts: Sequence[Draft]) -> None:
        """Adds rows behind those of the conversation, each id only once."""
        rows = [part for draft in drafts for part in (draft.id, encode(draft))]
        await self.call("add", round(REMEMBERED), conversation, *rows)

    async def claim(self) -> str:
        # One look at a time, for what it finds goes to one caller.
        async with self._claiming:
            while not self._closing:
                looking = self._task(self._look())
                try:
                    found = await asyncio.shield(looking)
                except asyncio.CancelledError:
                    # A look is not cancelled: the server could hand a conversation to a connection that is
                    # being closed.
                    self._task(self._put_back(looking))
                    raise
                if found is not None:
                    return found
        raise StoreError("The store is closed.")

    async def advance(self, conversation: str, done: Row | None = None, receipt: str = "") -> Row | None:
        fence = self._fence(conversation)
        if done is None:
            head = await self.call("begin", conversation, fence)
        else:
            left = msgspec.msgpack.encode(Finished(conversation, done.at, done.attempts, receipt))
            head = await self.call("finish", conversation, fence, done.seq, done.id, left, round(REMEMBERED))
        if head is None:
            return None
        place, row, attempts, interrupted, begun_ago, failures = head
        kept = decode(row)
        return Row(
            seq=int(place),
            id=kept.id,
            conversation=conversation,
            body=kept.body,
            attempts=attempts,
            interrupted=bool(interrupted),
            at=kept.at,
            failures=failures,
            begun_ago=begun_ago,
            retried=kept.retried,
        )

    async def behind(self, conversation: str) -> list[Waiting]:
        rows = await self._connection.command("LRANGE", f"{self._key}:rows:{conversation}", 1, BEHIND)
        kept = [decode(row) for row in rows]
        return [Waiting(id=row.id, body=row.body, at=row.at) for row in kept]

    async def whose(self, id: str) -> str | None:
        """The conversation of an answer, in whatever state it is."""
        left = await self._connection.command("GET", f"{self._key}:id:{id}")
        if left:
            known = msgspec.msgpack.decode(left, type=Left)
            return known if isinstance(known, str) else known.conversation
        letter = await self._connection.command("HGET", f"{self._key}:letters", id)
        return msgspec.msgpack.decode(letter, type=Letter).conversation if letter else None

    async def give_back(self, row: Row, reason: str, failed: bool = False) -> None:
        fence = self._fence(row.conversation)
        await self.call("give_back", row.conversation, fence, reason, int(failed))

    async def bury(self, row: Row, reason: str) -> None:
        letter = msgspec.msgpack.encode(
            Letter(row.id, row.conversation, row.at, row.attempts, reason, row.body)
        )
        await self.call("bury", row.conversation, self._fence(row.conversation), row.seq, row.id, letter)

    async def release(self, conversation: str) -> None:
        # Should the call fail, nobody renews the lease, and it runs out.
        lease = self._leases.pop(conversation, None)
        if lease is not None:
            await self.call("release", conversation, lease.fence, lease.entry)

    def _fence(self, conversation: str) -> str:
        lease = self._leases.get(conversation)
        if lease is None:
            raise LeaseLost("The conversation is not owned.")
        return lease.fence

    def _task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)
        return task

    async def _put_back(self, looking: asyncio.Task[str | None]) -> None:
        """Lets others have what a look finds for which nobody waits any more."""
        try:
            found = await looking
            if found is not None:
                await self.release(found)
        except StoreError as error:
            logger.warning("whatsapp.conversation.unreleased", error=str(error))

    async def _look(self) -> str | None:
        """Waits for a short time for a conversation, and makes it ours."""
        try:
            given = await self._take_over() or await self._read()
        except StoreError as error:
            if "NOGROUP" not in str(error):
                raise
            await self._make_group()
            return None
        if given is None:
            return None
        entry, conversation = given
        if conversation in self._leases:
            # An earlier claim of ours is still busy with it: it stays where it is until it is overdue.
            return None
        lease = Lease(entry, secrets.token_hex(8))
        if await self.call("own", self._consumer, entry, conversation, lease.fence) is None:
            return None
        self._leases[conversation] = lease
        return conversation

    async def _take_over(self) -> tuple[str, str] | None:
        now = time.monotonic()
        # When the server was away, nobody could renew: owners come first.
        if now < self._next_look or now < self._connection.steady_since + self._lease:
            return None
        claimed = await self.call("take_over", self._consumer, self._lease_ms)
        if claimed is None:
            self._next_look = now + self._pause
            return None
        return _entry(claimed)

    async def _read(self) -> tuple[str, str] | None:
        command = "XREADGROUP", "GROUP", "workers", self._consumer, "COUNT", 1
        wait = "BLOCK", round(self._pause * 1000)
        streams = await self._connection.command(*command, *wait, "STREAMS", self._ready, ">")
        return _entry(dict(streams)[self._ready.encode()][0]) if streams else None

    async def _make_group(self) -> None:
        try:
            await self._connection.command("XGROUP", "CREATE", self._ready, "workers", "0", "MKSTREAM")
        except StoreError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _renew(self) -> None:
        while not self._closing:
            await asyncio.sleep(self._lease / RENEWALS)
            ours = [part for name, held in self._leases.items() for part in (name, held.fence, held.entry)]
            if ours:
                try:
                    await self.call("renew", self._consumer, *ours)
                except StoreError as error:
                    logger.warning("whatsapp.lease.unrenewed", error=str(error))


def _entry(entry: Any) -> tuple[str, str]:
    """An entry's place in the stream, and its conversation."""
    place, (_, conversation) = entry
    return place.decode(), conversation.decode()
