"""What the user chooses from. Source: Meta, WhatsApp Flows, Components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, TypeAlias

from rasa_whatsapp.flows.actions import Action
from rasa_whatsapp.flows.components.base import Flag, Input, Number, Text
from rasa_whatsapp.flows.expressions import Expression
from rasa_whatsapp.flows.node import Json, Node


class MediaSize(str, Enum):
    """How large the pictures of options are. Flow JSON 5.0."""

    REGULAR = "regular"
    LARGE = "large"


@dataclass(kw_only=True, eq=False)
class DataSource(Node):
    """One option; ``id`` is what you receive, unique in its list.

    Attributes:
        title: at most 30 characters.
        description: at most 300 characters.
        metadata: at most 20 characters.
        image: base64, at most 100 KB (300 KB before Flow JSON 6.0). Flow JSON 5.0, like the next two.
        alt_text: what the picture shows.
        color: ``#RRGGBB``.
        on_select_action, on_unselect_action: ``update_data``. Flow JSON 6.0.
    """

    READS: ClassVar = {"on_select_action": Action.read, "on_unselect_action": Action.read}

    id: str
    title: str
    description: str | None = None
    metadata: str | None = None
    enabled: bool | None = None
    image: str | None = None
    alt_text: str | None = None
    color: str | None = None
    on_select_action: Action | None = None
    on_unselect_action: Action | None = None


Options: TypeAlias = Sequence[DataSource | Json] | str | Expression


@dataclass(kw_only=True, eq=False)
class _Choice(Input):
    """What has options."""

    READS: ClassVar = {**Input.READS, "data_source": DataSource.read_all}

    data_source: Options


@dataclass(kw_only=True, eq=False)
class CheckboxGroup(_Choice):
    """Any number of 1 to 20 options; ``label`` at most 30 characters, required since Flow JSON 4.0."""

    label: Text | None = None
    description: Text | None = None
    min_selected_items: Number | None = None
    max_selected_items: Number | None = None
    required: Flag | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    init_value: Sequence[str] | Text | None = None
    error_message: Text | None = None
    media_size: MediaSize | Text | None = None
    on_select_action: Action | None = None
    on_unselect_action: Action | None = None


@dataclass(kw_only=True, eq=False)
class RadioButtonsGroup(_Choice):
    """One of 1 to 20 options; ``label`` at most 30 characters, required since Flow JSON 4.0."""

    label: Text | None = None
    description: Text | None = None
    required: Flag | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    init_value: Text | None = None
    error_message: Text | None = None
    media_size: MediaSize | Text | None = None
    on_select_action: Action | None = None
    on_unselect_action: Action | None = None


@dataclass(kw_only=True, eq=False)
class Dropdown(_Choice):
    """One of 1 to 200 options (100 where they have pictures); ``label`` at most 30 characters."""

    label: Text
    required: Flag | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    init_value: Text | None = None
    error_message: Text | None = None
    on_select_action: Action | None = None
    on_unselect_action: Action | None = None


@dataclass(kw_only=True, eq=False)
class ChipsSelector(_Choice):
    """Any number of 2 to 20 options, shown as chips; ``label`` at most 80 characters. Flow JSON 6.3."""

    label: Text
    description: Text | None = None
    min_selected_items: Number | None = None
    max_selected_items: Number | None = None
    required: Flag | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    init_value: Sequence[str] | Text | None = None
    error_message: Text | None = None
    on_select_action: Action | None = None
    on_unselect_action: Action | None = None
