"""A message that opens a Flow: forms and screens inside WhatsApp."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import filled
from rasa_whatsapp.messages.frame import (
    Header,
    Interactive,
    check_frame,
    expect,
    read_body,
    read_footer,
    read_header,
)
from rasa_whatsapp.messages.reader import Json, Reader

_VERSION = "3"
_ACTIONS = ("navigate", "data_exchange")
# By block: signs such as ° and ®, and the plain ✓, are none, though Unicode calls them symbols like these.
# The last two turn a sign or a digit into an emoji.
_EMOJI = re.compile("[\u2300-\u23ff\u2600-\u2712\u2714-\u27bf\u2b00-\u2bff\U0001f000-\U0001ffff\ufe0f\u20e3]")


class Flow(Interactive, frozen=True):
    """A text with a button that opens a Flow; the answer comes when the user has finished it.

    Attributes:
        body: at most 1024 UTF-16 code units.
        label: what the button shows, without emoji; at most 30 UTF-16 code units, some clients show 20.
        flow_id: the Flow's id; exactly one of it and ``flow_name``.
        flow_name: the Flow's name.
        flow_token: comes back with the answer; make it unguessable, and one for each message.
        screen: the first screen, for ``navigate``; empty for the Flow's own first one.
        data: what the first screen receives; needs ``screen``.
        action: ``navigate`` opens a screen; ``data_exchange`` asks the endpoint which one.
        draft: open the unpublished version.
        header: a text of at most 60, an image, a video or a document without caption.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, WhatsApp Flows, Sending a Flow; the limit of the label from Meta's OpenAPI file.
    """

    KIND: ClassVar[str] = "flow"

    body: str
    label: str
    flow_id: str = ""
    flow_name: str = ""
    flow_token: str = ""
    screen: str = ""
    data: Mapping[str, Any] = {}
    action: str = "navigate"
    draft: bool = False
    header: Header | None = None
    footer: str = ""

    def _check(self) -> None:
        check_frame(self.body, self.header, self.footer)
        checks.text("label", self.label, limits.FLOW_LABEL)
        if _EMOJI.search(self.label):
            raise MessageError("label", "has an emoji, WhatsApp allows none on the button of a Flow.")
        checks.exactly_one("flow_id", self.flow_id, "flow_name", self.flow_name)
        for field in ("flow_id", "flow_name", "flow_token", "screen"):
            checks.optional(field, getattr(self, field))
        if not isinstance(self.data, Mapping):
            raise MessageError("data", f"must be a mapping, is {type(self.data).__name__}.")
        checks.one_of("action", self.action, _ACTIONS)
        if self.action == "data_exchange" and (self.screen or self.data):
            raise MessageError(
                "screen", "must be empty, and data too: with data_exchange the endpoint decides."
            )
        if self.data and not self.screen:
            raise MessageError("screen", "is missing, WhatsApp demands it where there is data.")

    def _content(self) -> Json:
        parameters = filled(
            flow_message_version=_VERSION,
            flow_id=self.flow_id,
            flow_name=self.flow_name,
            flow_token=self.flow_token,
            flow_cta=self.label,
            mode="draft" if self.draft else "published",
            flow_action=self.action,
            flow_action_payload=filled(screen=self.screen, data=dict(self.data)),
        )
        action = {"name": "flow", "parameters": parameters}
        return self._frame(action, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "Flow":
        interactive = body.object("interactive")
        action = interactive.object("action")
        expect(action, "name", "flow")
        parameters = action.object("parameters")
        expect(parameters, "flow_message_version", _VERSION)
        mode = parameters.text("mode") or "published"
        checks.one_of("mode", mode, ("draft", "published"))
        payload = parameters.object("flow_action_payload")
        return cls(
            read_body(interactive),
            parameters.text("flow_cta"),
            flow_id=parameters.text("flow_id"),
            flow_name=parameters.text("flow_name"),
            flow_token=parameters.text("flow_token"),
            screen=payload.text("screen"),
            data=payload.mapping("data"),
            action=parameters.text("flow_action") or "navigate",
            draft=mode == "draft",
            header=read_header(interactive),
            footer=read_footer(interactive),
        )
