"""Who wants no marketing messages any more, as people tell WhatsApp in the chat's menu."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.events import UserPreferences

REMEMBERED = 10 * 365 * 24 * 3600.0
"""Seconds for which a wish is kept; in effect until the person changes it."""
_STOPPED = "no_marketing:"


class Preferences:
    """Remembers the wishes on the store's shelf."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def note(self, told: UserPreferences) -> None:
        """Remembers each ``stop``, and forgets it with ``resume``.

        Raises:
            StoreError: it was not noted.
        """
        for wish in told.preferences:
            if wish.value in ("stop", "resume"):
                stopped = b"1" if wish.value == "stop" else b""
                for alias in wish.person.aliases:
                    await self._store.set(_STOPPED + alias, stopped, REMEMBERED, alias)

    async def stopped(self, aliases: Sequence[str]) -> bool:
        """Whether somebody who goes by one of these names wants no marketing messages.

        Raises:
            StoreError: it cannot be known just now.
        """
        for alias in aliases:
            if await self._store.get(_STOPPED + alias):
                return True
        return False
