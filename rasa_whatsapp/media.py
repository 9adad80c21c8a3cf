"""A bot's own files: uploaded once for each number, then sent by id.

A message names a file of the ``media:`` folder as ``media://map.png`` in the place of a link, in a domain
file as well as in Python. The name stays a name until the message is posted; only then it becomes an id, so
that no message waits in the outbox with an id that has expired.

Source: Meta, Cloud API, Media: an uploaded file can be used for 30 days, by the number it was uploaded for.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from weakref import WeakValueDictionary

from msgspec.structs import replace

from rasa_whatsapp.errors import (
    InvalidMessage,
    MediaRejected,
    MessageError,
    NotSent,
    SendTimeout,
    ServiceUnavailable,
)
from rasa_whatsapp.files import File, Progress, at_hand, mime_type_of
from rasa_whatsapp.files.types import UPLOAD_LIMITS
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.messages import Audio, Image, Message, Sticker, Text, Video, from_json
from rasa_whatsapp.messages.frame import Interactive
from rasa_whatsapp.messages.media import LOCAL
from rasa_whatsapp.shelf import Shelf

KEPT = 29 * 24 * 3600.0
"""Seconds for which an upload is used: a day less than WhatsApp keeps it."""
VOICE_TYPE = "audio/ogg"
_CHUNK = 1024 * 1024
_CARRIED = {
    Image.TYPE: ("image/jpeg", "image/png"),
    Sticker.TYPE: ("image/webp",),
    **{
        kind.TYPE: tuple(known for known in UPLOAD_LIMITS if known.startswith(f"{kind.TYPE}/"))
        for kind in (Video, Audio)
    },
}
"""The types of each kind of message's files; as documents go all that WhatsApp carries."""


class _Seen(NamedTuple):
    """A file's digest, good for as long as the file has this size and time."""

    modified: int
    size: int
    digest: str


