"""Answers whose fate was unknown when they were given up, and the late statuses that tell it."""

from __future__ import annotations

import asyncio

import structlog

from rasa_whatsapp.delivery.statuses import ACCEPTED, StatusBoard
from rasa_whatsapp.delivery.stores.base import Records
from rasa_whatsapp.errors import StoreError
from rasa_whatsapp.events import Status

logger = structlog.get_logger()

UNKNOWN = "unknown"
"""How the reason of a dead letter begins that WhatsApp may have accepted all the same."""
LOOK = 20.0
"""Seconds between two looks for such dead letters, which another worker may have made."""
LETTERS = 1000
"""How many of the newest dead letters are looked at."""
GLANCE = 0.01
"""Seconds for a status that came before the dead letter was seen."""


class LateStatuses:
    """A status board that also marks a dead letter as sent when a status tells that it was.

    The ids are kept in memory, so that an ordinary status costs one look into a set.

    Args:
        records: where the dead letters are.
        board: where statuses go on to.
    """

    def __init__(self, records: Records, board: StatusBoard) -> None:
        self._records = records
        self._board = board
        self._ids: set[str] = set()
        self._looking: asyncio.Task[None] | None = None
        self._settling: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begins to look for dead letters, those left from before first."""
        self._looking = asyncio.create_task(self._keep_looking())

    async def stop(self) -> None:
        """Ends what is under way; what was not settled waits for the next status."""
        tasks = [*self._settling, *([self._looking] if self._looking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def note(self, status: Status) -> None:
        """A status has come."""
        self._board.note(status)
        if status.outbox_id in self._ids and status.status in ACCEPTED:
            task = asyncio.create_task(self._settle(status.outbox_id))
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)

    async def wait(self, outbox_id: str, wanted: frozenset[str], seconds: float) -> bool:
        """Waits until a wanted status of that row has come, at most ``seconds``; says whether one has."""
        return await self._board.wait(outbox_id, wanted, seconds)

    async def look(self) -> None:
        """Finds new dead letters of unknown fate; their status may have come already.

        Raises:
            StoreError: the store cannot be read.
        """
        letters = await self._records.rows("answer", "dead", LETTERS)
        found = {letter.id for letter in letters if letter.reason.startswith(UNKNOWN)}
        new, self._ids = found - self._ids, found
        for id in new:
            if await self._board.wait(id, ACCEPTED, GLANCE):
                await self._settle(id)

    async def _settle(self, id: str) -> None:
        try:
            if await self._records.settle(id):
                logger.info("whatsapp.message.settled", id=id, hint="A late status: it was sent after all.")
        except StoreError as error:
            logger.warning("whatsapp.message.unsettled", id=id, error=str(error))
        else:
            self._ids.discard(id)

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
            except StoreError as error:
                logger.warning("whatsapp.store.unreadable", error=str(error))
            await asyncio.sleep(LOOK)
