"""Words on a screen. Source: Meta, WhatsApp Flows, Components."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rasa_whatsapp.flows.components.base import Component, Flag, Text, Words


class FontWeight(str, Enum):
    """How a body or caption is set."""

    BOLD = "bold"
    ITALIC = "italic"
    BOLD_ITALIC = "bold_italic"
    NORMAL = "normal"


@dataclass(kw_only=True, eq=False)
class TextHeading(Component):
    """The largest title; at most 80 characters."""

    text: Text
    visible: Flag | None = None


@dataclass(kw_only=True, eq=False)
class TextSubheading(Component):
    """A smaller title; at most 80 characters."""

    text: Text
    visible: Flag | None = None


@dataclass(kw_only=True, eq=False)
class TextBody(Component):
    """A paragraph; at most 4096 characters. ``markdown`` needs Flow JSON 5.1."""

    text: Words
    font_weight: FontWeight | Text | None = None
    strikethrough: Flag | None = None
    visible: Flag | None = None
    markdown: bool | None = None


@dataclass(kw_only=True, eq=False)
class TextCaption(Component):
    """Small print; at most 4096 characters. ``markdown`` needs Flow JSON 5.1."""

    text: Words
    font_weight: FontWeight | Text | None = None
    strikethrough: Flag | None = None
    visible: Flag | None = None
    markdown: bool | None = None


@dataclass(kw_only=True, eq=False)
class RichText(Component):
    """A long text in Markdown, alone on its screen or, from Flow JSON 6.3, above a Footer. Flow JSON 5.1."""

    text: Words
    visible: Flag | None = None
