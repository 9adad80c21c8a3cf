"""What became of our messages: word for the sender that waits for it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Protocol

from rasa_whatsapp.events import Status

REMEMBERED = 10_000
"""Statuses kept for a sender that has not begun to wait: they may overtake the answer to the send itself."""

ACCEPTED = frozenset({"sent", "delivered", "read", "played"})
"""The statuses that only a message gets which WhatsApp has taken."""


class StatusBoard(Protocol):
    """The latest statuses by outbox row, and who waits for them."""

    def note(self, status: Status) -> None:
        """A status has come; statuses of messages that no outbox row sent are passed over."""

    async def wait(self, outbox_id: str, wanted: frozenset[str], seconds: float) -> bool:
        """Waits until a wanted status of that row has come, at most ``seconds``; says whether one has."""


class Statuses:
    """The latest statuses by outbox row, and who waits for them."""

    def __init__(self) -> None:
        self._heard: OrderedDict[str, set[str]] = OrderedDict()
        self._waiting: dict[str, asyncio.Event] = {}

    def note(self, status: Status) -> None:
        """A status has come; statuses of messages that no outbox row sent are passed over."""
        if not status.outbox_id:
            return
        self._heard.setdefault(status.outbox_id, set()).add(status.status)
        self._heard.move_to_end(status.outbox_id)
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        if status.outbox_id in self._waiting:
            self._waiting[status.outbox_id].set()

    async def wait(self, outbox_id: str, wanted: frozenset[str], seconds: float) -> bool:
        """Waits until a wanted status of that row has come, at most ``seconds``; says whether one has."""
        try:
            await asyncio.wait_for(self._arrival(outbox_id, wanted), seconds)
        except asyncio.TimeoutError:
            return False
        return True

    async def _arrival(self, outbox_id: str, wanted: frozenset[str]) -> None:
        news = self._waiting.setdefault(outbox_id, asyncio.Event())
        try:
            while not wanted & self._heard.get(outbox_id, set()):
                news.clear()
                await news.wait()
        finally:
            self._waiting.pop(outbox_id, None)
