"""A store that forgets everything at exit; for tests and for trying things out."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from rasa_whatsapp.delivery.pacing import Pacer
from rasa_whatsapp.delivery.rows import Arrival, Contact, Depth, Draft, Forgotten, Record, Row, Waiting
from rasa_whatsapp.delivery.statuses import Statuses
from rasa_whatsapp.delivery.stores.base import BEHIND, REMEMBERED
from rasa_whatsapp.delivery.stores.erasure import answers_to, called, owns, tells_of
from rasa_whatsapp.delivery.stores.people import Known, resolve
from rasa_whatsapp.delivery.stores.ready import Ready

T = TypeVar("T")


class Letter(NamedTuple):
    """A dead letter."""

    row: Row
    reason: str


class MemoryLane:
    """One lane as a queue per conversation."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Row]] = {}
        self._ready = Ready()
        self._running: set[str] = set()
        self._next = 0
        self.dead: list[Letter] = []

    def append(self, conversation: str, id: str, body: bytes, at: float, retried: bool = False) -> None:
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
            retried=retried,
        )
        self._queues.setdefault(conversation, deque()).append(row)
        self._ready.add(conversation)

    async def claim(self) -> str:
        return await self._ready.claim()

    async def advance(self, conversation: str, done: Row | None = None, receipt: str = "") -> Row | None:
        queue = self._queues.get(conversation)
        self._running.discard(conversation)
        if queue and done is not None and queue[0].seq == done.seq:
            queue.popleft()
        if not queue:
            self._queues.pop(conversation, None)
            return None
        queue[0] = msgspec.structs.replace(queue[0], attempts=queue[0].attempts + 1)
        self._running.add(conversation)
        return queue[0]

    async def behind(self, conversation: str) -> list[Waiting]:
        waiting = list(self._queues.get(conversation, ()))[1 : BEHIND + 1]
        return [Waiting(id=row.id, body=row.body, at=row.at) for row in waiting]

    async def give_back(self, row: Row, reason: str, failed: bool = False) -> None:
        """The row still is the head of its queue."""
        self._running.discard(row.conversation)
        queue = self._queues.get(row.conversation)
        if failed and queue and queue[0].seq == row.seq:
            queue[0] = msgspec.structs.replace(row, failures=row.failures + 1)

    async def bury(self, row: Row, reason: str) -> None:
        queue = self._queues.get(row.conversation)
        self._running.discard(row.conversation)
        if queue and queue[0].seq == row.seq:  # else it was forgotten meanwhile
            queue.popleft()
            self.dead.append(Letter(row, reason))

    async def release(self, conversation: str) -> None:
        self._ready.release(conversation, unfinished=conversation in self._queues)

    def open_rows(self) -> list[tuple[str, Row]]:
        """What waits or is being worked on, with its state, in order of arrival."""
        found = [
            ("running" if place == 0 and conversation in self._running else "waiting", row)
            for conversation, queue in self._queues.items()
            for place, row in enumerate(queue)
        ]
        return sorted(found, key=lambda each: each[1].seq)

    def unbury(self, id: str) -> Letter | None:
        """Takes a dead letter away, if there is one."""
        letter = next((letter for letter in self.dead if letter.row.id == id), None)
        if letter is not None:
            self.dead.remove(letter)
        return letter

    def erase(self, conversation: str) -> tuple[list[Row], int]:
        """Takes away all rows of a conversation; says how many of them were being worked on."""
        rows = [*self._queues.pop(conversation, ())]
        rows += [letter.row for letter in self.dead if letter.row.conversation == conversation]
        self.dead = [letter for letter in self.dead if letter.row.conversation != conversation]
        running = conversation in self._running
        self._running.discard(conversation)
        return rows, int(running)


