"""The rooms of delivery, wired together for one process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from rasa_whatsapp import events
from rasa_whatsapp.delivery.directory import Address, Directory
from rasa_whatsapp.delivery.dispatcher import Dispatcher, Handle
from rasa_whatsapp.delivery.failures import Failures
from rasa_whatsapp.delivery.fresh import Fresh
from rasa_whatsapp.delivery.identity import Identity
from rasa_whatsapp.delivery.inbox import Inbox
from rasa_whatsapp.delivery.knocker import Knocker
from rasa_whatsapp.delivery.late_statuses import LateStatuses
from rasa_whatsapp.delivery.metrics import UNCOUNTED, Metrics
from rasa_whatsapp.delivery.outbox import Outbox
from rasa_whatsapp.delivery.pacing import Unpaced
from rasa_whatsapp.delivery.pauses import Pauses
from rasa_whatsapp.delivery.post import Post
from rasa_whatsapp.delivery.preferences import Preferences
from rasa_whatsapp.delivery.sender import Sender
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.messages import Message
from rasa_whatsapp.settings import Settings

SENDER_GRACE = 5.0
"""Seconds that posts under way get to finish when the server stops."""


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
        identity = Identity.of(settings)
        self.pauses = Pauses(store)
        self.preferences = Preferences(store)
        self._directory = Directory(self.store, identity, tuple(gateways))
        self.metrics = self._metrics(settings.metrics)
        self._late = LateStatuses(store.records, store.statuses)
        self.inbox = Inbox(self.store, identity, self._late, _wanted(settings), metrics=self.metrics)
        fresh = Fresh()
        self.outbox = Outbox(self.store, self._fit, fresh=fresh)
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
        self._knocker = Knocker(store, self.outbox, self._directory, templates)
        post = Post(store, settings.media)
        self._sender = Sender(
            self.store,
            gateways,
            self._late,
            pace,
            self.failures,
            self._knocker,
            post,
            fresh,
            metrics=self.metrics,
        )

    async def start(self) -> None:
        """Opens the store and begins to work: what was left from before first."""
        await self.store.open()
        self._late.start()
        self._sender.start()
        self._dispatcher.start()

    async def stop(self) -> None:
        """Finishes what is under way within the grace time and closes the store; the rest is kept in it."""
        await self._dispatcher.stop(self._grace)
        await self._sender.stop(SENDER_GRACE)
        await self._late.stop()
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

    async def failed(self, failure: events.Status) -> None:
        """WhatsApp reports that a message which it had taken has failed; it may report it again.

        Raises:
            StoreError: what follows from it is not kept; to be told again.
        """
        await self.failures.tell(failure)
        await self._knocker.hear(failure)

    async def address(self, conversation: str) -> Address | None:
        """Where to write to somebody who has not just written, see ``Directory.address``."""
        return await self._directory.address(conversation)


def _wanted(settings: Settings) -> frozenset[str]:
    """The kinds of events that somebody waits for, besides those that are always kept."""
    kinds = settings.on_event.kinds if settings.on_event.handler else ()
    return frozenset((*kinds, "echo") if settings.handover else kinds)
