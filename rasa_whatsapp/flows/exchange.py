"""What a handler is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar

from rasa_whatsapp.flows.files import Fetch
from rasa_whatsapp.flows.files import fetch as fetch_from_meta
from rasa_whatsapp.flows.media import FlowMedia, read_files
from rasa_whatsapp.flows.node import Json, plain
from rasa_whatsapp.flows.tokens import FlowToken


class FlowRequestActionType(str, Enum):
    """Why WhatsApp asks."""

    INIT = "INIT"
    """The Flow is opened, and the message left the first screen to the endpoint."""
    BACK = "BACK"
    """The user goes back from a screen with ``refresh_on_back``; the answer says which screen is shown.

    ``screen`` is the one that is left, and there is no payload.
    """
    DATA_EXCHANGE = "data_exchange"
    """A tap or a choice with that action."""


@dataclass(frozen=True)
class FlowRequest:
    """A question of WhatsApp to the endpoint.

    Attributes:
        action: ``INIT``, ``BACK`` or ``data_exchange``.
        screen: the screen it comes from; empty when the Flow is just being opened.
        data: the payload of the action.
        flow_token: of the message that opened the Flow.
        version: of the protocol, ``3.0`` or ``4.0``.
        flow: the Flow's name, from our token or the address that was called; empty when neither tells.
        token: what we know of the token; None when another system made it.
    """

    action: str
    screen: str = ""
    data: Json = field(default_factory=dict, repr=False)
    flow_token: str = field(default="", repr=False)
    version: str = ""
    flow: str = ""
    token: FlowToken | None = None
    fetch: Fetch = field(default=fetch_from_meta, repr=False, compare=False)

    @property
    def conversation(self) -> str:
        """The conversation that the Flow was sent in; empty when another system made the token."""
        return self.token.conversation if self.token else ""

    def files(self, name: str) -> tuple[FlowMedia, ...]:
        """The files of the picker whose value the payload has under this key.

            [photo] = request.files("photo")
            picture = await photo.download()

        Raises:
            MediaError: it is no picker's value.
        """
        return read_files(self.data.get(name), self.fetch)

    def to_dict(self) -> Json:
        """The request as plain JSON values, for an action server."""
        return {
            "action": self.action,
            "screen": self.screen,
            "data": self.data,
            "flow_token": self.flow_token,
            "version": self.version,
            "flow": self.flow,
            "conversation": self.conversation,
        }

    @classmethod
    def from_dict(cls, request: Mapping[str, Any], fetch: Fetch = fetch_from_meta) -> FlowRequest:
        """The request that ``to_dict`` was called on.

        Args:
            fetch: gets what has been picked; from Meta's media servers unless told.
        """
        names = ("action", "screen", "flow_token", "version", "flow", "conversation")
        action, screen, token, version, flow, conversation = (str(request.get(name) or "") for name in names)
        data = request.get("data")
        return cls(
            action=action,
            screen=screen,
            data=dict(data) if isinstance(data, Mapping) else {},
            flow_token=token,
            version=version,
            flow=flow,
            token=FlowToken(conversation=conversation, flow=flow) if conversation else None,
            fetch=fetch,
        )


@dataclass(frozen=True)
class FlowResponse:
    """What WhatsApp shows next.

    Attributes:
        screen: the next screen; the same one again for a correction.
        data: what the screen is given; with ``close_flow`` what the completion message carries.
        error_message: shown at the bottom of the screen.
        close_flow: ends the Flow; ``screen`` stays empty then.
        flow_token: of the completion message; the request's unless told.
        version: echoed where given.

    Raises:
        ValueError: neither a screen nor the end, or both.
    """

    screen: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    error_message: str = ""
    close_flow: bool = False
    flow_token: str = field(default="", repr=False)
    version: str = ""

    ANSWER: ClassVar[tuple[str, ...]] = ("screen", "data", "error_message", "close_flow")
    """What an action may answer."""

    def __post_init__(self) -> None:
        if bool(self.screen) == self.close_flow:
            raise ValueError("A FlowResponse names the next screen, or has close_flow=True; not both.")
        if self.close_flow and self.error_message:
            raise ValueError("A Flow that is closed cannot show an error_message.")

    @classmethod
    def invalid(
        cls,
        screen: str,
        fields: Mapping[str, str],
        *,
        message: str = "",
        key: str = "error_messages",
        data: Mapping[str, Any] | None = None,
    ) -> FlowResponse:
        """Shows the screen again, and what is wrong beneath its fields.

        Args:
            screen: the request's own screen.
            fields: what is wrong, by the names of the inputs.
            message: also shown at the bottom of the screen.
            key: the data to which the Form's ``error_messages`` is bound: ``${data.error_messages}``.
            data: whatever else the screen is given.
        """
        return cls(screen=screen, data={**(data or {}), key: dict(fields)}, error_message=message)

    def to_dict(self, flow_token: str = "") -> Json:
        """The JSON object that WhatsApp expects.

        Source: Meta, WhatsApp Flows, Implementing endpoints, Data exchange request.
        """
        data = plain(self.data)
        if self.error_message:
            data["error_message"] = self.error_message
        if self.close_flow:
            parameters = {"flow_token": self.flow_token or flow_token, **data}
            data = {"extension_message_response": {"params": parameters}}
        answer: Json = {"version": self.version} if self.version else {}
        return {**answer, "screen": "SUCCESS" if self.close_flow else self.screen, "data": data}
