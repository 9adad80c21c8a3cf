"""The rows of the Redis store as people see and mend them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from rasa_whatsapp.delivery.rows import Depth, Forgotten, Record
from rasa_whatsapp.delivery.stores.base import LANES, REMEMBERED
from rasa_whatsapp.delivery.stores.erasure import answers_to, called, owns, tells_of
from rasa_whatsapp.delivery.stores.redis.connection import RedisConnection
from rasa_whatsapp.delivery.stores.redis.lane import PREFIX, Finished, Item, Kept, Left, Letter, decode

PAGE = 500
"""Conversations or keys looked at in one call: the server does nothing else meanwhile."""


class RedisRecords:
    """See ``base.Records``.

    Keys by id, by name and on the shelf are found by going through all of them, a page at a time: nothing is
    written on the way of a message only so that a person can look at it later.

    Args:
        connection: opened and closed with this view, or with the store whose it is.
    """

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection

    async def open(self) -> None:
        self._connection.open()

    async def close(self) -> None:
        await self._connection.close()

    async def rows(self, lane: str, state: str, limit: int) -> list[Record]:
        if state == "dead":
            found = await self._last_dead(lane, limit)
        elif state == "done":
            # SCAN may show a key twice.
            found = list({record.id: record async for record in self._done(lane)}.values())
        else:
            found = [record for record in await self._open(lane) if record.state == state]
        found.sort(key=lambda record: record.at, reverse=True)
        return [msgspec.structs.replace(record, body=b"") for record in found[:limit]]

    async def find(self, id: str) -> list[Record]:
        found = []
        for lane in LANES:
            letter = await self._connection.command("HGET", f"{_key(lane)}:letters", id)
            done = _finished(lane, id, await self._connection.command("GET", f"{_key(lane)}:id:{id}"))
            if letter:
                found.append(_letter(lane, letter))
            elif done is not None:
                found.append(done)
            else:
                found += [record for record in await self._open(lane) if record.id == id]
        return found

    async def depth(self, lane: str) -> Depth:
        after, total, ats = "-", 0, []
        while True:
            last, rows, oldest = await self._call(lane, "depth", after, PAGE)
            total += rows
            if oldest is not None:
                ats.append(float(oldest))
            if last is None:
                return Depth(total, min(ats, default=None))
            after = f"({last.decode()}"

    async def retry(self, lane: str, id: str) -> bool:
        found = await self._connection.command("HGET", f"{_key(lane)}:letters", id)
        if found is None:
            return False
        letter = msgspec.msgpack.decode(found, type=Letter)
        row = msgspec.msgpack.encode(Kept(time.time(), id, letter.body, retried=True))
        return bool(await self._call(lane, "retry", id, letter.conversation, row))

    async def settle(self, id: str) -> bool:
        found = await self._connection.command("HGET", f"{_key('answer')}:letters", id)
        if found is None:
            return False
        letter = msgspec.msgpack.decode(found, type=Letter)
        left = msgspec.msgpack.encode(Finished(letter.conversation, letter.at, letter.attempts, ""))
        return bool(await self._call("answer", "settle", id, left, round(REMEMBERED)))

    async def purge(self, lane: str, state: str, before: float) -> int:
        # What is done goes by itself: its key expires.
        old = [letter.id for letter in await self._dead(lane) if state == "dead" and letter.at < before]
        return sum([await self._call(lane, "unbury", id) for id in old])

    async def forget(self, name: str) -> Forgotten:
        owners = {alias: owner async for alias, owner in self._values("alias:")}
        found = {owner.decode() for alias, owner in owners.items() if answers_to(alias, name)}
        owned = {owner.decode() for owner in owners.values()}
        names = [alias for alias, owner in owners.items() if owner.decode() in found]

        def theirs(key: str) -> bool:
            is_other = key not in owned and (called(key, name) or tells_of(key, names))
            return key in found or is_other

        for prefix in "person:", "turn:rows:", "answer:rows:":
            async for keys in self._scan(prefix):
                found |= {conversation for conversation in keys if theirs(conversation)}
        letters = [row for lane in LANES for row in await self._dead(lane) if theirs(row.conversation)]
        done = [row for lane in LANES async for row in self._done(lane) if theirs(row.conversation)]
        found |= {row.conversation for row in letters + done}

        await self._delete(f"alias:{alias}" for alias in names)
        gone, running = {(row.lane, row.id): row for row in letters + done}, 0
        for lane in LANES:
            for conversation in found:
                erased, at_work = await self._call(lane, "erase", conversation)
                rows = [_open(lane, conversation, "waiting", row) for row in erased]
                gone |= {(lane, row.id): row for row in rows}
                running += at_work
        for letter in letters:
            await self._call(letter.lane, "unbury", letter.id)
        await self._delete(f"{lane}:id:{id}" for lane, id in gone)
        await self._delete(f"person:{conversation}" for conversation in found)
        turns = [id for lane, id in gone if lane == "turn"]
        values = [
            f"shelf:{key}"
            async for key, item in self._values("shelf:")
            if owns(msgspec.msgpack.decode(item, type=Item).owner, [name, *names], found)
        ]
        return Forgotten(
            conversations=tuple(sorted(found)),
            names=len(names),
            turns=len(turns),
            answers=len(gone) - len(turns),
            values=await self._delete(values),
            running=running,
        )

    async def _open(self, lane: str) -> list[Record]:
        after = "-"
        found: dict[str, Record] = {}  # who is given back meanwhile goes behind, and is met again
        while True:
            page = await self._call(lane, "page", after, PAGE)
            for _, conversation, running, attempts, reason, rows in page:
                for place, row in enumerate(rows):
                    head = place == 0
                    state = "running" if head and running else "waiting"
                    record = _open(lane, conversation.decode(), state, row)
                    if head:
                        why = (reason or b"").decode()
                        record = msgspec.structs.replace(record, attempts=int(attempts or 0), reason=why)
                    found[record.id] = record
            if not page:
                return list(found.values())
            after = f"({page[-1][0].decode()}"

    async def _dead(self, lane: str) -> list[Record]:
        letters = await self._connection.command("HVALS", f"{_key(lane)}:letters")
        return [_letter(lane, letter) for letter in letters]

    async def _last_dead(self, lane: str, limit: int) -> list[Record]:
        """Those that died last: workers ask for them again and again, and there may be very many."""
        ids = await self._connection.command("ZREVRANGE", f"{_key(lane)}:dead", 0, limit - 1)
        found = []
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            letters = await self._connection.command("HMGET", f"{_key(lane)}:letters", *page)
            found += [_letter(lane, letter) for letter in letters if letter is not None]
        return found

    async def _done(self, lane: str) -> AsyncIterator[Record]:
        async for id, left in self._values(f"{lane}:id:"):
            if (record := _finished(lane, id, left)) is not None:
                yield record

    async def _values(self, prefix: str) -> AsyncIterator[tuple[str, bytes]]:
        """All keys that begin so, without that beginning, and their values."""
        async for keys in self._scan(prefix):
            values = await self._connection.command("MGET", *(f"{PREFIX}:{prefix}{key}" for key in keys))
            for key, value in zip(keys, values, strict=True):
                if value is not None:
                    yield key, value

    async def _scan(self, prefix: str) -> AsyncIterator[list[str]]:
        whole, cursor = f"{PREFIX}:{prefix}", 0
        while True:
            cursor, keys = await self._connection.command("SCAN", cursor, "MATCH", f"{whole}*", "COUNT", PAGE)
            if keys:
                yield [key.decode().removeprefix(whole) for key in keys]
            if not cursor:
                return

    async def _delete(self, keys: Any) -> int:
        deleted = 0
        for key in keys:
            deleted += await self._connection.command("DEL", f"{PREFIX}:{key}")
        return deleted

    async def _call(self, lane: str, function: str, *args: Any) -> Any:
        return await self._connection.run("lane.lua", [PREFIX, _key(lane)], [function, *args])


def _key(lane: str) -> str:
    return f"{PREFIX}:{lane}"


def _open(lane: str, conversation: str, state: str, row: bytes) -> Record:
    kept = decode(row)
    return Record(
        lane=lane,
        id=kept.id,
        conversation=conversation,
        state=state,
        attempts=0,
        at=kept.at,
        body=kept.body,
    )


def _letter(lane: str, letter: bytes) -> Record:
    kept = msgspec.msgpack.decode(letter, type=Letter)
    return Record(
        lane=lane,
        id=kept.id,
        conversation=kept.conversation,
        state="dead",
        attempts=kept.attempts,
        at=kept.at,
        reason=kept.reason,
        body=kept.body,
    )


def _finished(lane: str, id: str, left: bytes | None) -> Record | None:
    kept = msgspec.msgpack.decode(left, type=Left) if left else ""
    if isinstance(kept, str):
        return None
    return Record(
        lane=lane,
        id=id,
        conversation=kept.conversation,
        state="done",
        attempts=kept.attempts,
        at=kept.at,
        receipt=kept.receipt,
    )
