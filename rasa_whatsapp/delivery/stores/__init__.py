"""Where conversations and answers are kept: memory or one SQLite file."""

from __future__ import annotations

from pathlib import Path

from rasa_whatsapp.delivery.stores.base import Lane, Store
from rasa_whatsapp.delivery.stores.memory import MemoryStore
from rasa_whatsapp.delivery.stores.sqlite import SQLiteStore
from rasa_whatsapp.errors import SettingsError

__all__ = ["Lane", "MemoryStore", "SQLiteStore", "Store", "open_url"]


def open_url(url: str) -> Store:
    """Makes the store that a ``store:`` setting names; nothing is opened yet.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``memory://``.

    Raises:
        SettingsError: no store has such a URL.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme == "memory":
        return MemoryStore()
    if separator and scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return SQLiteStore(Path(rest[1:]))
    raise SettingsError(
        "store",
        f"{url!r} names no store.",
        "Write sqlite:///whatsapp.db for a file in the working directory, or memory:// for a trial.",
    )
