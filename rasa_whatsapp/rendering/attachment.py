"""``image`` and ``attachment``: which kind of WhatsApp media a link is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Audio, Document, Image, Sticker, Video, limits
from rasa_whatsapp.messages.media import LOCAL
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.values import line_of, mapping_of, text_of

Captioned = Image | Video | Document
"""The media that may carry a caption, and that may stand over the text of an interactive message."""

Kind = type[Captioned | Audio | Sticker]

KINDS: dict[str, Kind] = {
    "image": Image,
    "video": Video,
    "audio": Audio,
    "sticker": Sticker,
    "file": Document,
    "document": Document,
}
"""Rasa's (and Facebook's) attachment types."""

EXTENSIONS: dict[Kind, set[str]] = {
    Image: {"jpg", "jpeg", "png"},
    Video: {"mp4", "3gp"},
    Audio: {"aac", "amr", "mp3", "m4a", "mp4", "ogg", "opus"},
}
"""What WhatsApp plays or shows. Source: Meta, Cloud API, Media, Supported media types."""

UNPLAYABLE = (
    {"gif", "webp", "svg", "bmp", "tif", "tiff", "heic", "heif", "avif", "ico", "pdf"}
    | {"mov", "avi", "mkv", "webm", "wmv", "flv"}
    | {"wav", "flac", "wma", "aiff"}
)
"""Media that WhatsApp refuses as picture, video or sound; as a document it still reaches the person."""


@dataclass(frozen=True)
class Attachment:
    """One picture, film, sound, sticker or file by its link."""

    kind: Kind
    link: str
    title: str = ""
    filename: str = ""
    """What a document is shown under; empty where the link has no name."""

    @property
    def captioned(self) -> bool:
        """Whether text may stand under it, or it over the text of buttons."""
        return self.kind in (Image, Video, Document)

    def message(self, caption: str = "") -> Captioned | Audio | Sticker:
        """Return the media message; only a captioned kind takes a caption."""
        if self.kind is Document:
            return Document(link=self.link, filename=self.filename, caption=caption)
        if self.kind is Image or self.kind is Video:
            return self.kind(link=self.link, caption=caption)
        return self.kind(link=self.link)

    def header(self) -> Captioned | None:
        """Return the media as the header of an interactive message, where it can be one."""
        message = self.message()
        return message if isinstance(message, (Image, Video, Document)) else None


def read_attachment(value: object, place: str, draft: Draft, kind: str = "") -> Attachment | None:
    """Read a URL, or Rasa's ``{"type": …, "payload": {"src" or "url": …, "title": …}}``.

    Args:
        value: what the response has under ``place``.
        place: where it stands, for the log.
        draft: takes the problem when it is neither, and the result is None.
        kind: the type when the value does not say it.
    """
    given = mapping_of(value)
    payload = mapping_of(given.get("payload")) or given
    source = (payload.get("src") or payload.get("url") or payload.get("link")) if given else value
    link = text_of(source).strip()
    declared = text_of(given.get("type")).lower() or kind
    found = _kind(declared, link)
    filename = _filename(link, place, draft) if found is Document else ""
    attachment = Attachment(found, link, line_of(payload.get("title")), filename)
    if declared in KINDS and attachment.kind is not KINDS[declared]:
        draft.cuts.append(f"{place}: not a format of {declared} messages, sent as {attachment.kind.TYPE}")
    try:
        attachment.message()
    except MessageError as error:
        draft.problems.append(f"{place}: not sent, {error}")
        return None
    return attachment


def _filename(link: str, place: str, draft: Draft) -> str:
    # Without a name WhatsApp shows the file as "Untitled".
    name = line_of(unquote(_path(link).name))
    if limits.length(name) > limits.FILENAME:
        draft.cuts.append(
            f"{place}: a file name of {limits.length(name)} characters, cut to {limits.FILENAME}"
        )
    return limits.cut_name(name, limits.FILENAME)


def _kind(declared: str, link: str) -> Kind:
    """Return the declared kind unless the extension says that WhatsApp refuses it, then the extension's."""
    kind = KINDS.get(declared)
    extension = _path(link).suffix.lstrip(".").lower()
    if kind is Document or (kind is Sticker and extension in ("", "webp")):
        return kind
    fitting = [other for other, extensions in EXTENSIONS.items() if extension in extensions]
    if kind in fitting:
        return kind
    if fitting:
        return fitting[0]
    return Document if extension in UNPLAYABLE or kind is None else kind


def _path(link: str) -> PurePosixPath:
    if link.startswith(LOCAL):
        return PurePosixPath(link.removeprefix(LOCAL))
    try:
        return PurePosixPath(urlsplit(link).path)
    except ValueError:  # an unclosed bracket in the host
        return PurePosixPath()
