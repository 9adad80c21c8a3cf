"""What a way to WhatsApp must be able to do, for one business number.

Meta's Cloud API and Serpro's gateway both look like this to the rest of the package; a third gateway is
one more folder with a class of this shape.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rasa_whatsapp.events import Event
from rasa_whatsapp.files import LARGEST, Fetched, File, HasMedia, MediaFile, Progress
from rasa_whatsapp.messages import Message

if TYPE_CHECKING:
    from rasa_whatsapp.settings import NumberSettings


class Request(NamedTuple):
    """A request to the webhook, as any web framework can give it.

    Attributes:
        headers: looked up by lower-case names.
        body: the raw bytes, exactly as they arrived.
        path_token: what followed ``/webhook/`` in the path; empty where nothing did.
    """

    headers: Mapping[str, str]
    body: bytes
    path_token: str = ""


class Files(Protocol):
    """What a number's files go through: a gateway, and the client behind it."""

    async def upload(
        self, file: File, mime_type: str = "", filename: str = "", *, progress: Progress | None = None
    ) -> str:
        """Uploads a file for messages of this number and returns its id.

        Args:
            file: a path, an http(s) URL, the bytes, or a seekable binary file, read from where it stands and
                not closed. A URL is fetched here, without any token; never take it from a stranger.
            mime_type: when not given, told by the web server or by the file name.
            progress: called with the bytes that have left and the file's size.

        Raises:
            MessageError: WhatsApp does not carry this type, or not at this size.
            SendError: it was not uploaded.
            MediaError: the URL could not be fetched.
            OSError: the file cannot be read.
        """

    def fetched(self, url: str) -> AbstractAsyncContextManager[Fetched]:
        """A file from the web, while it is open; see ``rasa_whatsapp.files.fetched``."""

    async def download(
        self, media: str | HasMedia, to: str | os.PathLike[str] | None = None, *, max_bytes: int = LARGEST
    ) -> MediaFile:
        """Downloads a file that a person sent, or that was uploaded, into the folder ``to``.

        Args:
            media: a media id, or an event with one.
            to: a folder, made when missing; without it, the system's folder for temporary files.
            max_bytes: larger files are not kept; 100 MiB by default.

        Raises:
            MediaError: it is too large, lies on a foreign host, or the connection broke.
            SendError: the gateway refused.
            OSError: the file cannot be written.
        """

    async def close(self) -> None:
        """Closes the connections."""


class Gateway(Files, Protocol):
    """One business number and the door that its messages go through."""

    @property
    def phone_number_id(self) -> str:
        """The number's id at WhatsApp."""

    @property
    def throughput(self) -> float:
        """How many messages a second the number may send."""

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """The answer to the handshake of a webhook's registration, ``None`` to refuse it."""

    def authenticate(self, request: Request) -> None:
        """Checks that the request comes from the gateway.

        Raises:
            RequestError: it does not; the error knows the HTTP status to answer with.
        """

    def parse(self, body: bytes) -> Sequence[Event]:
        """The events of an authentic request, in order; statuses with the outbox row that they name.

        Raises:
            PayloadError: the body is no JSON object.
        """

    async def correlate(self, events: Sequence[Event]) -> Sequence[Event]:
        """The same events; a status that names no outbox row with the one that the gateway knows it is of.

        Raises:
            StoreError: it cannot be known just now.
        """

    def listen(self, take: Callable[[Sequence[Event]], Awaitable[None]]) -> None:
        """Says where events go that the gateway learns of otherwise than by a request."""

    def fit(self, message: Message) -> Sequence[Message]:
        """What the gateway sends for a message: itself, or the nearest messages it can carry, in order."""

    async def send(self, message: Message, to: str, outbox_id: str) -> str:
        """Sends one message and returns WhatsApp's id of it.

        Statuses of the message bring ``outbox_id`` back, unless it is empty.

        Raises:
            MessageError: it is known to be rejected.
            SendError: see the tree in ``rasa_whatsapp.errors``.
        """

    async def mark_read(self, message_id: str, typing: bool) -> None:
        """Shows the person's message as read, with ``typing`` also that an answer is being written.

        Raises:
            SendError: it was not shown; nothing depends on it.
        """


class ClientGateway:
    """The part of a gateway that a number's settings and its client answer for, whoever carries it.

    Args:
        number: the number's settings.
        client: the way to the gateway, closed together with this.
    """

    def __init__(self, number: NumberSettings, client: Files) -> None:
        self._settings = number
        self._client = client

    @property
    def phone_number_id(self) -> str:
        return self._settings.phone_number_id

    @property
    def throughput(self) -> float:
        return self._settings.throughput

    async def upload(
        self, file: File, mime_type: str = "", filename: str = "", *, progress: Progress | None = None
    ) -> str:
        return await self._client.upload(file, mime_type, filename, progress=progress)

    def fetched(self, url: str) -> AbstractAsyncContextManager[Fetched]:
        return self._client.fetched(url)

    async def download(
        self, media: str | HasMedia, to: str | os.PathLike[str] | None = None, *, max_bytes: int = LARGEST
    ) -> MediaFile:
        return await self._client.download(media, to, max_bytes=max_bytes)

    async def close(self) -> None:
        await self._client.close()
