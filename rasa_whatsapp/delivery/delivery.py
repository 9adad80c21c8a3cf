"""The rooms of delivery, wired together for one process."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from rasa_whatsapp.delivery.dispatcher import Dispatcher, Handle
from rasa_whatsapp.delivery.failures import Failures
from rasa_whatsapp.delivery.identity import Identity
from rasa_whatsapp.delivery.inbox import Inbox
from rasa_whatsapp.delivery.metrics import UNCOUNTED, Metrics
from rasa_whatsapp.delivery.outbox import Outbox
from rasa_whatsapp.delivery.pacing import Unpaced
from rasa_whatsapp.delivery.sender import Sender
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.delivery.unknown import Unknown
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.messages import Message
from rasa_whatsapp.settings import Settings

SENDER_GRACE = 5.0
"""Seconds that posts under way get to finish when the server stops."""


_ADDRESS = re.compile(r"\+?\d{7,15}|[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
"""A phone number or a user id, with which a conversation may be called before its person ever wrote."""


class Address(NamedTuple):
    """Where to write to somebody and which number to use."""

    to: str
    number: str


class Delivery:
    """Inbox, dispatcher, outbox and sender over one store.

    Args:
        settings: the channel's settings.
        store: what everything is kept in; opened and closed here.
        gateways: the way out of each number, by ``phone_number_id``.
        handle: runs one turn.
        ready: waits until turns can be run.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        gateways: Mapping[str, Gateway],
        handle: Handle,
        ready: Callable[[], Awaitable[None]],
    ) -> None:
        self.store = store
        self._gateways = gateways
        self._grace = settings.shutdown_grace
        self.failures = Failures(self.store, bool(settings.delivery_failed_intent))
        identity = Identity(settings.sender_id, settings.conversation_per_number, settings.pseudonym_key)
        self.metrics = self._metrics(settings.metrics)
        self._unknown = Unknown(store.records, store.statuses)
        self.inbox = Inbox(self.store, identity, self._unknown, metrics=self.metrics)
        self.outbox = Outbox(self.store, self._fit)
        self._dispatcher = Dispatcher(
            self.store.turns,
            handle,
            ready,
            settings.max_turns,
            settings.max_message_age,
            settings.debounce,
            metrics=self.metrics,
        )
        pace = self.store.pacer if settings.pacing else Unpaced()
        templates = {
            number.phone_number_id: number.reengagement_template
            for number in settings.numbers
            if number.reengagement_template
        }
        self._sender = Sender(
            self.store, gateways, self._unknown, pace, self.failures, templates, metrics=self.metrics
        )

    async def start(self) -> None:
        """Opens the store and begins to work: what was left from before first."""
        await self.store.open()
        self._unknown.start()
        self._sender.start()
        self._dispatcher.start()

    async def stop(self) -> None:
        """Finishes what is under way within the grace time and closes the store; the rest is kept in it."""
        await self._dispatcher.stop(self._grace)
        await self._sender.stop(SENDER_GRACE)
        await self._unknown.stop()
        await self.store.close()

    def _metrics(self, wanted: bool) -> Metrics:
        if not wanted:
            return UNCOUNTED
        # It needs a package that a bot without metrics need not have.
        from rasa_whatsapp.delivery.prometheus import PrometheusMetrics

        return PrometheusMetrics(self.store.records)

    def _fit(self, number: str, message: Message) -> Sequence[Message]:
        gateway = self._gateways.get(number)
        return (message,) if gateway is None else gateway.fit(message)

    async def address(self, conversation: str) -> Address | None:
        """Where to write to somebody who has not just written, or None when that cannot be known.

        It is where they last wrote from, by the number they wrote to. For somebody who never wrote, the
        conversation's id must be a phone number or a user id; the first number is used.
        """
        first = next(iter(self._gateways))
        contact = await self.store.contact(conversation)
        if contact is not None:
            return Address(contact.address, contact.number if contact.number in self._gateways else first)
        number, _, person = conversation.rpartition(":")
        if not _ADDRESS.fullmatch(person):
            return None
        return Address(person, number if number in self._gateways else first)
