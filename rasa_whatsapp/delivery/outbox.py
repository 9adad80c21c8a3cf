"""Answers on their way out: kept before anyone counts on them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence

import msgspec

from rasa_whatsapp.delivery.rows import Draft
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.messages import Message, from_json


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One message with where it goes and which of our numbers it leaves by."""

    to: str
    number: str
    message: dict[str, object]

    def open(self) -> Message:
        """The message itself."""
        return from_json(self.message)


class Outbox:
    """Appends messages to a conversation's answers; each ``(turn, ordinal, content)`` only once.

    A turn that runs again writes the same answers again: those are recognised by their place in the turn
    and their content, whether they are still waiting or were sent. What differs is appended.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    async def add(
        self, conversation: str, to: str, number: str, turn: str, ordinal: int, messages: Sequence[Message]
    ) -> None:
        """Returns when the messages are kept.

        Args:
            conversation: the key whose answers leave in order.
            to: the recipient's ``+digits``, user id or group id.
            number: the ``phone_number_id`` to send by.
            turn: the id of the message that is answered, or a fresh id when none is.
            ordinal: how many messages this turn had put in before.
            messages: what to send, in order.

        Raises:
            StoreError: nothing was kept.
        """
        now = self._clock()
        drafts = []
        for place, message in enumerate(messages, start=ordinal):
            body = msgspec.json.encode(Envelope(to=to, number=number, message=message.to_json()))
            digest = hashlib.blake2b(b"\0".join([turn.encode(), str(place).encode(), body]), digest_size=16)
            drafts.append(Draft(id=digest.hexdigest(), body=body, at=now))
        await self._store.add_answers(conversation, drafts)
