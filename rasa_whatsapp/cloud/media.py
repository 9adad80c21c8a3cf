"""Files that travel by WhatsApp: what may be uploaded, and how a download becomes a file on disk.

Source: Meta, Cloud API, Media (supported types and sizes).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hashlib
import io
import mimetypes
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import aiohttp
import structlog
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from rasa_whatsapp.errors import MediaError, MessageError
from rasa_whatsapp.files import File, Progress
from rasa_whatsapp.messages import limits

_logger = structlog.get_logger(__name__)

KIB = 1024
MIB = 1024 * KIB

LARGEST = limits.FILE
"""The usual cap of a download."""
UPLOAD_LIMITS = {
    "image/jpeg": 5 * MIB,
    "image/png": 5 * MIB,
    "image/webp": 500 * KIB,
    "video/mp4": 16 * MIB,
    "video/3gpp": 16 * MIB,
    "audio/aac": 16 * MIB,
    "audio/amr": 16 * MIB,
    "audio/mpeg": 16 * MIB,
    "audio/mp4": 16 * MIB,
    "audio/ogg": 16 * MIB,
}
"""Largest upload in bytes by media type. Any other type travels as a document, unless its family is here."""
STATIC_STICKER_LIMIT = 100 * KIB

_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
"""File name endings by media type. Fixed, so that a sender cannot choose one by naming an odd type."""

_CHUNK = 256 * KIB


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


def _fields(mime_type: str) -> dict[str, str]:
    return {"messaging_product": "whatsapp", "type": mime_type}


@contextlib.asynccontextmanager
async def upload_form(
    source: File,
    mime_type: str,
    filename: str,
    fields: Callable[[str], Mapping[str, str]] = _fields,
    progress: Progress | None = None,
) -> AsyncIterator[aiohttp.FormData]:
    """The checked form of an upload, streamed from ``source`` while it is open.

    Args:
        fields: what stands in the form besides the file, given the media type; by default what Meta asks for.
        progress: called with the bytes that have left and the file's size.

    Raises:
        MessageError: the type is unknown or not carried by WhatsApp, or the file is empty or too large.
    """
    if isinstance(source, (str, os.PathLike)):
        filename = filename or Path(source).name
        file: BinaryIO = await asyncio.to_thread(open, source, "rb")
    else:
        file = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        mime_type = mime_type or mimetypes.guess_type(filename)[0] or ""
        size = await asyncio.to_thread(_check_upload, file, mime_type)
        form = aiohttp.FormData()
        for field_name, value in fields(mime_type).items():
            form.add_field(field_name, value)
        name = Path(filename).name or f"file{_ending(mime_type)}"
        part = _FilePart(file, size, mime_type, progress)
        form.add_field("file", part, filename=name, content_type=mime_type)
        yield form
    finally:
        if file is not source:
            file.close()


async def save(
    chunks: AsyncIterator[bytes], info: MediaInfo, directory: str | os.PathLike[str] | None
) -> MediaFile:
    """Write ``chunks`` to a new file, readable by its owner only, under a name made up here.

    Nothing is left behind when it fails.
    """
    handle, name = await asyncio.to_thread(_new_file, directory, _ending(info.mime_type))
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


def check_announced(info: MediaInfo, max_bytes: int) -> None:
    """Raise `MediaError` where Meta's own description already says that there is nothing to fetch."""
    if not info.url:
        raise MediaError(f"Meta gave no address for media {info.id}.")
    if info.file_size > max_bytes:
        raise MediaError(f"Media {info.id} has {info.file_size} bytes, more than the {max_bytes} allowed.")


class _FilePart(Payload):
    """An open file as part of a form, read in a thread and left open: it is closed by whoever opened it."""

    def __init__(self, file: BinaryIO, size: int, mime_type: str, progress: Progress | None) -> None:
        super().__init__(file, content_type=mime_type)
        self._size = self._whole = size
        self._progress = progress

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Required by newer aiohttp, for middlewares that read the body; none is used here."""
        raise TypeError("the file is only ever written")

    async def write(self, writer: AbstractStreamWriter) -> None:
        left = 0
        while chunk := await asyncio.to_thread(self._value.read, _CHUNK):
            await writer.write(chunk)
            left += len(chunk)
            if self._progress is not None:
                self._progress(left, self._whole)


def _check_upload(file: BinaryIO, mime_type: str) -> int:
    """The bytes from the file's present position to its end, if WhatsApp takes them."""
    start = file.tell()
    size = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    head = file.read(32)
    file.seek(start)

    essence = _essence(mime_type)
    family = essence.partition("/")[0]
    if not essence:
        raise MessageError(
            "mime_type", 'is not given and cannot be told from the file name; say "image/png".'
        )
    carried = [known for known in UPLOAD_LIMITS if known.startswith(f"{family}/")]
    if carried and essence not in carried:
        raise MessageError(
            "mime_type", f"{essence} is not carried by WhatsApp; convert to {' or '.join(carried)}."
        )
    limit = UPLOAD_LIMITS.get(essence, LARGEST)
    if essence == "image/webp" and not _is_animated(head):
        limit = STATIC_STICKER_LIMIT
    if not size:
        raise MessageError("file", "is empty.")
    if size > limit:
        raise MessageError("file", f"has {size} bytes; WhatsApp takes at most {limit} of {essence}.")
    return size


def _is_animated(head: bytes) -> bool:
    """Whether a WebP file's extended header has the animation flag. Source: WebP container specification."""
    return head[12:16] == b"VP8X" and len(head) > 20 and bool(head[20] & 0b10)


def _new_file(directory: str | os.PathLike[str] | None, ending: str) -> tuple[int, str]:
    if directory is not None:
        Path(directory).mkdir(parents=True, exist_ok=True)
    return tempfile.mkstemp(prefix="whatsapp-", suffix=ending, dir=directory)


def _ending(mime_type: str) -> str:
    return _ENDINGS.get(_essence(mime_type), ".bin")


def _essence(mime_type: str) -> str:
    """The type without parameters: WhatsApp's voice notes are ``audio/ogg; codecs=opus``."""
    return mime_type.partition(";")[0].strip().lower()


def _checksum(text: str) -> bytes:
    """Meta writes SHA-256 as 64 hex digits in some places and as base64 in others, and documents neither."""
    with contextlib.suppress(ValueError, binascii.Error):
        return bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text)
    return b""
