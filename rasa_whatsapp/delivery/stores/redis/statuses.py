"""What became of our messages, whichever worker was told: Meta's status may come to another one."""

from __future__ import annotations

import asyncio

import structlog

from rasa_whatsapp.delivery.stores.redis.batch import Batch
from rasa_whatsapp.delivery.stores.redis.connection import RedisConnection
from rasa_whatsapp.errors import StoreError
from rasa_whatsapp.events import Status

logger = structlog.get_logger()

REMEMBERED = 300
"""Seconds for which a status is kept: it may come before anybody waits, or for a worker that has died."""
POLL = 0.2
"""Seconds between two looks while somebody waits."""


class RedisStatuses:
    """The latest statuses by outbox row; see ``statuses.Statuses``. A lost one costs at most its wait."""

    def __init__(self, connection: RedisConnection, prefix: str) -> None:
        self._connection = connection
        self._prefix = f"{prefix}:status"
        self._notes: Batch[str, None] = Batch(self._keep)
        self._last: asyncio.Future[list[None]] | None = None

    def note(self, status: Status) -> None:
        """A status has come; statuses of messages that no outbox row sent are passed over."""
        if status.outbox_id:
            self._last = self._notes.put([self._key(status.outbox_id, status.status)])

    async def wait(self, outbox_id: str, wanted: frozenset[str], seconds: float) -> bool:
        """Waits until a wanted status of that row has come, at most ``seconds``; says whether one has."""
        keys = [self._key(outbox_id, status) for status in sorted(wanted)]
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while not await self._any(keys):
            left = until - loop.time()
            if left <= 0:
                return False
            await asyncio.sleep(min(POLL, left))
        return True

    async def close(self) -> None:
        """Finishes what is being written down."""
        if self._last is not None:
            await self._last

    def _key(self, outbox_id: str, status: str) -> str:
        return f"{self._prefix}:{outbox_id}:{status}"

    async def _keep(self, keys: list[str]) -> list[None]:
        """In one call, for Meta puts up to a thousand statuses into one request."""
        try:
            await self._connection.run("statuses.lua", keys, [REMEMBERED])
        except StoreError as error:
            logger.warning("whatsapp.status.lost", count=len(keys), error=str(error))
        return [None] * len(keys)

    async def _any(self, keys: list[str]) -> bool:
        try:
            return bool(await self._connection.command("EXISTS", *keys))
        except StoreError:
            return False
