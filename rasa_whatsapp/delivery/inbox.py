"""Taking in: what must not be lost is in the store before the request is answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import get_args

import structlog

from rasa_whatsapp import events
from rasa_whatsapp.delivery.identity import Identity
from rasa_whatsapp.delivery.metrics import UNCOUNTED, Metrics
from rasa_whatsapp.delivery.statuses import StatusBoard
from rasa_whatsapp.delivery.stores.base import Store

_ALWAYS_KEPT = (
    events.Message,
    events.UserPreferences,
    events.NumberChanged,
    events.UserIdChanged,
    events.IdentityChanged,
)


class Inbox:
    """Keeps each event once.

    Kept are messages, statuses of messages that did not arrive, changes of who is who, wishes about
    marketing, and the kinds of events that are ``wanted``. Statuses also go straight to the sender that may
    wait for them. The rest is only written to the log.
    """

    def __init__(
        self,
        store: Store,
        identity: Identity,
        statuses: StatusBoard,
        wanted: Collection[str] = (),
        clock: Callable[[], float] = time.time,
        metrics: Metrics = UNCOUNTED,
    ) -> None:
        self._store = store
        self._identity = identity
        self._statuses = statuses
        self._kept_kinds = frozenset(
            kind.__struct_config__.tag
            for kind in get_args(events.AnyEvent)
            if issubclass(kind, _ALWAYS_KEPT) or kind.__struct_config__.tag in wanted
        )
        self._metrics = metrics
        self._clock = clock
        # Bound once: finding out anew for every event that nobody listens would cost more than keeping it.
        self._log = structlog.get_logger().bind()

    async def take(self, arrived: Sequence[events.Event]) -> list[events.Event]:
        """Returns when all events are kept, of one request or of several that arrived together.

        Returns:
            Those that were known already.

        Raises:
            StoreError: nothing was kept; the requests should be sent again.
        """
        now = self._clock()
        kept: list[events.Event] = []
        passed_over: list[events.Event] = []
        known: list[events.Event] = []
        for event in arrived:
            (kept if self._must_be_kept(event) else passed_over).append(event)
        if kept:
            arrivals = [self._identity.arrival(event, events.encode(event), now) for event in kept]
            conversations = await self._store.take_in(arrivals)
            for event, conversation in zip(kept, conversations, strict=True):
                if conversation:
                    self._count(event)
                else:
                    known.append(event)
                    self._metrics.duplicate()
                    self._log.debug("whatsapp.event.known", id=event.id)
        for event in passed_over:
            self._metrics.received(type(event).__name__)
            if not isinstance(event, events.Status):
                self._log.debug("whatsapp.event.passed_over", event_kind=type(event).__name__, id=event.id)
        for event in arrived:
            if isinstance(event, events.Status) and event.type != "payment":
                self._statuses.note(event)
                self._log.debug("whatsapp.status.heard", status=event.status, outbox_id=event.outbox_id)
        return known

    def _count(self, event: events.Event) -> None:
        self._metrics.received(type(event).__name__)
        self._log.debug("whatsapp.event.kept", event_kind=type(event).__name__, id=event.id)
        if isinstance(event, events.Status) and event.undelivered:
            for error in event.errors or (events.WireError(),):
                self._metrics.failed(error.code or "none")

    def _must_be_kept(self, event: events.Event) -> bool:
        if event.__struct_config__.tag in self._kept_kinds:
            return True
        return isinstance(event, events.Status) and event.undelivered
