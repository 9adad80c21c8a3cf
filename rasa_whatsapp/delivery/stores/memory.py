"""A store that forgets everything at exit; for tests and for trying things out."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rasa_whatsapp.delivery.pacing import Pacer
from rasa_whatsapp.delivery.people import Known, resolve
from rasa_whatsapp.delivery.ready import Ready
from rasa_whatsapp.delivery.rows import Arrival, Contact, Draft, Row, Waiting
from rasa_whatsapp.delivery.statuses import Statuses
from rasa_whatsapp.delivery.stores.base import BEHIND, REMEMBERED


class Dead(NamedTuple):
    """A dead letter."""

    row: Row
    reason: str


class MemoryLane:
    """One lane as a queue per conversation."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Row]] = {}
        self._ready = Ready()
        self._next = 0
        self.dead: list[Dead] = []

    def append(self, conversation: str, id: str, body: bytes, at: float) -> None:
        """Adds a row behind those of its conversation."""
        self._next += 1
        row = Row(
            seq=self._next,
            id=id,
            conversation=conversation,
            body=body,
            attempts=0,
            interrupted=False,
            at=at,
        )
        self._queues.setdefault(conversation, deque()).append(row)
        self._ready.add(conversation)

    async def claim(self) -> str:
        return await self._ready.claim()

    async def advance(self, conversation: str, done: Row | None = None, receipt: str = "") -> Row | None:
        queue = self._queues.get(conversation)
        if queue and done is not None and queue[0].seq == done.seq:
            queue.popleft()
        if not queue:
            self._queues.pop(conversation, None)
            return None
        head = queue[0]
        queue[0] = Row(
            seq=head.seq,
            id=head.id,
            conversation=conversation,
            body=head.body,
            attempts=head.attempts + 1,
            interrupted=False,
            at=head.at,
        )
        return queue[0]

    async def behind(self, conversation: str) -> list[Waiting]:
        waiting = list(self._queues.get(conversation, ()))[1:BEHIND]
        return [Waiting(id=row.id, body=row.body, at=row.at) for row in waiting]

    async def give_back(self, row: Row, reason: str) -> None:
        """Nothing to write down: the row still is the head of its queue."""

    async def bury(self, row: Row, reason: str) -> None:
        queue = self._queues.get(row.conversation)
        if queue and queue[0].seq == row.seq:
            queue.popleft()
        self.dead.append(Dead(row, reason))

    async def release(self, conversation: str) -> None:
        self._ready.release(conversation)


class MemoryStore:
    """Everything in dictionaries; see ``base.Store``."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._known: OrderedDict[str, float] = OrderedDict()
        self._answered: OrderedDict[str, float] = OrderedDict()
        self._conversations: dict[str, Known] = {}
        self._aliases: dict[str, Known] = {}
        self._contacts: dict[str, Contact] = {}
        self._shelf: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self.pacer = Pacer()
        self.statuses = Statuses()
        self.turns = MemoryLane()
        self.answers = MemoryLane()

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def take_in(self, arrivals: Sequence[Arrival]) -> list[str]:
        now = self._clock()
        _forget_before(self._known, now - REMEMBERED)
        return [self._take(arrival, now) for arrival in arrivals]

    def _take(self, arrival: Arrival, now: float) -> str:
        if arrival.id in self._known:
            return ""
        self._known[arrival.id] = now
        where = resolve(arrival, self._aliases, self._conversations.__contains__)
        if where.claimed:
            known = self._conversations.setdefault(where.conversation, Known(where.conversation, now))
            self._aliases.update(dict.fromkeys(where.claimed, known))
        if arrival.forget:
            self._aliases.pop(arrival.forget, None)
        if arrival.contact is not None:
            self._contacts[where.conversation] = arrival.contact
        self.turns.append(where.conversation, arrival.id, arrival.body, arrival.at)
        return where.conversation

    async def add_answers(self, conversation: str, drafts: Sequence[Draft]) -> None:
        now = self._clock()
        _forget_before(self._answered, now - REMEMBERED)
        for draft in drafts:
            if draft.id not in self._answered:
                self._answered[draft.id] = now
                self.answers.append(conversation, draft.id, draft.body, draft.at)

    async def contact(self, conversation: str) -> Contact | None:
        return self._contacts.get(conversation)

    async def get(self, key: str) -> bytes | None:
        value, expires = self._shelf.get(key, (None, 0.0))
        return value if expires > self._clock() else None

    async def set(self, key: str, value: bytes, ttl: float) -> None:
        now = self._clock()
        self._shelf[key] = (value, now + ttl)
        self._shelf.move_to_end(key)
        while next(iter(self._shelf.values()))[1] < now:
            self._shelf.popitem(last=False)


def _forget_before(ids: OrderedDict[str, float], limit: float) -> None:
    while ids and next(iter(ids.values())) < limit:
        ids.popitem(last=False)
