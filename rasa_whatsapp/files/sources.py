"""Files that are to be uploaded, wherever they lie: on disk, in memory, on the web."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import BinaryIO, NamedTuple, TypeGuard, cast
from urllib.parse import unquote

from yarl import URL

from rasa_whatsapp.errors import MediaError
from rasa_whatsapp.files.types import fetched_type
from rasa_whatsapp.transport import Answer, Transport

File = str | os.PathLike[str] | bytes | BinaryIO
"""A path, an http(s) URL, the bytes, or a seekable binary file, read from where it stands and not closed."""
Progress = Callable[[int, int], object]
"""Called with the bytes that have gone and with how many there are; 0 where nobody tells."""

_IN_MEMORY = 1024 * 1024
"""Bytes up to which a fetched file never touches the disk."""


class Fetched(NamedTuple):
    """A file from the web, gone when it is closed."""

    content: BinaryIO
    mime_type: str
    filename: str


def is_url(file: File) -> TypeGuard[str]:
    """Whether the file has to be fetched first."""
    return isinstance(file, str) and file.lower().startswith(("http://", "https://"))


@asynccontextmanager
async def fetched(
    transport: Transport, url: str, max_bytes: int, check: Callable[[URL], object] = URL.origin
) -> AsyncIterator[Fetched]:
    """Fetches a file, without any token, by the way that the gateway's calls take: proxy and own CA.

    Without a ``check`` name no address that a stranger chose: whatever this machine can reach is fetched.

    Args:
        check: raises for an address on the way that must not be opened.

    Raises:
        MediaError: it is not there, larger than ``max_bytes``, or the connection broke.
    """

    def headers(target: URL) -> Mapping[str, str]:
        check(target)
        return {}

    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        async with (
            transport.download(url, headers, _refused, max_bytes) as incoming,
            aclosing(incoming.chunks) as chunks,
        ):
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)
        file.seek(0)
        # What SpooledTemporaryFile lacks of a binary file before Python 3.11 is not needed here.
        yield Fetched(cast(BinaryIO, file), incoming.mime_type, unquote(URL(url).name))


class AtHand(NamedTuple):
    """A file that need not be fetched (any more), with the type and name that are known of it so far."""

    file: File
    mime_type: str
    filename: str


@asynccontextmanager
async def at_hand(
    file: File,
    mime_type: str,
    filename: str,
    fetch: Callable[[str], AbstractAsyncContextManager[Fetched]],
) -> AsyncIterator[AtHand]:
    """The file here, fetched if it lies on the web, while it is open.

    Args:
        mime_type, filename: what the caller says of it; the web's word counts only where this is empty.
        fetch: opens an address, such as `fetched` does.

    Raises:
        MediaError: the URL could not be fetched.
    """
    if not is_url(file):
        yield AtHand(file, mime_type, filename)
        return
    async with fetch(file) as found:
        told = mime_type or fetched_type(found.mime_type, filename, found.filename)
        yield AtHand(found.content, told, filename or found.filename)


def _refused(answer: Answer) -> MediaError:
    return MediaError(f"The file could not be fetched: its server answered HTTP {answer.status}.")
