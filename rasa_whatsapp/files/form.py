"""What may be uploaded, as the form that it travels in.

Source: Meta, Cloud API, Media (supported types and sizes).
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.files.sources import File, Progress
from rasa_whatsapp.files.types import (
    KIB,
    LARGEST,
    STATIC_STICKER_LIMIT,
    UPLOAD_LIMITS,
    ending,
    essence,
    mime_type_of,
    real_type,
)

_CHUNK = 256 * KIB


@contextlib.asynccontextmanager
async def upload_form(
    source: File,
    mime_type: str,
    filename: str,
    fields: Callable[[str], Mapping[str, str]],
    progress: Progress | None = None,
) -> AsyncIterator[aiohttp.FormData]:
    """The checked form of an upload, streamed from ``source`` while it is open.

    Args:
        fields: what stands in the form besides the file, given the media type.
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
        mime_type = real_type(mime_type) or mime_type_of(filename)
        size = await asyncio.to_thread(_check_upload, file, mime_type)
        form = aiohttp.FormData()
        for field_name, value in fields(mime_type).items():
            form.add_field(field_name, value)
        name = Path(filename).name or f"file{ending(mime_type)}"
        part = _FilePart(file, size, mime_type, progress)
        form.add_field("file", part, filename=name, content_type=mime_type)
        yield form
    finally:
        if file is not source:
            file.close()


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

    kind = essence(mime_type)
    family = kind.partition("/")[0]
    if not kind:
        raise MessageError(
            "mime_type", 'is not given and cannot be told from the file name; say "image/png".'
        )
    carried = [known for known in UPLOAD_LIMITS if known.startswith(f"{family}/")]
    if carried and kind not in carried:
        raise MessageError(
            "mime_type", f"{kind} is not carried by WhatsApp; convert to {' or '.join(carried)}."
        )
    limit = UPLOAD_LIMITS.get(kind, LARGEST)
    if kind == "image/webp" and not _is_animated(head):
        limit = STATIC_STICKER_LIMIT
    if not size:
        raise MessageError("file", "is empty.")
    if size > limit:
        raise MessageError("file", f"has {size} bytes; WhatsApp takes at most {limit} of {kind}.")
    return size


def _is_animated(head: bytes) -> bool:
    """Whether a WebP file's extended header has the animation flag. Source: WebP container specification."""
    return head[12:16] == b"VP8X" and len(head) > 20 and bool(head[20] & 0b10)
