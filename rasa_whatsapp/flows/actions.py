"""What a tap does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from rasa_whatsapp.flows.expressions import Expression
from rasa_whatsapp.flows.node import Node


class FlowActionType(str, Enum):
    """The names of the actions. ``open_url`` and ``update_data`` need Flow JSON 6.0."""

    NAVIGATE = "navigate"
    DATA_EXCHANGE = "data_exchange"
    COMPLETE = "complete"
    OPEN_URL = "open_url"
    UPDATE_DATA = "update_data"


class ActionNextType(str, Enum):
    """Where ``navigate`` goes; so far there are only screens."""

    SCREEN = "screen"


@dataclass(kw_only=True, eq=False)
class ActionNext(Node):
    """The screen that ``navigate`` opens, by its id."""

    type: ActionNextType | str = ActionNextType.SCREEN
    name: str | Expression


@dataclass(kw_only=True, eq=False)
class Action(Node):
    """What a tap or a choice does.

    Attributes:
        name: ``navigate`` opens the screen ``next``; ``data_exchange`` asks the endpoint; ``complete`` ends
            the Flow, from the Footer of a terminal screen; ``open_url`` opens ``url``, from an EmbeddedLink
            or an OptIn; ``update_data`` changes the screen's own data.
        next: for ``navigate``.
        payload: what the screen, the endpoint or the completion message receives.
        url: for ``open_url``.

    Source: Meta, WhatsApp Flows, Flow JSON, Actions.
    """

    READS: ClassVar = {"next": ActionNext.read}

    name: FlowActionType | str
    next: ActionNext | None = None
    payload: Mapping[str, Any] | None = None
    url: str | Expression | None = None
