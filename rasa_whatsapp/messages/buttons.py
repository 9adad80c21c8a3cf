"""A text with buttons below it: replies, or one link."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import force_setattr

from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part
from rasa_whatsapp.messages.frame import (
    Header,
    Interactive,
    check_frame,
    expect,
    read_body,
    read_footer,
    read_header,
)
from rasa_whatsapp.messages.reader import Json, Reader, within


class Button(Part, frozen=True):
    """A reply button, or a quick reply on the card of a carousel.

    Attributes:
        id: comes back when it is tapped; at most 256 UTF-16 code units, no white space at its ends.
        title: what is shown; at most 20 UTF-16 code units, emoji allowed, markup not.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Interactive reply buttons messages.
    """

    id: str
    title: str

    def __post_init__(self) -> None:
        checks.identifier("id", self.id, limits.BUTTON_ID)
        checks.text("title", self.title, limits.BUTTON_TITLE)


class Buttons(Interactive, frozen=True):
    """A text with one to three reply buttons.

    Attributes:
        body: at most 1024 UTF-16 code units.
        buttons: 1 to 3, with different ids and different titles.
        header: a text of at most 60, an image, a video or a document without caption.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Interactive reply buttons messages.
    """

    KIND: ClassVar[str] = "button"

    body: str
    buttons: Sequence[Button]
    header: Header | None = None
    footer: str = ""

    def _check(self) -> None:
        check_frame(self.body, self.header, self.footer)
        force_setattr(self, "buttons", checks.parts("buttons", self.buttons, Button, limits.BUTTONS))
        check_buttons("buttons", self.buttons)

    def _content(self) -> Json:
        buttons = [{"type": "reply", "reply": {"id": b.id, "title": b.title}} for b in self.buttons]
        return self._frame({"buttons": buttons}, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "Buttons":
        interactive = body.object("interactive")
        buttons = []
        for index, item in enumerate(interactive.object("action").objects("buttons")):
            expect(item, "type", "reply")
            with within(f"buttons[{index}]"):
                buttons.append(read_button(item.object("reply")))
        return cls(read_body(interactive), buttons, read_header(interactive), read_footer(interactive))


class CtaUrl(Interactive, frozen=True):
    """A text with one button that opens a web page; nothing comes back when it is tapped.

    Attributes:
        body: at most 1024 UTF-16 code units.
        label: what the button shows; at most 20 UTF-16 code units.
        url: an http(s) URL.
        header: a text of at most 60, an image, a video or a document without caption.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Interactive call-to-action URL button messages.
    """

    KIND: ClassVar[str] = "cta_url"

    body: str
    label: str
    url: str
    header: Header | None = None
    footer: str = ""

    def _check(self) -> None:
        check_frame(self.body, self.header, self.footer)
        checks.text("label", self.label, limits.CTA_LABEL)
        checks.url("url", self.url)

    def _content(self) -> Json:
        action = cta_json(self.label, self.url)
        return self._frame(action, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "CtaUrl":
        interactive = body.object("interactive")
        label, url = read_cta(interactive.object("action"))
        return cls(read_body(interactive), label, url, read_header(interactive), read_footer(interactive))


def check_buttons(place: str, buttons: Sequence[Button]) -> None:
    """Demand that ids and titles differ."""
    checks.unique([(f"{place}[{i}].id", button.id) for i, button in enumerate(buttons)])
    checks.unique([(f"{place}[{i}].title", button.title) for i, button in enumerate(buttons)])


def cta_json(label: str, url: str) -> Json:
    """Return the action that opens a URL."""
    return {"name": "cta_url", "parameters": {"display_text": label, "url": url}}


def read_button(reply: Reader) -> Button:
    """Return a reply button or a quick reply."""
    return Button(reply.text("id"), reply.text("title"))


def read_cta(action: Reader) -> tuple[str, str]:
    """Return label and URL of an action that opens a web page."""
    expect(action, "name", "cta_url")
    parameters = action.object("parameters")
    return parameters.text("display_text"), parameters.text("url")
