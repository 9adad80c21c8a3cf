"""A file at Serpro: the form of its upload, and how it becomes a file on disk."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

from yarl import URL

from rasa_whatsapp.errors import GraphError, MediaError
from rasa_whatsapp.files import MediaFile, MediaInfo, is_media_host, save
from rasa_whatsapp.serpro.refusal import refusal
from rasa_whatsapp.transport import Answer, Incoming, Transport, decode

LARGEST_POINTER = 16 * 1024
"""Bytes up to which a JSON answer is looked at: it may say where the file is, instead of being the file."""


def form_fields(mime_type: str) -> dict[str, str]:
    """What stands in the form of an upload besides the file."""
    return {"mediaType": mime_type}


async def fetch(
    transport: Transport, info: MediaInfo, token: str, to: str | os.PathLike[str] | None, max_bytes: int
) -> MediaFile:
    """Download a file into the folder ``to``.

    Serpro answers with the file itself, unlike Meta. Should it answer with JSON that names an address, as
    Meta does, that is followed; the token goes to Serpro alone.

    Args:
        info: what is known of the file; ``url`` is Serpro's address of it.

    Raises:
        MediaError: it is too large, lies on a foreign host, or the connection broke.
        GraphError: Serpro refused; HTTP 401 means that the token is no longer good.
        OSError: the file cannot be written.

    Source: Serpro, WhatsApp API, "Como enviar mídia".
    """

    def headers(target: URL) -> dict[str, str]:
        if target.origin() == transport.base.origin():
            return {"Authorization": f"Bearer {token}"}
        if is_media_host(target):
            return {}
        raise MediaError(f"The media's address is on {target.host!r}, a foreign host: it was not opened.")

    def refused(answer: Answer) -> GraphError:
        return refusal(answer, [token])

    async with transport.download(info.url, headers, refused, max_bytes) as incoming:
        chunks, pointer = await _opened(incoming)
        if not pointer:
            return await _save(chunks, replace(info, mime_type=info.mime_type or incoming.mime_type), to)
    async with transport.download(pointer["url"], headers, refused, max_bytes) as incoming:
        mime_type = info.mime_type or str(pointer.get("mime_type") or incoming.mime_type)
        info = replace(info, mime_type=mime_type, sha256=str(pointer.get("sha256") or ""))
        return await _save(incoming.chunks, info, to)


async def _save(
    chunks: AsyncGenerator[bytes, None], info: MediaInfo, to: str | os.PathLike[str] | None
) -> MediaFile:
    async with contextlib.aclosing(chunks):
        return await save(chunks, info, to)


async def _opened(incoming: Incoming) -> tuple[AsyncGenerator[bytes, None], dict[str, Any]]:
    """The content of the file, and what the answer says about its place where it is not the file."""
    if incoming.mime_type.partition(";")[0].strip().lower() != "application/json":
        return incoming.chunks, {}
    head = b""
    async for chunk in incoming.chunks:
        head += chunk
        if len(head) > LARGEST_POINTER:
            return _rejoined(head, incoming.chunks), {}
    found = decode(head.decode("utf-8", "replace"))
    # A person may send a JSON file that has some URL in it; one that says where a file is has an id, too.
    if isinstance(found, dict) and isinstance(found.get("url"), str) and "id" in found:
        return incoming.chunks, found
    return _rejoined(head, incoming.chunks), {}


async def _rejoined(head: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    yield head
    async with contextlib.aclosing(rest):
        async for chunk in rest:
            yield chunk
