"""The same for actions that are not async."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from rasa_whatsapp.actions.connection import Connection, connect
from rasa_whatsapp.messages import Message, limits

if TYPE_CHECKING:
    from rasa_whatsapp.files import File, HasMedia, MediaFile, Progress

T = TypeVar("T")


class _Loop:
    """An event loop in a thread of its own, for the caller's thread may have one that is running."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rasa_whatsapp", daemon=True)
        self._thread.start()

    def run(self, work: Awaitable[T]) -> T:
        async def done() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class BlockingConnection:
    """A `Connection` whose calls return when they are done; see there for what they take and raise."""

    def __init__(self, connection: Connection, loop: _Loop) -> None:
        self._connection = connection
        self._loop = loop

    def send(self, message: Message, to: str, *, number: str = "") -> str:
        """Sends a message; see `Connection.send`."""
        return self._loop.run(self._connection.send(message, to, number=number))

    def upload(
        self,
        file: File,
        mime_type: str = "",
        filename: str = "",
        *,
        voice: bool = False,
        number: str = "",
        progress: Progress | None = None,
    ) -> str:
        """Uploads a file; see `Connection.upload`."""
        upload = self._connection.upload
        return self._loop.run(
            upload(file, mime_type, filename, voice=voice, number=number, progress=progress)
        )

    def download(
        self,
        media: str | HasMedia,
        to: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = limits.FILE,
        number: str = "",
    ) -> MediaFile:
        """Downloads a file of at most ``max_bytes`` bytes; see `Connection.download`."""
        return self._loop.run(self._connection.download(media, to, max_bytes=max_bytes, number=number))


@contextmanager
def connect_sync(
    credentials: str | os.PathLike[str] | None = None,
    *,
    direct: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[BlockingConnection]:
    """Opens what `connect` opens, for actions that are not async; see there for arguments and errors.

        with actions.connect_sync() as whatsapp:
            whatsapp.send(Text("Your table is ready."), tracker.sender_id)

    Each call blocks its thread: on a busy action server, prefer `connect`.
    """
    loop = _Loop()
    try:
        connecting = connect(credentials, direct=direct, environ=environ)
        connection = loop.run(connecting.__aenter__())
        try:
            yield BlockingConnection(connection, loop)
        finally:
            loop.run(connecting.__aexit__(None, None, None))
    finally:
        loop.close()
