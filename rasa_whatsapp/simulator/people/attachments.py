"""Files that a person sends: read, named by type, and written as WhatsApp's message objects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa_whatsapp.files import mime_type_of
from rasa_whatsapp.simulator.media.links import Links
from rasa_whatsapp.simulator.media.shelf import MediaShelf, is_animated, sha256_base64
from rasa_whatsapp.simulator.state import Media, Message

USUAL_TYPE = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/ogg; codecs=opus",
    "document": "application/pdf",
    "sticker": "image/webp",
}
_MAGIC = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF": "application/pdf",
    b"OggS": "audio/ogg",
}


class Attachments:
    """Makes the message objects of files."""

    def __init__(self, shelf: MediaShelf, media_url: Callable[[Media], str], links: Links) -> None:
        self._shelf = shelf
        self._media_url = media_url
        self._links = links

    def read(
        self, kind: str, source: bytes | str | Path, mime_type: str, filename: str, **extras: Any
    ) -> dict[str, Any]:
        """The message with a file from a disk, or with these bytes."""
        data, known_name = _read(source)
        mime_type = mime_type or _guess(data, known_name) or USUAL_TYPE[kind]
        media = self._shelf.receive(data, mime_type, filename or known_name)
        if kind == "document" and media.filename:
            extras["filename"] = media.filename
        elif kind == "sticker":
            extras["animated"] = is_animated(data)
        return self._content(kind, media, extras)

    def kept(self, kind: str, media_id: str, *, caption: str, filename: str, voice: bool) -> dict[str, Any]:
        """The message with a file that is on the shelf already.

        Raises:
            ValueError: there is no such file, or no such kind of message.
        """
        media = self._shelf.find(media_id)
        if media is None or kind not in USUAL_TYPE:
            raise ValueError("There is no such file, or no such kind of message.")
        extras: dict[str, Any] = {"caption": caption} if kind in ("image", "video", "document") else {}
        if kind == "document":
            extras["filename"] = filename or media.filename
        elif kind == "audio":
            extras["voice"] = voice
        elif kind == "sticker":
            extras["animated"] = is_animated(media.data)
        return self._content(kind, media, extras)

    async def copied(self, message: Message) -> dict[str, Any] | None:
        """A message with a file as a person would send it, whoever sent it; None where the file is gone."""
        kind = message.type
        file = message.content.get(kind)
        if not isinstance(file, dict):
            return None
        media = self._shelf.find(str(file.get("id")))
        if media is None and (found := await self._links.fetch(str(file.get("link")))):
            media = self._shelf.receive(found[1], found[0], str(file.get("filename") or ""))
        if media is None:
            return None
        kept = ("caption", "filename", "voice", "animated")
        return self._content(kind, media, {name: file[name] for name in kept if name in file})

    def _content(self, kind: str, media: Media, extras: dict[str, Any]) -> dict[str, Any]:
        file = {"id": media.id, "mime_type": media.mime_type, "sha256": sha256_base64(media.data)}
        given = {key: value for key, value in extras.items() if value != ""}
        return {"type": kind, kind: {**file, "url": self._media_url(media), **given}}


def _read(source: bytes | str | Path) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, ""
    path = Path(source)
    return path.read_bytes(), path.name


def _guess(data: bytes, filename: str) -> str:
    magic = next((mime for start, mime in _MAGIC.items() if data.startswith(start)), "")
    return magic or mime_type_of(filename)
