"""Answers on their way out: kept before anyone counts on them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from rasa_whatsapp.delivery.flow_tokens import lacks_tokens, with_tokens
from rasa_whatsapp.delivery.fresh import Fresh
from rasa_whatsapp.delivery.rows import Draft
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Message, Text, from_json, limits
from rasa_whatsapp.wire import dumps

HELD_FOR = 7 * 24 * 3600.0
"""Seconds for which held answers wait for the end of a turn that was interrupted."""
AT_ONCE = 1.0
"""Seconds for which nothing is kept in their place."""

_HELD = "held:"


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One message with where it goes, which of our numbers it leaves by and which turn made it."""

    to: str
    number: str
    turn: str
    message: dict[str, object]

    def open(self) -> Message:
        """The message itself."""
        return from_json(self.message)


class Destination(NamedTuple):
    """Whom a turn's answers go to.

    Attributes:
        turn: the id of the message that is answered, or a fresh id when none is.
        conversation: the key whose answers leave in order.
        to: the recipient's ``+digits``, user id or group id.
        number: the ``phone_number_id`` to send by.
    """

    turn: str
    conversation: str
    to: str
    number: str


def _as_it_is(_: str, message: Message) -> Sequence[Message]:
    return (message,)


class Outbox:
    """Appends messages to a conversation's answers; each ``(turn, ordinal, content)`` only once.

    A turn that runs again writes the same answers again: those are recognised by their place in the turn
    and their content, whether they are still waiting or were sent. What differs is appended. A Flow without a
    token gets one here, which is no part of that content: nobody need remember which token it was.

    Args:
        store: where they are kept.
        fit: what a number's gateway can carry in place of a message, see ``rasa_whatsapp.gateway``.
        fresh: what the sender finds them in, where it is of this process.
    """

    def __init__(
        self,
        store: Store,
        fit: Callable[[str, Message], Sequence[Message]] = _as_it_is,
        clock: Callable[[], float] = time.time,
        fresh: Fresh | None = None,
    ) -> None:
        self._store = store
        self._fit = fit
        self._clock = clock
        self._fresh = fresh or Fresh()

    async def add(self, destination: Destination, ordinal: int, messages: Sequence[Message]) -> None:
        """Returns when the messages are kept.

        Args:
            destination: whom they go to.
            ordinal: how many messages this turn had put in before.
            messages: what to send, in order.

        Raises:
            MessageError: the gateway can carry nothing in place of a message; nothing was kept.
            StoreError: nothing was kept.
        """
        now = self._clock()
        drafts = []
        for place, message in enumerate(messages, start=ordinal):
            for part, fitting in enumerate(self._fit(destination.number, message)):
                body = _enveloped(destination, fitting)
                where = f"{place}.{part}" if part else str(place)
                id = hashlib.blake2b(b"\0".join([where.encode(), body]), digest_size=16).hexdigest()
                if lacks_tokens(fitting):
                    # What is in the store already has another token.
                    ready = await with_tokens(self._store, destination.conversation, fitting)
                    body = _enveloped(destination, ready)
                else:
                    self._fresh.put(id, fitting)
                drafts.append(Draft(id=id, body=body, at=now))
        await self._store.add_answers(destination.conversation, drafts)

    async def hold(self, destination: Destination, ordinal: int, messages: Sequence[Message]) -> None:
        """Keeps the messages until ``release``: by then it is known which texts follow one another.

        What an earlier attempt of the turn held from that place on is forgotten.

        Raises:
            MessageError: as for ``add``; said now, for at the end of the turn it would cost all that is held.
            StoreError: nothing was kept.
        """
        for message in messages:
            self._fit(destination.number, message)
        before = (await self._held(destination.turn))[:ordinal]
        held = [*before, *(message.to_json() for message in messages)]
        await self._store.set(_HELD + destination.turn, dumps(held), HELD_FOR, destination.conversation)

    async def release(self, destination: Destination) -> None:
        """Adds what was held for this turn, with consecutive texts made one; may be asked again.

        Raises:
            MessageError: as for ``add``.
            StoreError: nothing was kept.
        """
        held = await self._held(destination.turn)
        if not held:
            return
        try:
            await self.add(destination, 0, merge_texts([from_json(message) for message in held]))
        except MessageError:
            await self._forget(destination)
            raise
        await self._forget(destination)

    async def _forget(self, destination: Destination) -> None:
        await self._store.set(_HELD + destination.turn, b"", AT_ONCE, destination.conversation)

    async def _held(self, turn: str) -> list[dict[str, object]]:
        kept = await self._store.get(_HELD + turn)
        return msgspec.json.decode(kept, type=list[dict[str, object]]) if kept else []


def _enveloped(destination: Destination, message: Message) -> bytes:
    return dumps(
        Envelope(
            to=destination.to,
            number=destination.number,
            turn=destination.turn,
            message=message.to_json(),
        )
    )


def merge_texts(messages: Sequence[Message]) -> list[Message]:
    """Joins plain texts that follow one another, with a blank line between, as far as the limit allows."""
    merged: list[Message] = []
    for message in messages:
        before = merged[-1] if merged else None
        if isinstance(before, Text) and isinstance(message, Text) and _plain(before) and _plain(message):
            together = f"{before.body}\n\n{message.body}"
            if limits.length(together) <= limits.TEXT:
                merged[-1] = Text(together, preview_url=before.preview_url or message.preview_url)
                continue
        merged.append(message)
    return merged


def _plain(text: Text) -> bool:
    return text == Text(text.body, preview_url=text.preview_url)