class MemoryStore:
    """Everything in dictionaries; see ``base.Store``."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._known: OrderedDict[str, float] = OrderedDict()
        self._answered: OrderedDict[str, Known] = OrderedDict()
        self._conversations: dict[str, Known] = {}
        self._aliases: dict[str, Known] = {}
        self._contacts: dict[str, Contact] = {}
        self._shelf: OrderedDict[str, tuple[bytes, float, str]] = OrderedDict()
        self.pacer = Pacer()
        self.statuses = Statuses()
        self.turns = MemoryLane()
        self.answers = MemoryLane()
        self.records = MemoryRecords(self, clock)

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def take_in(self, arrivals: Sequence[Arrival]) -> list[str]:
        now = self._clock()
        _forget_before(self._known, now - REMEMBERED, lambda at: at)
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
        _forget_before(self._answered, now - REMEMBERED, lambda known: known.created)
        for draft in drafts:
            if draft.id not in self._answered:
                self._answered[draft.id] = Known(conversation, now)
                self.answers.append(conversation, draft.id, draft.body, draft.at)

    def forget(self, name: str) -> Forgotten:
        """Erases a person; see ``base.Records.forget``."""
        found = {known.conversation for alias, known in self._aliases.items() if answers_to(alias, name)}
        owned = {known.conversation for known in self._aliases.values()}
        kept = [row.conversation for lane in (self.turns, self.answers) for _, row in lane.open_rows()]
        kept += [letter.row.conversation for lane in (self.turns, self.answers) for letter in lane.dead]
        names = [alias for alias, known in self._aliases.items() if known.conversation in found]
        others = {*kept, *self._conversations} - owned
        found |= {each for each in others if called(each, name) or tells_of(each, names)}
        turns, answers, running = 0, 0, 0
        for conversation in found:
            came, at_work = self.turns.erase(conversation)
            left, in_post = self.answers.erase(conversation)
            turns, answers, running = turns + len(came), answers + len(left), running + at_work + in_post
            self._conversations.pop(conversation, None)
            self._contacts.pop(conversation, None)
        for id in [id for id, known in self._answered.items() if known.conversation in found]:
            del self._answered[id]
        values = [key for key, (_, _, owner) in self._shelf.items() if owns(owner, [name, *names], found)]
        return Forgotten(
            conversations=tuple(sorted(found)),
            names=len([self._aliases.pop(alias) for alias in names]),
            turns=turns,
            answers=answers,
            values=len([self._shelf.pop(key) for key in values]),
            running=running,
        )

    async def addressee(self, answer: str) -> str | None:
        known = self._answered.get(answer)
        return None if known is None else known.conversation

    async def contact(self, conversation: str) -> Contact | None:
        return self._contacts.get(conversation)

    async def owner(self, alias: str) -> str | None:
        known = self._aliases.get(alias)
        return None if known is None else known.conversation

    async def get(self, key: str) -> bytes | None:
        value, expires, _ = self._shelf.get(key, (None, 0.0, ""))
        return value if expires > self._clock() else None

    async def set(self, key: str, value: bytes, ttl: float, owner: str = "") -> None:
        now = self._clock()
        self._shelf[key] = (value, now + ttl, owner)
        self._shelf.move_to_end(key)
        while next(iter(self._shelf.values()))[1] < now:
            self._shelf.popitem(last=False)


class MemoryRecords:
    """See ``base.Records``; what is done leaves nothing to look at."""

    def __init__(self, store: MemoryStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._lanes = {"turn": store.turns, "answer": store.answers}
        self._clock = clock

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def rows(self, lane: str, state: str, limit: int) -> list[Record]:
        newest = [record for record in reversed(self._all(lane)) if record.state == state][:limit]
        return [msgspec.structs.replace(record, body=b"") for record in newest]

    async def find(self, id: str) -> list[Record]:
        return [record for lane in self._lanes for record in self._all(lane) if record.id == id]

    async def depth(self, lane: str) -> Depth:
        ats = [row.at for _, row in self._lanes[lane].open_rows()]
        return Depth(len(ats), min(ats, default=None))

    async def retry(self, lane: str, id: str) -> bool:
        letter = self._lanes[lane].unbury(id)
        if letter is not None:
            row = letter.row
            self._lanes[lane].append(row.conversation, row.id, row.body, self._clock(), retried=True)
        return letter is not None

    async def settle(self, id: str) -> bool:
        return self._store.answers.unbury(id) is not None

    async def purge(self, lane: str, state: str, before: float) -> int:
        old = [r.id for r in self._all(lane) if r.state == state == "dead" and r.at < before]
        return sum(self._lanes[lane].unbury(id) is not None for id in old)

    async def forget(self, name: str) -> Forgotten:
        return self._store.forget(name)

    def _all(self, lane: str) -> list[Record]:
        letters = [_record(lane, "dead", letter.row, letter.reason) for letter in self._lanes[lane].dead]
        return letters + [_record(lane, state, row, "") for state, row in self._lanes[lane].open_rows()]


def _record(lane: str, state: str, row: Row, reason: str) -> Record:
    return Record(
        lane=lane,
        id=row.id,
        conversation=row.conversation,
        state=state,
        attempts=row.attempts,
        at=row.at,
        reason=reason,
        body=row.body,
    )


def _forget_before(ids: OrderedDict[str, T], limit: float, at: Callable[[T], float]) -> None:
    while ids and at(next(iter(ids.values()))) < limit:
        ids.popitem(last=False)
