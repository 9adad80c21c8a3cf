"""Posting the outbox: one recipient at a time in order, paced, and again only where that is safe."""

from __future__ import annotations

import asyncio
import random
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial

import msgspec
import structlog

from rasa_whatsapp import events
from rasa_whatsapp.delivery.failures import Failures
from rasa_whatsapp.delivery.fresh import Fresh
from rasa_whatsapp.delivery.knocker import Knocker
from rasa_whatsapp.delivery.late_statuses import UNKNOWN
from rasa_whatsapp.delivery.metrics import UNCOUNTED, Metrics
from rasa_whatsapp.delivery.outbox import Envelope
from rasa_whatsapp.delivery.pacing import Line, Pace
from rasa_whatsapp.delivery.patience import Patience
from rasa_whatsapp.delivery.post import Post
from rasa_whatsapp.delivery.rows import Row
from rasa_whatsapp.delivery.statuses import ACCEPTED, StatusBoard
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.delivery.worker import Dead, Done, Later, Outcome, Stopping, Worker, unreadable
from rasa_whatsapp.errors import (
    GraphError,
    MessageError,
    NotSent,
    SendError,
    SendTimeout,
    ServiceUnavailable,
    WindowClosed,
)
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.masking import mask_phone
from rasa_whatsapp.media import without_file
from rasa_whatsapp.messages import Audio, Document, Image, Message, Sticker, Video
from rasa_whatsapp.transport import CONNECTIONS

logger = structlog.get_logger()

MEDIA_WAIT = 5.0
"""Seconds for which the message behind a media message waits for that to be delivered."""
UNKNOWN_WAIT = 10.0
"""Seconds in which a status must come for a message whose outcome is unknown to count as accepted."""
POSTS = CONNECTIONS
"""How many messages are posted at once, to different people: as many as there are connections."""
FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 15.0
GIVE_UP_AFTER = 3600.0
"""Seconds after which a message that WhatsApp keeps turning away becomes a dead letter."""

PACED = "paced to WhatsApp's limits"

_ARRIVED = frozenset({"delivered", "read", "played", "failed"})
_MEDIA = (Image, Video, Audio, Document, Sticker)


