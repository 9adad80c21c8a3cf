"""What the user types or ticks, and the Form around it. Source: Meta, WhatsApp Flows, Components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from rasa_whatsapp.flows.actions import Action
from rasa_whatsapp.flows.components.base import (
    Children,
    Component,
    Flag,
    Input,
    Number,
    Text,
    read_components,
)
from rasa_whatsapp.flows.expressions import Expression


class InputType(str, Enum):
    """What a `TextInput` accepts, and which keyboard it opens."""

    TEXT = "text"
    NUMBER = "number"
    EMAIL = "email"
    PASSWORD = "password"
    PASSCODE = "passcode"
    PHONE = "phone"


class LabelVariant(str, Enum):
    """How a label is shown; ``large`` goes over several lines. Flow JSON 7.0."""

    LARGE = "large"


@dataclass(kw_only=True, eq=False)
class Form(Component):
    """The frame around a screen's inputs; needed before Flow JSON 4.0, optional since.

    Attributes:
        name: the form's own name; it is not a part of references.
        children: the components.
        init_values: what the inputs hold at first, by their names.
        error_messages: what is wrong, by the names of the inputs.
    """

    READS: ClassVar = {"children": read_components}

    name: str
    children: Children
    init_values: Mapping[str, Any] | str | Expression | None = None
    error_messages: Mapping[str, Any] | str | Expression | None = None


@dataclass(kw_only=True, eq=False)
class TextInput(Input):
    """One line of text.

    Attributes:
        label: at most 20 characters.
        input_type: which text; ``text`` by default.
        pattern: a regular expression; needs ``helper_text`` and Flow JSON 6.2.
        min_chars, max_chars: the length that is accepted; 80 at most unless told.
        helper_text: at most 80 characters.
        init_value, error_message: outside a Form only, Flow JSON 4.0; the message at most 30 characters.
    """

    label: Text
    label_variant: LabelVariant | str | None = None
    input_type: InputType | Text | None = None
    pattern: str | None = None
    required: Flag | None = None
    min_chars: Number | None = None
    max_chars: Number | None = None
    helper_text: Text | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    init_value: Text | None = None
    error_message: Text | None = None


@dataclass(kw_only=True, eq=False)
class TextArea(Input):
    """Several lines of text; ``label`` at most 20 characters, ``helper_text`` 80; 600 at most unless told."""

    label: Text
    label_variant: LabelVariant | str | None = None
    required: Flag | None = None
    max_length: Number | None = None
    helper_text: Text | None = None
    enabled: Flag | None = None
    visible: Flag | None = None
    init_value: Text | None = None
    error_message: Text | None = None


@dataclass(kw_only=True, eq=False)
class OptIn(Input):
    """A box to tick, with a "Read more" when there is an ``on_click_action``; at most five on a screen."""

    label: Text
    required: Flag | None = None
    visible: Flag | None = None
    init_value: Flag | None = None
    on_click_action: Action | None = None
    on_select_action: Action | None = None
    on_unselect_action: Action | None = None
