"""Writing to people who have not just written: proactive messages, templates, reactions, files."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from rasa_whatsapp.errors import MessageError, SettingsError
from rasa_whatsapp.messages import Message, limits

# Stores and clients take several times as long to load as all the rest of `rasa_whatsapp.actions`, and most
# actions only read and reply: they are loaded by the first `connect`.
if TYPE_CHECKING:
    from rasa_whatsapp.actions.parts import Parts
    from rasa_whatsapp.files import File, HasMedia, MediaFile, Progress
    from rasa_whatsapp.gateway import Gateway


class Connection:
    """One program's way to WhatsApp besides the bot, made by `connect`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def send(self, message: Message, to: str, *, number: str = "") -> str:
        """Sends a message of any type.

        Over a store that is shared with the bot it is kept there, and the bot sends it, in order with and as
        fast as its own answers, with all its care for failures; a ``Flow`` or ``FlowButton`` without a token
        gets one there. Otherwise it is posted at once, and once, and a Flow's token must be given: the bot's
        endpoint knows it only by ``flows: {foreign_tokens: true}``.

        Args:
            message: of ``rasa_whatsapp.messages``. Outside the 24-hour window only a ``Template`` arrives.
            to: a phone number in any human form, a user id, a group's id, or a conversation's id
                (``tracker.sender_id``).
            number: the ``phone_number_id`` to send by; by default the one that the person last wrote to, else
                the first.

        Returns:
            WhatsApp's id of a message that was posted at once, else an empty text.

        Raises:
            MessageError: the recipient cannot be one, or WhatsApp is known to reject the message.
            SettingsError: ``number`` is none of the settings' numbers.
            StoreError: it was not kept.
            SendError: it was not posted, see the tree in ``rasa_whatsapp.errors``.
        """
        if number:
            self._gateway(number)
        if not isinstance(message, Message):
            raise MessageError("message", f"must be of rasa_whatsapp.messages, is {type(message).__name__}.")
        if not isinstance(to, str):
            raise MessageError("to", f"must be text, is {type(to).__name__}.")
        reply = await self._parts.directory.find(to.strip(), number, uuid.uuid4().hex)
        if not self._parts.direct:
            await self._parts.outbox.add(reply, 0, [message])
            return ""
        sent, gateway = "", self._gateway(reply.number)
        for part in gateway.fit(message):
            sent = await self._parts.post.send(gateway, part, reply.to, reply.conversation, "")
        return sent

    async def upload(
        self,
        file: File,
        mime_type: str = "",
        filename: str = "",
        *,
        voice: bool = False,
        number: str = "",
        progress: Progress | None = None,
    ) -> str:
        """Uploads a file and returns its id, for messages of one number, such as ``Image(id=…)``.

        The same content is uploaded once in 29 days, also by other programs with the same store.

        Args:
            file: a path, an http(s) URL, the bytes, or a seekable binary file, read from where it stands and
                not closed. A URL is fetched here, without any token; never take it from a stranger.
            mime_type: when not given, told by the web server or by the file name.
            voice: it is for ``Audio(id=…, voice=True)``, so that it must be OGG with Opus.
            number: the ``phone_number_id`` it is for; the first by default.
            progress: called with the bytes that have left and the file's size; not for what is known.

        Raises:
            MessageError: WhatsApp does not carry this type or not at this size, or it is no voice note.
            SettingsError: ``number`` is none of the settings' numbers.
            StoreError: the store cannot be read or written.
            SendError: it was not uploaded.
            MediaError: the URL could not be fetched.
            OSError: the file cannot be read.

        Source: Meta, Cloud API, Media.
        """
        uploads = self._parts.post.uploads
        gateway = self._gateway(number)
        return await uploads.id_of(gateway, file, mime_type, filename, voice=voice, progress=progress)

    async def download(
        self,
        media: str | HasMedia,
        to: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = limits.FILE,
        number: str = "",
    ) -> MediaFile:
        """Downloads a file that a person sent; the name it gets here has nothing from the sender.

        Args:
            media: the event, such as ``events.Image``, or a media id.
            to: a folder, made when missing; without it, the system's folder for temporary files.
            max_bytes: larger files are not kept; 100 MiB by default.
            number: the ``phone_number_id`` it came to; by default the event's own, else the first.

        Returns:
            Where it lies, its type and size, and whether it is the file that was announced.

        Raises:
            MediaError: it is too large, lies on a foreign host, or the connection broke.
            SettingsError: ``number`` is none of the settings' numbers.
            SendError: the gateway refused, for example because the file is older than 7 days.
            OSError: the file cannot be written.

        Source: Meta, Cloud API, Media.
        """
        came_to = getattr(getattr(media, "number", None), "phone_number_id", "")
        gateway = self._gateway(number or (came_to if came_to in self._parts.gateways else ""))
        return await gateway.download(media, to, max_bytes=max_bytes)

    async def close(self) -> None:
        """Closes the connections and the store."""
        await self._parts.close()

    def _gateway(self, number: str) -> Gateway:
        if not number:
            return next(iter(self._parts.gateways.values()))
        if number not in self._parts.gateways:
            known = ", ".join(self._parts.gateways)
            raise SettingsError("number", "is none of the settings' numbers.", f"Choose one: {known}.")
        return self._parts.gateways[number]


@asynccontextmanager
async def connect(
    credentials: str | os.PathLike[str] | None = None,
    *,
    direct: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> AsyncIterator[Connection]:
    """Opens a way to write to people who have not just written.

        async with actions.connect() as whatsapp:
            await whatsapp.send(Template("booking_reminder", "es", body=["18:00"]), "+54 9 11 5550-0100")

    The settings are the bot's own. Where they name a store that can be shared, an SQLite file or Redis, what
    is sent is left there for the bot; with ``memory://`` it is posted at once.

    Args:
        credentials: the file with the channel's settings; by default ``credentials.yml`` where there is one,
            else the environment alone.
        direct: post at once whatever the store, which then is not opened; neither paced nor ordered, and
            without tokens for Flows.
        environ: variables that fill what the file lacks.

    Raises:
        SettingsError: a setting is missing or wrong.
        StoreError: the store cannot be opened.
    """
    from rasa_whatsapp.actions.parts import open_parts

    connection = Connection(await open_parts(credentials, direct, environ))
    try:
        yield connection
    finally:
        await connection.close()
