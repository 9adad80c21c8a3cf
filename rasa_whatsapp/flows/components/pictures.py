"""Pictures on a screen. Source: Meta, WhatsApp Flows, Components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from rasa_whatsapp.flows.components.base import Component, Flag, Number, Text
from rasa_whatsapp.flows.expressions import Expression
from rasa_whatsapp.flows.node import Json, Node


class ScaleType(str, Enum):
    """Whether a picture is cut to its place (``cover``) or shown whole (``contain``)."""

    COVER = "cover"
    CONTAIN = "contain"


@dataclass(kw_only=True, eq=False)
class Image(Component):
    """A JPEG or PNG in base64; up to 300 KB are advised, three on a screen are allowed."""

    src: Text
    width: Number | None = None
    height: Number | None = None
    scale_type: ScaleType | Text | None = None
    aspect_ratio: Number | None = None
    alt_text: Text | None = None
    visible: Flag | None = None


@dataclass(kw_only=True, eq=False)
class ImageCarouselItem(Node):
    """One picture of a carousel, in base64, and what it shows."""

    src: str
    alt_text: str


@dataclass(kw_only=True, eq=False)
class ImageCarousel(Component):
    """One to three pictures side by side; ``aspect_ratio`` is ``4:3`` or ``16:9``. Flow JSON 7.1."""

    READS: ClassVar = {"images": ImageCarouselItem.read_all}

    images: Sequence[ImageCarouselItem | Json] | str | Expression
    aspect_ratio: Text | None = None
    scale_type: ScaleType | Text | None = None
    visible: Flag | None = None
