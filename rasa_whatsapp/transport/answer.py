"""What a server answers: a whole answer, or a file that is arriving."""

from __future__ import annotations

import asyncio
import json as jsonlib
import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import aiohttp

from rasa_whatsapp.errors import MediaError, SendTimeout
from rasa_whatsapp.transport.failure import lost

CHUNK = 256 * 1024
"""Bytes of a download handled at a time."""
ANSWER = 8 * 1024 * 1024
"""Bytes of the longest answer to a call. A page of a hundred templates has some hundred thousand."""
REFUSAL = 256 * 1024
"""Bytes that are read of an error; what Meta tells has a few hundred."""


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes:
        status: the HTTP status.
        text: the body; bytes that are no UTF-8 are replaced.
        retry_after: seconds, from the ``Retry-After`` header; None when it says nothing usable.
    """

    status: int
    text: str
    retry_after: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether the status is any 2xx."""
        return self.status // 100 == 2

    def json(self) -> object:
        """The body's JSON, or None when it is not JSON."""
        return decode(self.text)


@dataclass(frozen=True)
class Incoming:
    """A file that is arriving.

    Attributes:
        mime_type: what the server says it is.
        chunks: its content; raises `MediaError` when there is too much of it, or the connection breaks.
    """

    mime_type: str
    chunks: AsyncGenerator[bytes, None]


def decode(text: str) -> object:
    """The JSON that a text is, or None."""
    try:
        return jsonlib.loads(text)
    except (ValueError, RecursionError):
        return None


async def read_answer(response: aiohttp.ClientResponse) -> Answer:
    """The whole answer, or the beginning of a refusal.

    Raises:
        SendTimeout: it is longer than `ANSWER`, so that nobody can say what it tells.
    """
    if response.status // 100 != 2:
        return await read_refusal(response)
    body = await _beginning(response, ANSWER + 1)
    if len(body) > ANSWER:
        raise SendTimeout(
            f"The answer is longer than {ANSWER >> 20} MiB. WhatsApp may have accepted the request."
        )
    return _answer(response, body)


async def read_refusal(response: aiohttp.ClientResponse) -> Answer:
    """An answer that is none of what was asked for: no more of it than `REFUSAL`, whatever its status."""
    return _answer(response, await _beginning(response, REFUSAL))


async def _beginning(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    # Not `response.read()`: who answers may be anybody, and would fill the memory.
    chunks, received = [], 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        received += len(chunk)
        if received >= max_bytes:
            break
    return b"".join(chunks)[:max_bytes]


def _answer(response: aiohttp.ClientResponse, body: bytes) -> Answer:
    text = body.decode("utf-8", "replace")
    return Answer(response.status, text, _retry_after(response.headers.get("Retry-After", "")))


async def content(response: aiohttp.ClientResponse, max_bytes: int) -> AsyncGenerator[bytes, None]:
    """The answer's content as it arrives; raises `MediaError` where that breaks off or is too much."""
    received = 0
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            received += len(chunk)
            if max(received, response.content_length or 0) > max_bytes:
                raise MediaError(f"The media is larger than the {max_bytes} bytes allowed.")
            yield chunk
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        raise lost(error) from None


def _retry_after(value: str) -> float | None:
    """Seconds from a ``Retry-After`` header, which holds seconds or an HTTP date; None if neither."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(timezone.utc)).total_seconds()
        except (TypeError, ValueError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None
