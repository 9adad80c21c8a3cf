"""Conversations in which the bot is silent, because a person has taken over."""

from __future__ import annotations

import time
from collections.abc import Callable

from rasa_whatsapp.delivery.stores.base import Store

_PAUSED = "paused:"


class Pauses:
    """Remembers on the store's shelf, for all workers, where the bot is silent."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    async def set(self, conversation: str, seconds: float, turn: str = "") -> None:
        """Silences the bot from now on for so many seconds; 0 lets it answer again.

        Args:
            turn: the turn that orders it, if one does: it is run to its end all the same.

        Raises:
            StoreError: it was not noted.
        """
        await self._note(conversation, self._clock() + seconds if seconds else 0.0, turn)

    async def lengthen(self, conversation: str, until: float) -> bool:
        """Silences the bot until then, in seconds since 1970, where it is not silent for longer anyway.

        Returns:
            Whether it was lengthened.

        Raises:
            StoreError: it was not noted.
        """
        end, turn = await self._noted(conversation)
        longer = until > max(end, self._clock())
        if longer:
            await self._note(conversation, until, turn)
        return longer

    async def silent(self, conversation: str, turn: str = "") -> bool:
        """Whether the bot is silent there; not in the turn that has ordered it, which may be run again.

        Raises:
            StoreError: it cannot be known just now.
        """
        end, by = await self._noted(conversation)
        return bool(end) and not (turn and turn == by)

    async def _note(self, conversation: str, until: float, turn: str) -> None:
        value = f"{until} {turn}".encode() if until else b""
        seconds = until - self._clock() if until else 1.0
        await self._store.set(_PAUSED + conversation, value, seconds, conversation)

    async def _noted(self, conversation: str) -> tuple[float, str]:
        """When the silence ends, 0 where there is none, and the turn that has ordered it."""
        until, _, turn = (await self._store.get(_PAUSED + conversation) or b"0").decode().partition(" ")
        return float(until), turn