class Sender:
    """Sends the answers.

    Args:
        store: whose answers are sent.
        gateways: the way out of each of our numbers, by ``phone_number_id``.
        statuses: where word of what became of a message arrives.
        pace: when the next message may leave.
        failures: hears of messages that did not arrive.
        knocker: hears of people whose 24-hour window is closed.
        post: the last steps of a message.
        fresh: messages that this process has just put in.
        metrics: counts what is sent and what is not.
    """

    def __init__(
        self,
        store: Store,
        gateways: Mapping[str, Gateway],
        statuses: StatusBoard,
        pace: Pace,
        failures: Failures,
        knocker: Knocker,
        post: Post | None = None,
        fresh: Fresh | None = None,
        clock: Callable[[], float] = time.time,
        metrics: Metrics = UNCOUNTED,
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._statuses = statuses
        self._line = Line(pace)
        self._failures = failures
        self._knocker = knocker
        self._last_steps = post or Post(store)
        self._fresh = fresh or Fresh()
        self._metrics = metrics
        # Without a stretch: what follows a picture waits for it in the process that has sent it.
        self._worker = Worker(store.answers, self._post, POSTS)
        self._clock = clock
        self._media: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._due: set[str] = set()
        self._patience = Patience()
        # Bound once: else each line would find out anew how the log is set up.
        self._log = structlog.get_logger().bind()

    def start(self) -> None:
        """Begins to send."""
        self._began = self._clock()
        self._worker.start()

    async def stop(self, grace: float) -> None:
        """Lets posts that are under way finish for ``grace`` seconds; the rest stays in the outbox."""
        await self._worker.stop(grace)

    async def _post(self, row: Row) -> Outcome:
        try:
            envelope = msgspec.json.decode(row.body, type=Envelope)
        except ValueError:
            self._metrics.failed("none")
            return unreadable(row)
        gateway = self._gateways.get(envelope.number)
        if gateway is None:
            reason = f"number {envelope.number} is no longer in credentials.yml"
            return await self._give_up(row, envelope, reason)
        try:
            message = self._fresh.take(row.id) or envelope.open()
        except MessageError as error:
            return await self._give_up(row, envelope, str(error))
        if row.interrupted:
            # What other workers have heard since it was begun need not be waited for again.
            if await self._was_accepted(row, min(row.begun_ago, self._clock() - self._began)):
                return self._sent(row, envelope)
            self._metrics.resent()
            logger.warning("whatsapp.message.sent_again", id=row.id, to=mask_phone(envelope.to))
        await self._wait_for_media(row.conversation)
        early = await self._too_early(row, envelope, gateway)
        if early is not None:
            return early
        await self._failures.remember(row, envelope.turn)
        try:
            wamid = await self._send(row, envelope, gateway, message)
        except MessageError as error:
            refusal = error.__cause__ if isinstance(error.__cause__, SendError) else None
            return await self._give_up(row, envelope, str(error), refusal)
        except SendError as error:
            return await self._judge(row, envelope, error)
        return self._sent(row, envelope, wamid)

    async def _send(self, row: Row, envelope: Envelope, gateway: Gateway, message: Message) -> str:
        """Sends the message; where a file of the bot's own cannot be sent, what is said with it."""
        try:
            wamid = await self._last_steps.send(gateway, message, envelope.to, row.conversation, row.id)
        except MessageError as error:
            rest = without_file(message)
            if rest is None:
                raise
            logger.error("whatsapp.media.left_out", id=row.id, file=error.field, problem=error.problem)
            return await self._send(row, envelope, gateway, rest)
        self._remember_media(row, message)
        return wamid

    def _sent(self, row: Row, envelope: Envelope, wamid: str = "") -> Done:
        self._patience.end(row.id)
        self._metrics.sent()
        self._log.debug("whatsapp.message.sent", id=row.id, to=mask_phone(envelope.to))
        return Done(wamid)

    async def _too_early(self, row: Row, envelope: Envelope, gateway: Gateway) -> Later | None:
        """Whether the message must wait; its time is reserved when it is first asked for, or in line."""
        if row.id in self._due:
            self._due.discard(row.id)
            return None
        limits = envelope.number, envelope.to, gateway.throughput
        wait = await self._line.ask(*limits)
        if wait is None:
            return Later(0.0, PACED, until=partial(self._stand_in_line, row.id, *limits))
        if wait > 0:
            self._due.add(row.id)
            return Later(wait, PACED)
        return None

    async def _stand_in_line(self, id: str, number: str, to: str, throughput: float) -> None:
        wait = await self._line.stand(number, to, throughput)
        self._due.add(id)
        await asyncio.sleep(wait)

    async def _wait_for_media(self, conversation: str) -> None:
        """WhatsApp fetches and converts media: what follows at once would overtake it on the phone."""
        outbox_id, sent = self._media.pop(conversation, ("", 0.0))
        left = sent + MEDIA_WAIT - self._clock()
        if left > 0:
            await self._worker.aside_for(self._statuses.wait(outbox_id, _ARRIVED, left))

    def _remember_media(self, row: Row, message: Message) -> None:
        if isinstance(message, _MEDIA):
            self._media[row.conversation] = (row.id, self._clock())
            self._media.move_to_end(row.conversation)
        while self._media and next(iter(self._media.values()))[1] < self._clock() - MEDIA_WAIT:
            self._media.popitem(last=False)

    async def _was_accepted(self, row: Row, waited: float) -> bool:
        async with self._worker.aside():
            return await self._statuses.wait(row.id, ACCEPTED, UNKNOWN_WAIT - waited)

    async def _turns_out_accepted(self, row: Row) -> bool:
        """Where the server stops first, the row is given up: left as it is, it would be sent again."""
        try:
            return await self._worker.aside_for(self._statuses.wait(row.id, ACCEPTED, UNKNOWN_WAIT))
        except Stopping:
            return False

    async def _judge(self, row: Row, envelope: Envelope, error: SendError) -> Outcome:
        """Decides after a failed post: again, when WhatsApp is known not to have taken the message."""
        safe = isinstance(error, NotSent) or (isinstance(error, GraphError) and error.safe_to_resend)
        if safe and not self._patience.is_over(row.id, GIVE_UP_AFTER):
            seconds = _backoff(row.attempts, error)
            self._metrics.resent()
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
            if await self._turns_out_accepted(row):
                return self._sent(row, envelope)
            return await self._give_up(row, envelope, f"{UNKNOWN}: {error}", error)
        if isinstance(error, WindowClosed):
            await self._knocker.knock(row.conversation, envelope.to, envelope.number)
        return await self._give_up(row, envelope, str(error), error)

    async def _give_up(
        self, row: Row, envelope: Envelope, reason: str, error: SendError | None = None
    ) -> Outcome:
        self._patience.end(row.id)
        logger.error("whatsapp.message.undelivered", id=row.id, to=mask_phone(envelope.to), reason=reason)
        code = error.code if isinstance(error, GraphError) and error.code else 0
        unknown = reason.startswith(UNKNOWN)
        self._metrics.failed(UNKNOWN if unknown else code or "none")
        if not unknown:
            failure = events.Status(
                id=f"outbox:{row.id}",
                status="failed",
                outbox_id=row.id,
                errors=(events.WireError(code=code, details=reason),),
            )
            await self._failures.remember(row, envelope.turn)
            await self._failures.tell(failure)
        return Dead(reason)


def _backoff(attempts: int, error: SendError) -> float:
    """Seconds until the next attempt: doubling, with jitter, but not before WhatsApp's own Retry-After.

    However long that is, after ``GIVE_UP_AFTER`` it is known that the message is given up.
    """
    seconds = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** min(attempts - 1, 10)) * random.uniform(0.8, 1.2)
    return max(seconds, min(getattr(error, "retry_after", None) or 0.0, GIVE_UP_AFTER))
