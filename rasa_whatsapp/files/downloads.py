"""A file that came by WhatsApp: what is known of it, where it may lie, and how it becomes a file on disk."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import structlog
from yarl import URL

from rasa_whatsapp.files.types import ending

_logger = structlog.get_logger(__name__)

_HOSTS = ("fbsbx.com", "fbcdn.net", "whatsapp.net", "facebook.com")


class HasMedia(Protocol):
    """An event that carries a file, such as ``events.Image``."""

    @property
    def media_id(self) -> str:
        """The file's id at Meta."""


@dataclass(frozen=True)
class MediaInfo:
    """What Meta knows about a file.

    Attributes:
        url: where it lies for the next 5 minutes; opens only with the access token.
        sha256: its checksum, as hex or base64: Meta uses both.
        file_size: in bytes; 0 when not given.
    """

    id: str
    url: str = field(repr=False)
    mime_type: str = ""
    sha256: str = ""
    file_size: int = 0


@dataclass(frozen=True)
class MediaFile:
    """A downloaded file.

    Attributes:
        path: where it lies; the caller's to delete.
        size: in bytes.
        sha256: of the bytes received, as hex.
        intact: False when Meta announced another checksum.
    """

    path: Path
    mime_type: str
    size: int
    sha256: str
    intact: bool


async def save(
    chunks: AsyncIterator[bytes], info: MediaInfo, directory: str | os.PathLike[str] | None
) -> MediaFile:
    """Write ``chunks`` to a new file, readable by its owner only, under a name made up here.

    Nothing is left behind when it fails.
    """
    handle, name = await asyncio.to_thread(_new_file, directory, ending(info.mime_type))
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as file:
            async for chunk in chunks:
                size += len(chunk)
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
    except BaseException:
        os.unlink(name)
        raise
    intact = not info.sha256 or _checksum(info.sha256) == digest.digest()
    if not intact:
        _logger.warning("whatsapp.media.checksum_differs", media_id=info.id, size=size)
    return MediaFile(Path(name), info.mime_type, size, digest.hexdigest(), intact)


def is_media_host(url: URL) -> bool:
    """Whether an address is one of WhatsApp's own media servers, which are Meta's, whoever told it.

    Source: Meta, Cloud API, Media ("lookaside.fbsbx.com").
    """
    host = url.host or ""
    return url.scheme == "https" and any(host == known or host.endswith(f".{known}") for known in _HOSTS)


def _new_file(directory: str | os.PathLike[str] | None, ending: str) -> tuple[int, str]:
    if directory is not None:
        Path(directory).mkdir(parents=True, exist_ok=True)
    return tempfile.mkstemp(prefix="whatsapp-", suffix=ending, dir=directory)


def _checksum(text: str) -> bytes:
    """Meta writes SHA-256 as 64 hex digits in some places and as base64 in others, and documents neither."""
    with contextlib.suppress(ValueError, binascii.Error):
        return bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text)
    return b""
