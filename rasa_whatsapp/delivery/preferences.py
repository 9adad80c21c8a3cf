"""Who wants no marketing messages any more, as people tell WhatsApp in the chat's menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.events import Event, Notification, Person

FIELD = "user_preferences"
"""The webhook field. Source: Meta, Cloud API, Webhooks, user_preferences."""
REMEMBERED = 10 * 365 * 24 * 3600.0
"""Seconds for which a wish is kept; in effect until the person changes it."""
_STOPPED = "no_marketing:"


class Preferences:
    """Remembers the wishes on the store's shelf."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def note(self, notification: Notification) -> None:
        """Remembers each ``stop``, and forgets it with ``resume``.

        Raises:
            StoreError: it was not noted.
        """
        value = notification.value
        wishes = value.get(FIELD) if isinstance(value, dict) else None
        for wish in wishes if isinstance(wishes, list) else ():
            if isinstance(wish, dict) and wish.get("value") in ("stop", "resume"):
                stopped = b"1" if wish["value"] == "stop" else b""
                person = Person(phone=_text(wish, "wa_id"), user_id=_text(wish, "user_id"))
                for alias in person.aliases:
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


def tells(event: Event) -> bool:
    """Whether an event is about such wishes."""
    return isinstance(event, Notification) and event.field == FIELD


def _text(source: dict[str, Any], key: str) -> str:
    value = source.get(key)
    return value if isinstance(value, str) else ""
