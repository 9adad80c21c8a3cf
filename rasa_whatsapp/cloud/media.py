"""A file at Meta: the form of its upload, what Meta knows about it, and how it is fetched.

Source: Meta, Cloud API, Media.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from typing import Any

from rasa_whatsapp.cloud.graph import Graph
from rasa_whatsapp.errors import MediaError
from rasa_whatsapp.fields import text, whole
from rasa_whatsapp.files import MediaFile, MediaInfo, Progress, save


def form_fields(mime_type: str) -> dict[str, str]:
    """What stands in the form of an upload besides the file."""
    return {"messaging_product": "whatsapp", "type": mime_type}


def media_info(answer: Mapping[str, Any], media_id: str) -> MediaInfo:
    """What Meta's answer says about a file."""
    return MediaInfo(
        id=text(answer, "id") or media_id,
        url=text(answer, "url"),
        mime_type=text(answer, "mime_type"),
        sha256=text(answer, "sha256"),
        file_size=whole(answer, "file_size"),
    )


async def fetch(
    graph: Graph,
    info: MediaInfo,
    to: str | os.PathLike[str] | None,
    max_bytes: int,
    progress: Progress | None,
) -> MediaFile:
    """Download a file into the folder ``to``.

    Raises:
        MediaError: it is too large, lies on a foreign host, or the connection broke.
        GraphError: the media server refused; HTTP 403, 404 and 410 mean that the address has expired.
        OSError: the file cannot be written.
    """
    if not info.url:
        raise MediaError(f"Meta gave no address for media {info.id}.")
    if info.file_size > max_bytes:
        raise MediaError(f"Media {info.id} has {info.file_size} bytes, more than the {max_bytes} allowed.")
    async with contextlib.aclosing(graph.chunks(info.url, max_bytes)) as chunks:
        return await save(_told(chunks, info.file_size, progress) if progress else chunks, info, to)


async def _told(chunks: AsyncIterator[bytes], size: int, progress: Progress) -> AsyncIterator[bytes]:
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        progress(received, size)
        yield chunk