class Uploads:
    """Uploads each content once for each number, and remembers its id on the shelf.

    Args:
        shelf: shared with other processes, as the store is.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._seen: dict[str, _Seen] = {}
        self._uploading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def id_of(
        self,
        gateway: Gateway,
        file: File,
        mime_type: str = "",
        filename: str = "",
        *,
        voice: bool = False,
        stale: str = "",
        progress: Progress | None = None,
    ) -> str:
        """Returns the id of a file, for messages of the gateway's number.

        Args:
            gateway: the way to WhatsApp of one number.
            file: a path, an http(s) URL, the bytes, or a seekable binary file, read from where it stands and
                not closed.
            mime_type: when not given, told by the web server or by the file name.
            voice: the file must be what voice notes are made of.
            stale: an id that WhatsApp no longer knows: where it is the remembered one, the file is uploaded
                again.
            progress: called with the bytes that have left and the file's size; not for what is known.

        Raises:
            MessageError: WhatsApp does not carry this type or not at this size, or it is no voice note.
            StoreError: the shelf cannot be read or written.
            SendError: it was not uploaded.
            MediaError: the URL could not be fetched.
            OSError: the file cannot be read.
        """
        async with at_hand(file, mime_type, filename, gateway.fetched) as here:
            file, mime_type, filename = here
            if voice:
                await asyncio.to_thread(_check_voice, file)
                mime_type = mime_type or VOICE_TYPE
            name = filename or (str(file) if isinstance(file, (str, os.PathLike)) else "")
            mime_type = mime_type or mime_type_of(name)
            digest = await asyncio.to_thread(self._digest, file)
            key = f"media:{gateway.phone_number_id}:{mime_type}:{digest}"
            lock = self._uploading.setdefault(key, asyncio.Lock())
            async with lock:
                known = await self._shelf.get(key)
                if known is not None and known.decode() != stale:
                    return known.decode()
                media_id = await gateway.upload(file, mime_type, filename, progress=progress)
                await self._shelf.set(key, media_id.encode(), KEPT)
                return media_id

    def _digest(self, file: File) -> str:
        if not isinstance(file, (str, os.PathLike)):
            return _digest_of(file)
        path = os.path.abspath(file)
        state = os.stat(path)
        seen = self._seen.get(path)
        if seen is None or seen[:2] != (state.st_mtime_ns, state.st_size):
            with open(path, "rb") as opened:
                seen = _Seen(state.st_mtime_ns, state.st_size, _digest_of(opened))
            self._seen[path] = seen
        return seen.digest


class LocalMedia:
    """The files of the ``media:`` folder.

    Args:
        folder: its path; empty where the setting is not given.
        uploads: the ids they already have.
    """

    def __init__(self, folder: str, uploads: Uploads) -> None:
        self._folder = Path(folder).absolute() if folder else None
        self._uploads = uploads

    async def with_ids(self, message: Message, gateway: Gateway, stale: Message | None = None) -> Message:
        """Returns the message with an id in the place of each name; the message itself where it has none.

        Args:
            gateway: the number that the message leaves by.
            stale: what was returned before, with an id that WhatsApp turned out not to know.

        Raises:
            MessageError: there is no such file, or WhatsApp does not carry it.
            NotSent: it was not uploaded just now; the message may be sent again later.
            SendError: WhatsApp refused the call, for another reason than the file.
        """
        body = message.to_json()
        if not _names_a_file(body):
            return message
        ids = _ids(stale.to_json()) if stale is not None else set()
        return from_json(await self._resolved(body, gateway, ids))

    async def _resolved(self, value: Any, gateway: Gateway, stale: set[str], key: str = "") -> Any:
        if isinstance(value, list):
            return [await self._resolved(item, gateway, stale) for item in value]
        if not isinstance(value, dict):
            return value
        link = value.get("link")
        if not isinstance(link, str) or not link.startswith(LOCAL):
            return {key: await self._resolved(item, gateway, stale, key) for key, item in value.items()}
        media_id = await self._id(link, gateway, key, bool(value.get("voice")), stale)
        return {"id": media_id, **{key: item for key, item in value.items() if key != "link"}}

    async def _id(self, link: str, gateway: Gateway, kind: str, voice: bool, stale: set[str]) -> str:
        path = await asyncio.to_thread(self._path, link)
        # Of a voice note the content tells what it is.
        mime_type = "" if voice else mime_type_of(str(path), sound=kind == Audio.TYPE)
        _check_kind(link, mime_type, kind)
        try:
            media_id = await self._uploads.id_of(gateway, path, mime_type, voice=voice)
            if media_id in stale:
                media_id = await self._uploads.id_of(gateway, path, mime_type, voice=voice, stale=media_id)
        except MessageError as error:
            raise MessageError(link, str(error)) from None
        except (InvalidMessage, MediaRejected) as error:
            raise MessageError(link, f"was refused by WhatsApp: {error}") from error
        except OSError as error:
            raise MessageError(link, f"cannot be read ({error.strerror}).") from None
        except (SendTimeout, ServiceUnavailable) as error:
            # The file may be there by now, but the message has not left.
            raise NotSent(f"{link} was not uploaded: {error}") from error
        return media_id

    def _path(self, link: str) -> Path:
        if self._folder is None:
            raise MessageError(link, "names a file, but `media:` in credentials.yml names no folder.")
        path = (self._folder / link.removeprefix(LOCAL)).resolve()
        # A link inside the folder may lead out of it.
        if not path.is_relative_to(self._folder.resolve()):
            raise MessageError(link, f"lies outside of {self._folder}.")
        if not path.is_file():
            raise MessageError(link, f"there is no such file in {self._folder}.")
        return path


def _check_kind(link: str, mime_type: str, kind: str) -> None:
    """Refuses what WhatsApp carries, but not as such a message: WebP, say, is for stickers alone.

    Source: Meta, Cloud API, Media, Supported media types.
    """
    carried = _CARRIED.get(kind)
    if carried and mime_type and mime_type not in carried:
        raise MessageError(
            link, f"is {mime_type}, which no {kind} message carries; use {' or '.join(carried)}."
        )


def without_file(message: Message) -> Message | None:
    """What is left without a file of the bot's own: the caption as a text, or all but the header.

    None where it has no such file, where nothing is left, and for a template, which WhatsApp does not take
    without its header.
    """
    if not _names_a_file(message.to_json()):
        return None
    if isinstance(message, Interactive):
        # What is unknown of the header would stand there without it.
        return replace(message, header=None, extra={})
    caption = getattr(message, "caption", "")
    if not caption:
        return None
    return Text(
        caption,
        reply_to=message.reply_to,
        opaque=message.opaque,
        identity_key_hash=message.identity_key_hash,
    )


def _names_a_file(value: Any) -> bool:
    if isinstance(value, Mapping):
        link = value.get("link")
        return (isinstance(link, str) and link.startswith(LOCAL)) or any(map(_names_a_file, value.values()))
    return isinstance(value, list) and any(map(_names_a_file, value))


def _ids(value: Any) -> set[str]:
    """Every text under a key ``id``, at any depth."""
    if isinstance(value, list):
        return {found for item in value for found in _ids(item)}
    if not isinstance(value, Mapping):
        return set()
    own = {value["id"]} if isinstance(value.get("id"), str) else set()
    return own.union(*map(_ids, value.values()))


def _digest_of(file: bytes | BinaryIO) -> str:
    digest = hashlib.sha256()
    if isinstance(file, bytes):
        digest.update(file)
        return digest.hexdigest()
    start = file.tell()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(start)
    return digest.hexdigest()


def _check_voice(file: File) -> None:
    """Demands OGG with Opus: its first page begins with OggS and holds the header packet OpusHead.

    Source: RFC 7845, Ogg encapsulation for the Opus audio codec; Meta, Cloud API, Audio messages.
    """
    if isinstance(file, bytes):
        head = file[:64]
    elif isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as opened:
            head = opened.read(64)
    else:
        start = file.tell()
        head = file.read(64)
        file.seek(start)
    if not head.startswith(b"OggS") or b"OpusHead" not in head:
        raise MessageError(
            "voice",
            "needs an OGG file with Opus, mono; for example: "
            "ffmpeg -i sound.mp3 -c:a libopus -ac 1 voice.ogg",
        )
