"""Where conversations and answers are kept: memory, one SQLite file or a Redis server."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from rasa_whatsapp.delivery.stores.base import Lane, Records, Store
from rasa_whatsapp.delivery.stores.memory import MemoryStore
from rasa_whatsapp.delivery.stores.sqlite.records import SQLiteRecords
from rasa_whatsapp.delivery.stores.sqlite.store import SQLiteStore
from rasa_whatsapp.delivery.stores.sqlite.thread import SQLiteThread
from rasa_whatsapp.errors import SettingsError, StoreError

__all__ = ["Lane", "MemoryStore", "Records", "SQLiteStore", "Store", "open_url", "records_of"]


def open_url(url: str, guest: bool = False) -> Store:
    """Makes the store that a ``store:`` setting names; nothing is opened yet.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``redis://host:6379/0``, the same with
            ``rediss://`` for TLS, or ``memory://``.
        guest: this process works no rows off; it leaves them to the bot.

    Raises:
        SettingsError: no store has such a URL, or Redis's client is not installed.
    """
    if url == _MEMORY:
        return MemoryStore()
    path = _file(url)
    if path is not None:
        return SQLiteStore(path, guest=guest)
    _check_redis(url)
    # The one store with a dependency of its own, which a bot on SQLite need not install.
    from rasa_whatsapp.delivery.stores.redis.store import RedisStore

    return RedisStore(url)


def records_of(url: str) -> Records:
    """The rows of a store that a bot, running or not, keeps in a file or on a server; nothing is opened yet.

    Raises:
        SettingsError: no store has such a URL, or Redis's client is not installed.
        StoreError: there is nothing to read.
    """
    if url == _MEMORY:
        raise StoreError("memory:// lives inside the running bot alone: there is nothing to read.")
    path = _file(url)
    if path is not None:
        if not path.exists():
            raise StoreError(
                f"There is no {path}. Run this where the bot runs, or name its store: "
                "--store sqlite:///path/to/whatsapp.db, or redis://host:6379/0."
            )
        return SQLiteRecords(SQLiteThread(path))
    _check_redis(url)
    from rasa_whatsapp.delivery.stores.redis.connection import RedisConnection
    from rasa_whatsapp.delivery.stores.redis.records import RedisRecords

    return RedisRecords(RedisConnection(url))


_MEMORY = "memory://"


def _file(url: str) -> Path | None:
    path = url.removeprefix("sqlite:///")
    return Path(path) if path not in ("", url) else None


def _check_redis(url: str) -> None:
    if not url.startswith(("redis://", "rediss://")):
        raise SettingsError(
            "store",
            "names no store.",
            "Write sqlite:///whatsapp.db for a file in the working directory, redis://host:6379/0 for "
            "several workers, or memory:// for a trial.",
        )
    if find_spec("redis") is None:
        problem = "names a Redis server, but the module redis is missing."
        raise SettingsError("store", problem, 'Run pip install "rasa-whatsapp[redis]".')
