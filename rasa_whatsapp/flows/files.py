"""Fetching what a user has picked in a Flow.

Source: Meta, WhatsApp Flows, Media upload components: at most 25 MiB a file, at an address without a token.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from yarl import URL

from rasa_whatsapp.errors import MediaError
from rasa_whatsapp.files import fetched, is_media_host
from rasa_whatsapp.hosts import GRAPH
from rasa_whatsapp.transport import Transport

LARGEST = 25 * 1024 * 1024
"""Bytes of one file."""
_OVERHEAD = 64
"""Bytes that encryption adds at most: padding and the checksum."""

Fetch = Callable[[str], Awaitable[bytes]]


class FlowFiles:
    """Fetches encrypted files, from Meta's media servers alone.

    Args:
        base_url: of the Graph API; a local WhatsApp has its files at its own address.
        ca_bundle: a PEM file of certificate authorities to trust besides the system's.
    """

    def __init__(self, base_url: str = GRAPH, ca_bundle: str = "") -> None:
        self._transport = Transport(base_url, example=GRAPH, ca_bundle=ca_bundle)

    async def fetch(self, url: str) -> bytes:
        """What lies at the address, still encrypted; at most 25 MiB.

        Raises:
            MediaError: the address, or a redirect, is not Meta's; the file is too large; or it cannot be had.
        """
        async with fetched(self._transport, url, LARGEST + _OVERHEAD, self._check) as file:
            return file.content.read()

    async def close(self) -> None:
        """Closes the connections."""
        await self._transport.close()

    def _check(self, target: URL) -> None:
        if not is_media_host(target) and target.origin() != self._transport.base.origin():
            raise MediaError(f"The file lies on {target.host!r}, which is not Meta's: it was not opened.")


async def fetch(url: str, base_url: str = GRAPH, ca_bundle: str = "") -> bytes:
    """What lies at an address of Meta's, by a connection of its own; see `FlowFiles`.

    Raises:
        MediaError: as there.
    """
    files = FlowFiles(base_url, ca_bundle)
    try:
        return await files.fetch(url)
    finally:
        await files.close()
