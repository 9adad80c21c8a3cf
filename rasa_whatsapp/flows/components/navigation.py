"""Ways to the next screen. Source: Meta, WhatsApp Flows, Components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rasa_whatsapp.flows.actions import Action
from rasa_whatsapp.flows.components.base import Component, Flag, Text
from rasa_whatsapp.flows.components.choices import MediaSize
from rasa_whatsapp.flows.expressions import Expression
from rasa_whatsapp.flows.node import Json, Node


@dataclass(kw_only=True, eq=False)
class Footer(Component):
    """The button at the bottom, one on a screen; every terminal screen needs it.

    Attributes:
        label: at most 35 characters.
        left_caption, right_caption: both or none, and not beside ``center_caption``; at most 15 characters.
    """

    label: Text
    on_click_action: Action
    left_caption: Text | None = None
    center_caption: Text | None = None
    right_caption: Text | None = None
    enabled: Flag | None = None


@dataclass(kw_only=True, eq=False)
class EmbeddedLink(Component):
    """A tappable text of at most 35 characters; two on a screen."""

    text: Text
    on_click_action: Action
    visible: Flag | None = None


@dataclass(kw_only=True, eq=False)
class NavigationItemMainContent(Node):
    """The words of a row: ``title`` at most 30 characters, ``description`` 20, ``metadata`` 80."""

    title: str
    description: str | None = None
    metadata: str | None = None


@dataclass(kw_only=True, eq=False)
class NavigationItemStart(Node):
    """The picture of a row: base64, at most 100 KB."""

    image: str
    alt_text: str | None = None


@dataclass(kw_only=True, eq=False)
class NavigationItemEnd(Node):
    """The words at the end of a row; at most 10 characters each. Not with large pictures."""

    title: str | None = None
    description: str | None = None
    metadata: str | None = None


@dataclass(kw_only=True, eq=False)
class NavigationItem(Node):
    """One row of a `NavigationList`.

    ``badge`` has at most 15 characters, and one row of the list may have it; at most three ``tags``.
    """

    READS: ClassVar = {
        "main_content": NavigationItemMainContent.read,
        "start": NavigationItemStart.read,
        "end": NavigationItemEnd.read,
        "on_click_action": Action.read,
    }

    id: str
    main_content: NavigationItemMainContent | Json
    start: NavigationItemStart | Json | None = None
    end: NavigationItemEnd | Json | None = None
    badge: str | None = None
    tags: Sequence[str] | None = None
    on_click_action: Action | None = None


@dataclass(kw_only=True, eq=False)
class NavigationList(Component):
    """1 to 20 rows that lead on; alone on a screen that is not terminal. Flow JSON 6.2.

    Attributes:
        list_items: the rows.
        label: at most 80 characters.
        description: at most 300 characters.
        on_click_action: for all rows, or one in each row.
    """

    READS: ClassVar = {**Component.READS, "list_items": NavigationItem.read_all}

    name: str
    list_items: Sequence[NavigationItem | Json] | str | Expression
    label: Text | None = None
    description: Text | None = None
    media_size: MediaSize | Text | None = None
    visible: Flag | None = None
    on_click_action: Action | None = None
