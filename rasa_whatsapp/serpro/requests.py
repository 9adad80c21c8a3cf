"""Which outbox row a request of Serpro's was sent from: Serpro's statuses know only the request."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from rasa_whatsapp.errors import StoreError
from rasa_whatsapp.shelf import Shelf

logger = structlog.get_logger()

REMEMBERED = 30 * 24 * 3600.0
"""Seconds for which a status may still come: WhatsApp tries to deliver for 30 days."""
IN_MEMORY = 10_000
"""Requests remembered without the shelf; the newest stay."""
OVERTAKING = 5.0
"""Seconds for which a status that nobody knows waits for posts that are just being answered."""

_KEY = "serpro:request:"


class Requests:
    """The outbox rows by request id, for all numbers of one channel.

    Args:
        shelf: remembers across restarts and for other processes. What it cannot keep stays in memory.
    """

    def __init__(self, shelf: Shelf | None = None, clock: Callable[[], float] = time.time) -> None:
        self._shelf = shelf
        self._clock = clock
        self._rows: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._under_way: set[asyncio.Future[None]] = set()

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Around a post: a status may overtake its answer, and is kept waiting until that is known."""
        ended = asyncio.get_running_loop().create_future()
        self._under_way.add(ended)
        try:
            yield
        finally:
            self._under_way.discard(ended)
            ended.set_result(None)

    async def remember(self, request_id: str, outbox_id: str) -> None:
        """A request was sent from a row."""
        if not request_id or not outbox_id:
            return
        self._rows[request_id] = (outbox_id, self._clock() + REMEMBERED)
        while len(self._rows) > IN_MEMORY:
            self._rows.popitem(last=False)
        if self._shelf is not None:
            try:
                await self._shelf.set(_KEY + request_id, outbox_id.encode(), REMEMBERED)
            except StoreError as error:
                logger.warning("whatsapp.request.not_kept", error=str(error))

    async def outbox_id(self, request_id: str) -> str:
        """The row a request was sent from; empty when it was not sent from here.

        Raises:
            StoreError: it cannot be known just now.
        """
        if not request_id:
            return ""
        if known := await self._known(request_id):
            return known
        if not self._under_way:
            return ""
        await asyncio.wait(self._under_way, timeout=OVERTAKING)
        return await self._known(request_id)

    async def _known(self, request_id: str) -> str:
        row, until = self._rows.get(request_id, ("", 0.0))
        if row and self._clock() < until:
            return row
        kept = await self._shelf.get(_KEY + request_id) if self._shelf is not None else None
        return kept.decode() if kept else ""
