"""Posting the outbox: one recipient at a time in order, paced, and again only where that is safe."""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec
import structlog

from rasa_whatsapp.delivery.outbox import Envelope
from rasa_whatsapp.delivery.rows import Row
from rasa_whatsapp.delivery.statuses import Statuses
from rasa_whatsapp.delivery.stores.base import Lane
from rasa_whatsapp.delivery.worker import Dead, Done, Later, Outcome, Worker
from rasa_whatsapp.errors import GraphError, MessageError, NotSent, SendError, SendTimeout, ServiceUnavailable
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.masking import mask_phone
from rasa_whatsapp.messages import Audio, Document, Image, Message, Sticker, Video

logger = structlog.get_logger()

MEDIA_WAIT = 5.0
"""Seconds for which the message behind a media message waits for that to be delivered."""
UNKNOWN_WAIT = 10.0
"""Seconds in which a status must come for a message whose outcome is unknown to count as accepted."""
POSTS = 64
"""How many messages are posted at once, to different people."""
FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
GIVE_UP_AFTER = 3600.0
"""Seconds after which a message that WhatsApp keeps turning away becomes a dead letter."""

_ACCEPTED = frozenset({"sent", "delivered", "read", "played"})
_ARRIVED = frozenset({"delivered", "read", "played", "failed"})
_MEDIA = (Image, Video, Audio, Document, Sticker)


class Pace(Protocol):
    """When the next message may leave."""

    async def reserve(self, number: str, to: str, throughput: float) -> float:
        """Reserves the next sending time to this recipient and returns the seconds until then."""


class Sender:
    """Sends the answers.

    Args:
        lane: the store's answers.
        gateways: the way out of each of our numbers, by ``phone_number_id``.
        statuses: where word of what became of a message arrives.
        pace: when the next message may leave.
    """

    def __init__(
        self,
        lane: Lane,
        gateways: Mapping[str, Gateway],
        statuses: Statuses,
        pace: Pace,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._gateways = gateways
        self._statuses = statuses
        self._pace = pace
        self._worker = Worker(lane, self._post, POSTS)
        self._clock = clock
        self._media: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def start(self) -> None:
        """Begins to send."""
        self._worker.start()

    async def stop(self, grace: float) -> None:
        """Lets posts that are under way finish for ``grace`` seconds; the rest stays in the outbox."""
        await self._worker.stop(grace)

    async def _post(self, row: Row) -> Outcome:
        envelope = msgspec.json.decode(row.body, type=Envelope)
        gateway = self._gateways.get(envelope.number)
        if gateway is None:
            return self._give_up(row, envelope, f"number {envelope.number} is no longer in credentials.yml")
        try:
            message = envelope.open()
        except MessageError as error:
            return self._give_up(row, envelope, str(error))
        if row.interrupted:
            if await self._was_accepted(row):
                return Done()
            logger.warning("whatsapp.message.sent_again", id=row.id, to=mask_phone(envelope.to))
        await self._wait_for_media(row.conversation)
        await self._worker.pause(await self._pace.reserve(envelope.number, envelope.to, gateway.throughput))
        try:
            wamid = await gateway.send(message, envelope.to, row.id)
        except SendError as error:
            return await self._judge(row, envelope, error)
        self._remember_media(row, message)
        return Done(wamid)

    async def _wait_for_media(self, conversation: str) -> None:
        """WhatsApp fetches and converts media: what follows at once would overtake it on the phone."""
        outbox_id, sent = self._media.pop(conversation, ("", 0.0))
        left = sent + MEDIA_WAIT - self._clock()
        if left > 0:
            async with self._worker.aside():
                await self._statuses.wait(outbox_id, _ARRIVED, left)

    def _remember_media(self, row: Row, message: Message) -> None:
        if isinstance(message, _MEDIA):
            self._media[row.conversation] = (row.id, self._clock())
            self._media.move_to_end(row.conversation)
        while self._media and next(iter(self._media.values()))[1] < self._clock() - MEDIA_WAIT:
            self._media.popitem(last=False)

    async def _was_accepted(self, row: Row) -> bool:
        async with self._worker.aside():
            return await self._statuses.wait(row.id, _ACCEPTED, UNKNOWN_WAIT)

    async def _judge(self, row: Row, envelope: Envelope, error: SendError) -> Outcome:
        """Decides after a failed post: again, when WhatsApp is known not to have taken the message."""
        safe = isinstance(error, NotSent) or (isinstance(error, GraphError) and error.safe_to_resend)
        if safe and self._clock() - row.at < GIVE_UP_AFTER:
            seconds = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** min(row.attempts - 1, 10))
            seconds *= random.uniform(0.8, 1.2)
            seconds = max(seconds, getattr(error, "retry_after", None) or 0.0)
            logger.warning(
                "whatsapp.message.delayed",
                id=row.id,
                to=mask_phone(envelope.to),
                attempt=row.attempts,
                retry_seconds=round(seconds, 1),
                error=str(error),
            )
            return Later(seconds, str(error))
        if isinstance(error, (SendTimeout, ServiceUnavailable)):
            if await self._was_accepted(row):
                return Done()
            return self._give_up(row, envelope, f"unknown: {error}")
        return self._give_up(row, envelope, str(error))

    def _give_up(self, row: Row, envelope: Envelope, reason: str) -> Outcome:
        logger.error("whatsapp.message.undelivered", id=row.id, to=mask_phone(envelope.to), reason=reason)
        return Dead(reason)
