"""Conversations in which the bot is silent, because a person has taken over."""

from __future__ import annotations

from rasa_whatsapp.delivery.stores.base import Store

_PAUSED = "paused:"


class Pauses:
    """Remembers on the store's shelf, for all workers, where the bot is silent."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def set(self, conversation: str, seconds: float) -> None:
        """Silences the bot from now on for so many seconds; 0 lets it answer again.

        Raises:
            StoreError: it was not noted.
        """
        await self._store.set(_PAUSED + conversation, b"1" if seconds else b"", seconds or 1.0, conversation)

    async def silent(self, conversation: str) -> bool:
        """Whether the bot is silent there.

        Raises:
            StoreError: it cannot be known just now.
        """
        return bool(await self._store.get(_PAUSED + conversation))
