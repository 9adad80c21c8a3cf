"""What became of our messages, whichever worker was told: Meta's status may come to another one."""

from __future__ import annotations

import asyncio

import structlog

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
        self._notes: set[asyncio.Task[None]] = set()

    def note(self, status: Status) -> None:
        """A status has come; statuses of messages that no outbox row sent are passed over."""
        if status.outbox_id:
            task = asyncio.create_task(self._keep(self._key(status.outbox_id, status.status)))
            self._notes.add(task)
            task.add_done_callback(self._notes.discard)

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
        await asyncio.gather(*self._notes)

    def _key(self, outbox_id: str, status: str) -> str:
        return f"{self._prefix}:{outbox_id}:{status}"

    async def _keep(self, key: str) -> None:
        try:
            await self._connection.command("SET", key, "", "EX", REMEMBERED)
        except StoreError as error:
            logger.warning("whatsapp.status.lost", error=str(error))

    async def _any(self, keys: list[str]) -> bool:
        try:
            return bool(await self._connection.command("EXISTS", *keys))
        except StoreError:
            return False
