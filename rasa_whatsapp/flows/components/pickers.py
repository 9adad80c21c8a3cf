"""Files that the user adds.

One picker on a screen. Its value may only be a top-level key of the payload of ``data_exchange`` (30 files of
25 MiB) or ``complete`` (10 files, 100 MiB in all). Source: Meta, WhatsApp Flows, Media upload components.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from rasa_whatsapp.flows.components.base import Flag, Input, Number, Text
from rasa_whatsapp.flows.expressions import Expression


class PhotoSource(str, Enum):
    """Where photos may come from."""

    CAMERA_GALLERY = "camera_gallery"
    CAMERA = "camera"
    GALLERY = "gallery"


@dataclass(kw_only=True, eq=False)
class PhotoPicker(Input):
    """Photos. ``label`` at most 80 characters, ``description`` 300. Flow JSON 4.0."""

    label: Text
    description: Text | None = None
    photo_source: PhotoSource | Text | None = None
    max_file_size_kb: Number | None = None
    min_uploaded_photos: Number | None = None
    max_uploaded_photos: Number | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    error_message: Text | Mapping[str, Any] | None = None


@dataclass(kw_only=True, eq=False)
class DocumentPicker(Input):
    """Documents. ``label`` at most 80 characters, ``description`` 300. Flow JSON 4.0."""

    label: Text
    description: Text | None = None
    max_file_size_kb: Number | None = None
    min_uploaded_documents: Number | None = None
    max_uploaded_documents: Number | None = None
    allowed_mime_types: Sequence[str] | str | Expression | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    error_message: Text | Mapping[str, Any] | None = None
