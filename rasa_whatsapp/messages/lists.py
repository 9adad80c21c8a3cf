"""A text with a button that opens a list."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part, filled
from rasa_whatsapp.messages.frame import (
    Interactive,
    check_section_titles,
    read_body,
    read_footer,
    read_text_header,
)
from rasa_whatsapp.messages.reader import Json, Reader, within


class Row(Part, frozen=True):
    """A row of a list.

    Attributes:
        id: comes back when it is chosen; at most 200 UTF-16 code units, no white space at its ends.
        title: at most 24 UTF-16 code units.
        description: a second line; at most 72 UTF-16 code units.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Interactive list messages.
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

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Interactive list messages.
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
        return cls(
            read_body(interactive),
            action.text("button"),
            sections,
            read_text_header(interactive),
            read_footer(interactive),
        )
