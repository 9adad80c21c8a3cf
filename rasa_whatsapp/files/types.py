"""Media types of files that travel by WhatsApp, and how large they may be.

Source: Meta, Cloud API, Media (supported types and sizes).
"""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

from rasa_whatsapp.messages import limits

KIB = 1024
MIB = 1024 * KIB

LARGEST = limits.FILE
"""The usual cap of a download."""
UPLOAD_LIMITS = {
    "image/jpeg": 5 * MIB,
    "image/png": 5 * MIB,
    "image/webp": 500 * KIB,
    "video/mp4": 16 * MIB,
    "video/3gpp": 16 * MIB,
    "audio/aac": 16 * MIB,
    "audio/amr": 16 * MIB,
    "audio/mpeg": 16 * MIB,
    "audio/mp4": 16 * MIB,
    "audio/ogg": 16 * MIB,
}
"""Largest upload in bytes by media type. Any other type travels as a document, unless its family is here."""
STATIC_STICKER_LIMIT = 100 * KIB

ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
"""File name endings by media type. Fixed, so that a sender cannot choose one by naming an odd type."""

_TYPES = {
    **{ending: mime_type for mime_type, ending in ENDINGS.items()},
    ".jpeg": "image/jpeg",
    # Opus travels in OGG; audio/opus, as mimetypes calls it, is not carried by WhatsApp.
    ".opus": "audio/ogg",
}
"""Media types by file name ending. What mimetypes knows of them differs between machines."""
_OTHER_NAMES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/opus": "audio/ogg",
    "application/x-pdf": "application/pdf",
}
"""What old programs and some web servers call a type."""
_ANYTHING = "application/octet-stream"
"""Says only that it is a file."""


def mime_type_of(name: str, *, sound: bool = False) -> str:
    """The type that a file name, or a path, tells; empty where it tells none.

    Args:
        sound: the file is one; MP4 may hold a film or a sound, and its name does not say which.
    """
    told = _TYPES.get(PurePath(name).suffix.lower()) or mimetypes.guess_type(name)[0] or ""
    return "audio/mp4" if sound and told == "video/mp4" else told


def real_type(mime_type: str) -> str:
    """The type under the name that WhatsApp knows; as it was given where it has no other."""
    return _OTHER_NAMES.get(essence(mime_type), mime_type)


def fetched_type(told: str, *names: str) -> str:
    """The type of a file from the web: what its server told, unless that says little and a name says more."""
    kind = essence(real_type(told))
    if kind in ENDINGS or (kind != _ANYTHING and mimetypes.guess_extension(kind)):
        return real_type(told)
    return next(filter(None, map(mime_type_of, names)), told)


def ending(mime_type: str) -> str:
    """The file name ending of a type."""
    return ENDINGS.get(essence(mime_type), ".bin")


def essence(mime_type: str) -> str:
    """The type without parameters: WhatsApp's voice notes are ``audio/ogg; codecs=opus``."""
    return mime_type.partition(";")[0].strip().lower()
