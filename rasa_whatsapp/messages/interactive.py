"""Messages with something to tap: reply buttons, a list, a link."""

from collections.abc import Sequence
from typing import Any, ClassVar

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Message, Part, filled
from rasa_whatsapp.messages.media import Document, Image, Video
from rasa_whatsapp.messages.reader import Json, Reader, within

Header = str | Image | Video | Document
"""What stands above the body: a text of at most 60 UTF-16 code units, or a picture, a video, a file."""

_HEADER_MEDIA: dict[str, type[Image | Video | Document]] = {
    "image": Image,
    "video": Video,
    "document": Document,
}


class Interactive(Message, frozen=True):
    """The base of all interactive messages."""

    TYPE: ClassVar[str] = "interactive"
    KIND: ClassVar[str]

    def _frame(self, action: Json, *, body: str = "", header: Header | None = None, footer: str = "") -> Json:
        """Return the interactive object around an action."""
        return filled(
            type=self.KIND,
            header=header_json(header) if header else None,
            body={"text": body} if body else None,
            footer={"text": footer} if footer else None,
            action=action,
        )


class Button(Part, frozen=True):
    """A reply button, or a quick reply on the card of a carousel.

    Attributes:
        id: comes back when it is tapped; at most 256 UTF-16 code units, no white space at its ends.
        title: what is shown; at most 20 UTF-16 code units, emoji allowed, markup not.
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


class Row(Part, frozen=True):
    """A row of a list.

    Attributes:
        id: comes back when it is chosen; at most 200 UTF-16 code units, no white space at its ends.
        title: at most 24 UTF-16 code units.
        description: a second line; at most 72 UTF-16 code units.
    """

    id: str
    title: str
    description: str = ""

    def __post_init__(self) -> None:
        checks.identifier("id", self.id, limits.ROW_ID)
        checks.text("title", self.title, limits.ROW_TITLE)
        checks.optional("description", self.description, limits.ROW_DESCRIPTION)


class Section(Part, frozen=True, kw_only=True):
    """A group of rows.

    Attributes:
        title: at most 24 UTF-16 code units; may be empty only in a list of one section.
        rows: at least one.
    """

    title: str = ""
    rows: Sequence[Row]

    def __post_init__(self) -> None:
        checks.optional("title", self.title, limits.SECTION_TITLE)
        force_setattr(self, "rows", checks.parts("rows", self.rows, Row, limits.ROWS))


class List(Interactive, frozen=True):
    """A text with a button that opens a list of up to ten rows.

    Attributes:
        body: at most 4096 UTF-16 code units.
        button: the label of the button; at most 20 UTF-16 code units.
        sections: 1 to 10, with at most 10 rows in all; row ids differ, and titles within a section.
        header: a text of at most 60 UTF-16 code units; a list has no media header.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Interactive list messages.
    """

    KIND: ClassVar[str] = "list"

    body: str
    button: str
    sections: Sequence[Section]
    header: str = ""
    footer: str = ""

    def _check(self) -> None:
        checks.text("body", self.body, limits.LIST_BODY)
        checks.text("button", self.button, limits.LIST_BUTTON)
        checks.optional("header", self.header, limits.HEADER)
        checks.optional("footer", self.footer, limits.FOOTER)
        force_setattr(self, "sections", checks.parts("sections", self.sections, Section, limits.SECTIONS))
        check_section_titles([section.title for section in self.sections])
        rows = [
            (f"sections[{s}].rows[{r}]", row)
            for s, section in enumerate(self.sections)
            for r, row in enumerate(section.rows)
        ]
        if len(rows) > limits.ROWS:
            raise MessageError("sections", f"{len(rows)} rows in all, WhatsApp allows {limits.ROWS}")
        checks.unique([(f"{place}.id", row.id) for place, row in rows])
        for s, section in enumerate(self.sections):
            titles = [(f"sections[{s}].rows[{r}].title", row.title) for r, row in enumerate(section.rows)]
            checks.unique(titles)

    def _content(self) -> Json:
        sections = [
            filled(
                title=section.title,
                rows=[filled(id=r.id, title=r.title, description=r.description) for r in section.rows],
            )
            for section in self.sections
        ]
        action = {"button": self.button, "sections": sections}
        return self._frame(action, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "List":
        interactive = body.object("interactive")
        action = interactive.object("action")
        sections = []
        for s, item in enumerate(action.objects("sections")):
            rows = []
            for r, row in enumerate(item.objects("rows")):
                with within(f"sections[{s}].rows[{r}]"):
                    rows.append(Row(row.text("id"), row.text("title"), row.text("description")))
            with within(f"sections[{s}]"):
                sections.append(Section(title=item.text("title"), rows=rows))
        header = read_header(interactive)
        if not isinstance(header, (str, type(None))):
            raise MessageError("header", "must be text; a list has no media header.")
        return cls(
            read_body(interactive), action.text("button"), sections, header or "", read_footer(interactive)
        )


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


def check_frame(body: str, header: Header | None, footer: str) -> None:
    """Check what most interactive messages have around their action."""
    checks.text("body", body, limits.BODY)
    check_header(header)
    checks.optional("footer", footer, limits.FOOTER)


def check_header(
    header: Any, allowed: tuple[type, ...] = (str, Image, Video, Document), limit: int = limits.HEADER
) -> None:
    """Demand that a header, if there is one, is of a kind this message may have."""
    if header is None or header == "":
        return
    if not isinstance(header, allowed):
        names = ", ".join("text" if kind is str else kind.__name__ for kind in allowed)
        raise MessageError("header", f"must be one of: {names}; is {type(header).__name__}.")
    if isinstance(header, str):
        checks.text("header", header, limit)
        return
    for field in ("caption", "reply_to", "opaque", "identity_key_hash"):
        if getattr(header, field, ""):
            raise MessageError(f"header.{field}", "is not allowed in a header.")


def check_buttons(place: str, buttons: Sequence[Button]) -> None:
    """Demand that ids and titles differ."""
    checks.unique([(f"{place}[{i}].id", button.id) for i, button in enumerate(buttons)])
    checks.unique([(f"{place}[{i}].title", button.title) for i, button in enumerate(buttons)])


def check_section_titles(titles: Sequence[str]) -> None:
    """Demand a title for each section where there are several."""
    for index, title in enumerate(titles):
        if not title and len(titles) > 1:
            raise MessageError(f"sections[{index}].title", "is missing: of several sections each needs one.")


def expect(reader: Reader, key: str, value: str) -> None:
    """Demand that a key which has only one possible value has it, or is absent."""
    if reader.text(key) not in ("", value):
        raise MessageError(reader.at(key), f'must be "{value}".')


def header_json(header: Header) -> Json:
    """Return a header as it stands on the wire."""
    if isinstance(header, str):
        return {"type": "text", "text": header}
    return {"type": header.TYPE, header.TYPE: header._content()}


def cta_json(label: str, url: str) -> Json:
    """Return the action that opens a URL."""
    return {"name": "cta_url", "parameters": {"display_text": label, "url": url}}


def read_header(interactive: Reader) -> Header | None:
    """Return the header of an interactive object, or None."""
    header = interactive.object("header")
    kind = header.text("type")
    if kind in _HEADER_MEDIA:
        with within("header"):
            return _HEADER_MEDIA[kind]._read(header)
    if kind not in ("", "text"):
        raise MessageError(header.at("type"), "must be one of: document, image, text, video.")
    return header.text("text") or None


def read_body(interactive: Reader) -> str:
    """Return the body's text, or the empty string."""
    return interactive.object("body").text("text")


def read_footer(interactive: Reader) -> str:
    """Return the footer's text, or the empty string."""
    return interactive.object("footer").text("text")


def read_button(reply: Reader) -> Button:
    """Return a reply button or a quick reply."""
    return Button(reply.text("id"), reply.text("title"))


def read_cta(action: Reader) -> tuple[str, str]:
    """Return label and URL of an action that opens a web page."""
    expect(action, "name", "cta_url")
    parameters = action.object("parameters")
    return parameters.text("display_text"), parameters.text("url")
