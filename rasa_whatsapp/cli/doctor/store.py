"""Whether messages can be kept where the settings say."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from rasa_whatsapp.cli.doctor.finding import Finding, bad, good, note
from rasa_whatsapp.delivery.stores import open_url
from rasa_whatsapp.errors import SettingsError, StoreError

SQLITE = "sqlite:///"


async def store(url: str) -> Finding:
    """Looks without changing anything: a bot may be using the store just now."""
    if url.startswith(("redis://", "rediss://")):
        return await _redis(url)
    return _local(url)


def _local(url: str) -> Finding:
    """Whether a file can be kept where the URL says."""
    if not url.startswith(SQLITE):
        return note(
            "store", "memory:// forgets everything when Rasa stops", "Fine for tests; else use a file."
        )
    path = Path(url.removeprefix(SQLITE)).absolute()
    try:
        # SQLite keeps files of its own beside the database, so the folder counts too.
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        remedy = "Make the folder, or give the user that runs Rasa the right to write there."
        return bad("store", f"{path.parent} cannot be written ({error.strerror})", remedy)
    if not path.exists():
        return good("store", f"{path} will be made")
    if not os.access(path, os.R_OK | os.W_OK):
        return bad("store", f"{path} cannot be written", "Give the user that runs Rasa the right to.")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            database.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        return bad("store", f"{path}: {error}", "Move it away; a new one is made at the next start.")
    return good("store", str(path))


async def _redis(url: str) -> Finding:
    """Whether Redis answers and is set so that it keeps what it is given."""
    try:
        warnings = await _examine(url)
    except (SettingsError, StoreError) as error:
        return bad("store", str(error), "Start Redis, or correct `store` in credentials.yml.")
    if warnings:
        return note("store", " ".join(warnings), "Change it in redis.conf.")
    return good("store", "Redis answers and keeps what it is given")


async def _examine(url: str) -> list[str]:
    store = open_url(url)
    # Known only now: without its client, which open_url asks for, the class cannot be imported.
    from rasa_whatsapp.delivery.stores.redis.store import RedisStore

    assert isinstance(store, RedisStore)
    return await store.examine()
