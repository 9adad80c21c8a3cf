"""Webhooks on their way to the bot: written once, posted in order, posted again until the bot answers 200.

Source: Meta, Webhooks: any answer but 200 is a failure, repeated ever more seldom for up to seven days.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog

from rasa_whatsapp.simulator.background import Background
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.switches.bad_day import Luck
from rasa_whatsapp.simulator.webhook.envelope import Wire

# Seconds to wait before each repeat; the last one stands for all that follow.
RETRY_AFTER = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
GIVE_UP_AFTER = 7 * 24 * 60 * 60
_RECONNECT_AFTER = 0.5
_LOGGED = 5_000
_LATE = 0.5
"""Seconds by which a webhook is late at most, on a day when they are shuffled or batched."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Attempt:
    """One POST: when (epoch seconds), the bot's HTTP status (None: no answer), how long it took."""

    at: float
    status: int | None
    seconds: float
    error: str = ""
    connected: bool = True


@dataclass
class Delivery:
    """One webhook, the exact bytes of its body, its headers and every attempt to bring it to the bot."""

    number: int
    at: float
    body: bytes
    headers: dict[str, str]
    on_acknowledged: Callable[[], object] | None = None
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def acknowledged(self) -> bool:
        """Whether the bot has answered 200."""
        return any(attempt.status == 200 for attempt in self.attempts)

    @property
    def status(self) -> int | None:
        """The HTTP status of the latest attempt; None without an answer."""
        return self.attempts[-1].status if self.attempts else None

    @property
    def seconds(self) -> float:
        """How long the slowest attempt took."""
        return max((attempt.seconds for attempt in self.attempts), default=0.0)

    def to_json(self) -> dict[str, Any]:
        """The entry of the delivery log, for the page."""
        return {
            "id": self.number,
            "at": self.at,
            "body": self.body.decode("utf-8", "replace"),
            "headers": self.headers,
            "acknowledged": self.acknowledged,
            "attempts": [
                {"at": a.at, "status": a.status, "seconds": a.seconds, "error": a.error}
                for a in self.attempts
            ],
        }


