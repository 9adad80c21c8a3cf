"""What a connection works with: the bot's settings, its store, and a client for each of its numbers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass

from rasa_whatsapp.delivery.directory import Directory
from rasa_whatsapp.delivery.identity import Identity
from rasa_whatsapp.delivery.outbox import Outbox
from rasa_whatsapp.delivery.post import Post
from rasa_whatsapp.delivery.stores import MemoryStore, Store, open_url
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.providers import gateways as gateways_of
from rasa_whatsapp.settings import Settings, find_credentials, load, read_credentials


@dataclass(frozen=True)
class Parts:
    """One connection's own.

    Attributes:
        store: shared with the bot, or of this connection alone.
        direct: messages are posted at once, instead of being left to the bot.
        gateways: by number, the first one first.
    """

    store: Store
    direct: bool
    gateways: Mapping[str, Gateway]
    directory: Directory
    post: Post
    outbox: Outbox

    async def close(self) -> None:
        """Closes the clients and the store."""
        await asyncio.gather(*(gateway.close() for gateway in self.gateways.values()))
        await self.store.close()


async def open_parts(
    credentials: str | os.PathLike[str] | None, direct: bool, environ: Mapping[str, str]
) -> Parts:
    """Reads the settings and opens the store; see `connect`.

    Raises:
        SettingsError: a setting is missing or wrong.
        StoreError: the store cannot be opened.
    """
    settings = _settings(credentials, environ)
    store: Store = MemoryStore() if direct else open_url(settings.store, guest=True)
    gateways = gateways_of(settings, store)
    parts = Parts(
        store=store,
        direct=direct or isinstance(store, MemoryStore),
        gateways=gateways,
        directory=Directory(store, Identity.of(settings), tuple(gateways)),
        post=Post(store, settings.media),
        outbox=Outbox(store, lambda number, message: gateways[number].fit(message)),
    )
    await store.open()  # last, so that no error leaves it open
    return parts


def _settings(credentials: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> Settings:
    section = read_credentials(find_credentials(credentials), environ)
    return load(section, environ, receives=False)
