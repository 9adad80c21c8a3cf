"""Messages that did not arrive, told to the conversation they were meant for."""

from __future__ import annotations

import time
from collections.abc import Callable

from rasa_whatsapp import events
from rasa_whatsapp.delivery.rows import Arrival, Row
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.events.reports import UNDELIVERED

_SENT = "sent:"
SENT_FOR = 30 * 24 * 3600.0
"""Seconds for which WhatsApp may still report that a message has failed: it keeps trying for 30 days."""


class Failures:
    """Turns a failed message into a turn of its conversation, where ``delivery_failed_intent`` is set.

    Args:
        store: remembers whose message it was, and takes the turn in.
        told: whether Rasa is to be told at all.
    """

    def __init__(self, store: Store, told: bool, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._told = told
        self._clock = clock

    async def remember(self, row: Row, turn: str) -> None:
        """Notes, before it is posted, whose message an outbox row is: its status may come at once.

        Raises:
            StoreError: it was not noted.
        """
        # What fails in a turn that tells of a failure is not told again, or it would never end.
        if self._told and not turn.startswith(UNDELIVERED):
            owner = row.conversation
            await self._store.set(_SENT + row.id, owner.encode(), SENT_FOR, owner)

    async def tell(self, failure: events.Status) -> None:
        """Takes a turn in for the failure of a message that was remembered.

        Raises:
            StoreError: it was not taken in.
        """
        if not self._told or not failure.outbox_id:
            return
        conversation = await self._store.get(_SENT + failure.outbox_id)
        if conversation is not None:
            now = self._clock()
            arrival = Arrival(
                id=failure.turn, wanted=conversation.decode(), body=events.encode(failure), at=now
            )
            await self._store.take_in([arrival])

    @staticmethod
    def tells_of_failure(row: Row) -> bool:
        """Whether the turn is one that was taken in by ``tell``."""
        return row.id.startswith(UNDELIVERED)
