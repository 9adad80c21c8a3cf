"""Where conversations and answers are kept: memory, one SQLite file or a Redis server."""

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
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``redis://host:6379/0``, the same with
            ``rediss://`` for TLS, or ``memory://``.

    Raises:
        SettingsError: no store has such a URL, or Redis's client is not installed.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme == "memory":
        return MemoryStore()
    if separator and scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return SQLiteStore(Path(rest[1:]))
    if separator and scheme in ("redis", "rediss"):
        try:
            # The one store with a dependency of its own, which a bot on SQLite need not install.
            from rasa_whatsapp.delivery.stores.redis import RedisStore
        except ModuleNotFoundError as error:
            problem = f"names a Redis server, but the module {error.name} is missing."
            raise SettingsError("store", problem, 'Run pip install "rasa-whatsapp[redis]".') from error
        return RedisStore(url)
    raise SettingsError(
        "store",
        "names no store.",
        "Write sqlite:///whatsapp.db for a file in the working directory, redis://host:6379/0 for several "
        "workers, or memory:// for a trial.",
    )
