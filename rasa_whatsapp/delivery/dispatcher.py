"""Handing what came in to Rasa, one message of a conversation at a time, in order."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog

from rasa_whatsapp import events
from rasa_whatsapp.delivery.admission import Admission
from rasa_whatsapp.delivery.metrics import UNCOUNTED, Metrics
from rasa_whatsapp.delivery.patience import Patience
from rasa_whatsapp.delivery.rows import Row
from rasa_whatsapp.delivery.stores.base import Lane
from rasa_whatsapp.delivery.worker import Dead, Done, Later, Outcome, Worker, unreadable
from rasa_whatsapp.errors import StoreError
from rasa_whatsapp.tracebacks import told

logger = structlog.get_logger()

ATTEMPTS = 5
"""How often a turn may fail, or the process die in it, before it becomes a dead letter."""

PATIENCE = 3600.0
"""Seconds from its first try after which a turn is given up whose parts stay unavailable."""
LONGEST_BACKOFF = 60.0
STRETCH = 5
"""How many turns a conversation has in a row while others wait."""
LONGEST_DEBOUNCE = 5
"""How many times the debounce time a turn waits at most for somebody who keeps typing."""

Handle = Callable[[Sequence[events.AnyEvent], Row], Awaitable[None]]


class Unavailable(Exception):
    """What a turn cannot do without is away: the turn waits for it and does not use up its tries."""


class Dispatcher:
    """Runs turns.

    Args:
        lane: the store's turns.
        handle: runs one turn for one event, or for several texts that are one; raises when it has failed as
            a whole and may be tried again.
        ready: waits until turns can be run, for Rasa may still be loading its model.
        max_turns: how many conversations have a turn at once.
        max_message_age: seconds after which a message is no longer answered; it becomes a dead letter.
        debounce: seconds of silence after which somebody's quick texts become one turn; 0 for one turn each.
        metrics: counts turns.
    """

    def __init__(
        self,
        lane: Lane,
        handle: Handle,
        ready: Callable[[], Awaitable[None]],
        max_turns: int,
        max_message_age: float,
        debounce: float = 0.0,
        clock: Callable[[], float] = time.time,
        metrics: Metrics = UNCOUNTED,
    ) -> None:
        self._lane = lane
        self._handle = handle
        self._ready = ready
        self._max_message_age = max_message_age
        self._debounce = debounce
        self._clock = clock
        self._metrics = metrics
        self._admission = Admission()
        self._patience = Patience()
        self._worker = Worker(lane, self._turn, max_turns, ready, STRETCH)
        # Bound once: else each line would find out anew how the log is set up.
        self._log = structlog.get_logger().bind()

    def start(self) -> None:
        """Begins to run turns."""
        self._worker.start()

    async def stop(self, grace: float) -> None:
        """Begins no new turn and gives the running ones ``grace`` seconds; the rest stays in the inbox."""
        await self._worker.stop(grace)

    async def _turn(self, row: Row) -> Outcome:
        try:
            event = events.decode(row.body)
        except ValueError:
            self._metrics.turn("dead")
            return unreadable(row)
        if isinstance(event, events.Message) and event.timestamp and not row.retried:
            age = self._clock() - event.timestamp
            if age > self._max_message_age:
                self._metrics.turn("dead")
                logger.warning("whatsapp.message.too_old", id=event.id, age_seconds=round(age))
                return Dead(f"{round(age)} seconds old, not answered after {round(self._max_message_age)}")
        if row.interrupted and row.failures >= ATTEMPTS:
            self._metrics.turn("dead")
            logger.error("whatsapp.turn.given_up", id=event.id, attempts=row.attempts)
            return Dead(f"failed {row.failures} times, the last time because the process died")
        await self._ready()
        gathered: Sequence[events.AnyEvent] = [event]
        if self._debounce and isinstance(event, events.Text):
            gathered = await self._gather(event, row)
        begun = time.monotonic()
        try:
            async with self._admission.turn():
                await self._handle(gathered, row)
        except Exception as error:
            away = isinstance(error, (Unavailable, StoreError))
            reason = f"{type(error).__name__}: {error}" if away else told(error, 1)
            dead = self._patience.is_over(row.id, PATIENCE) if away else row.failures + 1 >= ATTEMPTS
            if dead or not away:
                self._patience.end(row.id)
            self._metrics.turn("dead" if dead else "failed", time.monotonic() - begun)
            if dead:
                logger.error("whatsapp.turn.given_up", id=event.id, attempts=row.attempts, error=told(error))
                return Dead(reason)
            tries = row.attempts - 1 if away else row.failures
            seconds = min(LONGEST_BACKOFF, 2.0 ** min(tries, 10)) * random.uniform(0.8, 1.2)
            logger.warning(
                "whatsapp.turn.failed",
                id=event.id,
                attempt=row.attempts,
                retry_seconds=seconds,
                error=reason if away else told(error),
            )
            return Later(seconds, reason, failed=not away)
        self._patience.end(row.id)
        seconds = time.monotonic() - begun
        self._metrics.turn("done", seconds)
        self._log.debug("whatsapp.turn.done", id=event.id, seconds=round(seconds, 3))
        return Done(also=frozenset(event.key for event in gathered[1:]))

    async def _gather(self, first: events.Text, row: Row) -> list[events.Text]:
        """Waits until the person has stopped typing; the texts that they sent meanwhile are one turn."""
        patience = row.at + LONGEST_DEBOUNCE * self._debounce
        while True:
            texts, last, interrupted = [first], row.at, False
            for waiting in await self._lane.behind(row.conversation):
                event = _text(waiting.body)
                if event is None or not _same_chat(first, event):
                    interrupted = True
                    break
                texts.append(event)
                last = waiting.at
            quiet = min(last + self._debounce, patience) - self._clock()
            if interrupted or quiet <= 0:
                return texts
            await self._worker.pause(quiet)


def _text(body: bytes) -> events.Text | None:
    """The text in a row that waits; anything else, and what cannot be read, is a turn by itself."""
    try:
        event = events.decode(body)
    except ValueError:
        return None
    return event if isinstance(event, events.Text) else None


def _same_chat(one: events.Text, other: events.Text) -> bool:
    """Whether both were written to the same number, from the same address, in the same group or in none."""
    return (one.number.phone_number_id, one.sender.address, one.group_id) == (
        other.number.phone_number_id,
        other.sender.address,
        other.group_id,
    )