class Webhook:
    """The bot's webhook.

    One event is posted after the other, as long as ``in_order``. While nothing listens at ``url`` the queue
    waits, so a restart of the bot costs no order; an event that is answered with something else than 200 is
    set aside to be posted again later, and the next ones pass it, as they do at Meta.
    """

    def __init__(
        self,
        url: str,
        wire: Wire,
        clock: Clock,
        background: Background,
        *,
        luck: Luck,
        on_change: Callable[[Delivery], None],
        retry_after: Iterable[float] = RETRY_AFTER,
        ack_timeout: float = 10.0,
        in_order: bool = True,
    ) -> None:
        self.url = url
        self.override = ""
        """Another address for all webhooks, set by the API; empty for none."""
        self.subscribed = True
        """Whether the app wants webhooks at all."""
        self.deliveries: deque[Delivery] = deque(maxlen=_LOGGED)
        self._wire = wire
        self._clock = clock
        self._background = background
        self._luck = luck
        self._held: list[tuple[dict[str, Any], Callable[[], None] | None]] = []
        self._on_change = on_change
        self._retry_after = tuple(retry_after)
        self._ack_timeout = aiohttp.ClientTimeout(total=ack_timeout)
        self._in_order = in_order
        self._count = 0
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()
        self._session: aiohttp.ClientSession | None = None
        self._lane: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to post what is queued."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._lane = asyncio.get_running_loop().create_task(self._work())

    async def stop(self) -> None:
        """Stop posting."""
        if self._lane:
            self._lane.cancel()
            await asyncio.gather(self._lane, return_exceptions=True)
        if self._session:
            await self._session.close()

    def send(self, body: dict[str, Any], on_acknowledged: Callable[[], None] | None = None) -> None:
        """Write a body, queue it, and call back when the bot has answered 200; nothing for an app that has
        unsubscribed.
        """
        if not self.subscribed:
            return
        if self._luck.strikes("batched"):
            self._held.append((body, on_acknowledged))
            self._background.start(self._let_go())
            return
        held, self._held = [*self._held, (body, on_acknowledged)], []
        self._queue_up(held)

    def _queue_up(self, held: list[tuple[dict[str, Any], Callable[[], None] | None]]) -> None:
        bodies = [body for body, _ in held]
        whole = bodies[0] if len(bodies) == 1 else self._wire.merged(bodies)
        delivery = self.prepare(self._wire.encode(whole))
        delivery.on_acknowledged = lambda: [tell() for _, tell in held if tell]
        if self._luck.strikes("shuffled"):
            self._background.start(self._deliver_late(delivery))
        elif self._in_order:
            self._queue.put_nowait(delivery)
        else:
            self._background.start(self._deliver(delivery))

    async def _let_go(self) -> None:
        """What waits for a next one that does not come is posted alone."""
        await self._clock.sleep(_LATE)
        held, self._held = self._held, []
        if held:
            self._queue_up(held)

    async def _deliver_late(self, delivery: Delivery) -> None:
        await self._clock.sleep(self._luck.delay("shuffled", _LATE))
        await self._deliver(delivery)

    def prepare(self, body: bytes, *, signed: bool = True) -> Delivery:
        """Enter a body into the log, ready to be posted."""
        headers = self._wire.headers(body, proved=signed)
        self._count += 1
        delivery = Delivery(self._count, self._clock.now(), body, headers)
        self.deliveries.append(delivery)
        return delivery

    async def post(self, delivery: Delivery) -> Attempt:
        """Post once, and enter the outcome into the log."""
        assert self._session, "the simulator is not started"
        at, began = self._clock.now(), time.perf_counter()
        status, error, connected = None, "", True
        try:
            async with self._session.post(
                self.override or self.url,
                data=delivery.body,
                headers=delivery.headers,
                timeout=self._ack_timeout,
                allow_redirects=False,
            ) as response:
                status = response.status
                await response.read()
        except asyncio.TimeoutError:
            error = f"no answer within {self._ack_timeout.total:g} s"
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as problem:
            error, connected = f"cannot connect: {problem}", False
        except aiohttp.ClientError as problem:
            error = f"connection lost: {problem}"
        attempt = Attempt(at, status, time.perf_counter() - began, error, connected)
        was_acknowledged = delivery.acknowledged
        delivery.attempts.append(attempt)
        if delivery.acknowledged and not was_acknowledged and delivery.on_acknowledged:
            delivery.on_acknowledged()
        self._on_change(delivery)
        return attempt

    async def get(self, query: dict[str, str]) -> tuple[int, str]:
        """GET the webhook, for the handshake: status and body. Raises aiohttp's and timeout errors."""
        assert self._session, "the simulator is not started"
        async with self._session.get(self.url, params=query, timeout=self._ack_timeout) as response:
            return response.status, await response.text(errors="replace")

    async def somebody_listens(self) -> bool:
        """Whether a connection is possible; unlike an attempt to post, this leaves nothing in the log."""
        try:
            url = urlsplit(self.override or self.url)
            if not url.hostname:
                return False
            port = url.port or (443 if url.scheme == "https" else 80)
            _, writer = await asyncio.open_connection(url.hostname, port)
        except (OSError, ValueError):
            return False
        writer.close()
        return True

    async def join(self) -> None:
        """Wait until everything queued has been posted once."""
        await self._queue.join()

    async def _work(self) -> None:
        while True:
            delivery = await self._queue.get()
            try:
                await self._deliver(delivery)
            finally:
                self._queue.task_done()

    async def _deliver(self, delivery: Delivery) -> None:
        if self._luck.strikes("duplicates"):
            attempt, _ = await asyncio.gather(self.post(delivery), self.post(delivery))
        else:
            attempt = await self.post(delivery)
        while not attempt.connected and not self._too_old(delivery):
            await self._clock.sleep(_RECONNECT_AFTER)
            if await self.somebody_listens():
                attempt = await self.post(delivery)
        if not delivery.acknowledged:
            _log.warning(
                "whatsapp.simulator.webhook.refused",
                delivery=delivery.number,
                status=attempt.status,
                error=attempt.error,
            )
            self._background.start(self._repeat(delivery))

    async def _repeat(self, delivery: Delivery) -> None:
        repeats = 0
        while not delivery.acknowledged and not self._too_old(delivery) and self._retry_after:
            await self._clock.sleep(self._retry_after[min(repeats, len(self._retry_after) - 1)])
            await self.post(delivery)
            repeats += 1

    def _too_old(self, delivery: Delivery) -> bool:
        return self._clock.now() - delivery.at > GIVE_UP_AFTER
