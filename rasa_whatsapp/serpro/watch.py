"""Asking Serpro what became of a message when no webhook tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from rasa_whatsapp.errors import StoreError, WhatsAppError
from rasa_whatsapp.events import Event, Number, Status
from rasa_whatsapp.serpro.client import SerproClient
from rasa_whatsapp.serpro.report import FINAL, statuses

logger = structlog.get_logger()

DELAYS = (3.0, 12.0, 45.0, 240.0)
"""Seconds before each question. The first is early enough for a message that waits for media before it."""
MOST = 1000
"""Requests watched at once; what is sent beyond that is left to the webhook."""

Take = Callable[[Sequence[Event]], Awaitable[None]]


class Watch:
    """Watches requests until their outcome is known, by webhook or by asking.

    Args:
        client: whom to ask.
        number: the number that the statuses are of.
        take: where statuses go; the same place as those of the webhook.
        delays: seconds before each question.
    """

    def __init__(
        self, client: SerproClient, number: Number, take: Take, delays: Sequence[float] = DELAYS
    ) -> None:
        self._client = client
        self._number = number
        self._take = take
        self._delays = delays
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def begin(self, request_id: str) -> None:
        """A request was taken by Serpro."""
        if request_id and len(self._tasks) < MOST:
            task = asyncio.create_task(self._ask(request_id))
            self._tasks[request_id] = task
            task.add_done_callback(lambda _: self._tasks.pop(request_id, None))

    def heard(self, request_id: str) -> None:
        """The webhook tells of this request; it will tell the rest, too."""
        if task := self._tasks.get(request_id):
            task.cancel()

    async def close(self) -> None:
        """Ends all questions."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, request_id: str) -> None:
        told: set[str] = set()
        for delay in self._delays:
            await asyncio.sleep(delay)
            try:
                report = await self._client.status(request_id)
                news = statuses(report, request_id, self._number)
                fresh: list[Status] = [status for status in news if status.key not in told]
                if fresh:
                    await self._take(fresh)
            except StoreError as error:
                logger.warning("whatsapp.status.not_kept", error=str(error))
                continue
            except WhatsAppError as error:
                logger.info("whatsapp.status.unknown", request=request_id, error=str(error))
                continue
            told.update(status.key for status in fresh)
            if news and all(status.status in FINAL for status in news):
                return
