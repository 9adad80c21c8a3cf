"""Files that the bot sends by link: fetched here, so that the page loads nothing from elsewhere.

Source: Meta, Cloud API, Media: WhatsApp fetches a link itself and keeps the file for ten minutes.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import aiohttp

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.media.shelf import KINDS, bare, most_bytes

_KEPT_FOR = 10 * 60
_LARGEST = 16 * 1024 * 1024
_KNOWN_LINKS = 2_000
_KEPT_FILES = 50
_TIMEOUT = aiohttp.ClientTimeout(total=20)


class Links:
    """Fetches links, but only those that stand in a message of the bot."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # link: (until when its file may be shown, MIME type, bytes)
        self._known: OrderedDict[str, tuple[float, str, bytes]] = OrderedDict()

    def note(self, content: dict[str, Any]) -> None:
        """Remember the links of a message."""
        for link in _links(content):
            self._known.setdefault(link, (0.0, "", b""))
            self._known.move_to_end(link)
        while len(self._known) > _KNOWN_LINKS:
            self._known.popitem(last=False)

    async def problem(self, kind: str, link: str) -> str:
        """Why a file cannot be sent as this kind of message; empty where it can.

        Of a document over 16 MB nothing is said.
        """
        mimes, largest = KINDS[kind]
        try:
            mime_type, data = await _get(link)
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return "The link leads to no file."
        except ValueError:
            return "" if largest > _LARGEST else "The file behind the link is too large."
        if bare(mime_type) not in mimes:
            return f"A file of type {bare(mime_type)} cannot be sent as {kind}."
        fits = 0 < len(data) <= most_bytes(kind, data)
        return "" if fits else "The file behind the link is empty or too large."

    async def fetch(self, link: str) -> tuple[str, bytes] | None:
        """MIME type and bytes of a file; None for a link of no message, or one that leads to no file."""
        if link not in self._known:
            return None
        until, mime_type, data = self._known[link]
        if until <= self._clock.now():
            try:
                mime_type, data = await _get(link)
            except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
                return None
            self._known[link] = (self._clock.now() + _KEPT_FOR, mime_type, data)
            for other in [each for each, (_, _, kept) in self._known.items() if kept][:-_KEPT_FILES]:
                self._known[other] = (0.0, "", b"")
        return mime_type, data


async def _get(link: str) -> tuple[str, bytes]:
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=True) as session,
        session.get(link) as response,
    ):
        response.raise_for_status()
        data = bytearray()
        async for chunk in response.content.iter_chunked(65536):
            data += chunk
            if len(data) > _LARGEST:
                raise ValueError("The file is too large.")
        return response.content_type, bytes(data)


def _links(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("link"), str):
            yield value["link"]
        for inner in value.values():
            yield from _links(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _links(inner)
