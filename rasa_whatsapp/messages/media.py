"""Pictures, sounds and files: by the id of an upload, or by a public link that Meta fetches."""

from typing import ClassVar, TypeVar

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Message, filled
from rasa_whatsapp.messages.reader import Json, Reader

LOCAL = "media://"
"""Begins the name of a file of the bot's own, in the place of a link; see ``rasa_whatsapp.media``."""

M = TypeVar("M", bound="Media")


class Media(Message, frozen=True, kw_only=True):
    """The base of all media messages: exactly one of ``link`` and ``id``.

    Attributes:
        link: a public http(s) URL, which Meta fetches and keeps for 10 minutes; or ``media://map.png``, a
            file of the bot's ``media:`` folder, which is uploaded before the message leaves.
        id: the id of an upload, usable for 30 days from the number it was uploaded for.

    Raises:
        MessageError: both or neither are given, or the link is not http(s) and names no file.

    Source: Meta, Cloud API, Media.
    """

    link: str = ""
    id: str = ""

    def _check(self) -> None:
        checks.exactly_one("link", self.link, "id", self.id)
        if self.link.startswith(LOCAL):
            checks.file_name("link", self.link.removeprefix(LOCAL))
        elif self.link:
            checks.url("link", self.link)
        else:
            checks.identifier("id", self.id)

    def _content(self) -> Json:
        return filled(link=self.link, id=self.id)

    @classmethod
    def _read(cls: type[M], body: Reader) -> M:
        media = body.object(cls.TYPE)
        return cls(link=media.text("link"), id=media.text("id"))


class _Captioned(Media, frozen=True, kw_only=True):
    caption: str = ""

    def _check(self) -> None:
        super()._check()
        checks.optional("caption", self.caption, limits.CAPTION)

    def _content(self) -> Json:
        return filled(link=self.link, id=self.id, caption=self.caption)

    @classmethod
    def _read(cls: type["C"], body: Reader) -> "C":
        media = body.object(cls.TYPE)
        return cls(link=media.text("link"), id=media.text("id"), caption=media.text("caption"))


C = TypeVar("C", bound=_Captioned)


class Image(_Captioned, frozen=True, kw_only=True):
    """A JPEG or PNG of at most 5 MB, with a caption of at most 1024 UTF-16 code units.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Image messages.
    """

    TYPE: ClassVar[str] = "image"


class Video(_Captioned, frozen=True, kw_only=True):
    """An MP4 or 3GP (H.264 and AAC) of at most 16 MB, with a caption of at most 1024 UTF-16 code units.

    Source: Meta, Cloud API, Video messages.
    """

    TYPE: ClassVar[str] = "video"


class Document(_Captioned, frozen=True, kw_only=True):
    """A file of at most 100 MB, with a caption of at most 1024 UTF-16 code units.

    Attributes:
        filename: the name that is shown, at most 240 UTF-16 code units; its ending decides which icon
            WhatsApp shows. By default that of a ``media://`` file.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Document messages.
    """

    TYPE: ClassVar[str] = "document"

    filename: str = ""

    def _check(self) -> None:
        super()._check()
        checks.optional("filename", self.filename, limits.FILENAME)
        if self.link.startswith(LOCAL) and not self.filename:
            # It leaves as an id, and an id has no name to show.
            name = self.link.rpartition("/")[2]
            force_setattr(self, "filename", limits.cut_name(name, limits.FILENAME))

    def _content(self) -> Json:
        return filled(link=self.link, id=self.id, caption=self.caption, filename=self.filename)

    @classmethod
    def _read(cls, body: Reader) -> "Document":
        document = body.object("document")
        return cls(
            link=document.text("link"),
            id=document.text("id"),
            caption=document.text("caption"),
            filename=document.text("filename"),
        )


class Audio(Media, frozen=True, kw_only=True):
    """A sound of at most 16 MB (AAC, AMR, MP3, M4A, OGG); it has no caption.

    Attributes:
        voice: show it as a voice note; the file must be OGG with Opus, mono.

    Source: Meta, Cloud API, Audio messages.
    """

    TYPE: ClassVar[str] = "audio"

    voice: bool = False

    def _content(self) -> Json:
        return filled(link=self.link, id=self.id, voice=self.voice)

    @classmethod
    def _read(cls, body: Reader) -> "Audio":
        audio = body.object("audio")
        if audio.text("caption"):
            raise MessageError("caption", "is not allowed: an audio has none, send the text by itself.")
        return cls(link=audio.text("link"), id=audio.text("id"), voice=audio.flag("voice"))


class Sticker(Media, frozen=True, kw_only=True):
    """A WebP of 512 × 512 pixels; at most 100 KB, or 500 KB when animated.

    Source: Meta, Cloud API, Sticker messages.
    """

    TYPE: ClassVar[str] = "sticker"
