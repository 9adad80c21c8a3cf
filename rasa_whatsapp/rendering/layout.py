"""What a response's ``metadata: {whatsapp: {...}}`` says about its looks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice, repeat

from rasa_whatsapp.messages import limits
from rasa_whatsapp.rendering.custom import MESSAGES
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.values import for_whatsapp, items_of, line_of

KEYS = ("header", "footer", "list_button", "sections")
_NOT_LOOKS = (MESSAGES, "pause", "resume")
"""What stands beside them: whole messages, and what silences the bot."""


@dataclass(frozen=True)
class ListSection:
    """A heading over the next ``count`` rows of a list; without a count, over all that are left."""

    title: str
    count: int | None = None


@dataclass(frozen=True)
class Layout:
    """Header, footer and list labels of one response; empty means none."""

    header: str = ""
    footer: str = ""
    list_button: str = ""
    sections: tuple[ListSection, ...] = ()

    def section_titles(self, rows: int) -> list[str]:
        """Return for each row the title of its section; rows beyond all counts stay in the last."""
        if not self.sections:
            return [""] * rows
        counted = chain.from_iterable(
            repeat(section.title, rows if section.count is None else min(section.count, rows))
            for section in self.sections
        )
        return list(islice(chain(counted, repeat(self.sections[-1].title)), rows))


def read_layout(metadata: object, draft: Draft) -> Layout:
    """Read ``metadata.whatsapp`` of a response."""
    given = for_whatsapp(metadata)
    for key in given:
        if key not in KEYS and key not in _NOT_LOOKS:
            name = limits.cut(line_of(key), 40)
            draft.problems.append(f"metadata.whatsapp.{name}: unknown, the known keys are {', '.join(KEYS)}")
    label = _read_line(given.get("list_button"), "metadata.whatsapp.list_button", draft)
    return Layout(
        header=_read_line(given.get("header"), "metadata.whatsapp.header", draft),
        footer=_read_line(given.get("footer"), "metadata.whatsapp.footer", draft),
        list_button=draft.cut(label, limits.LIST_BUTTON, "metadata.whatsapp.list_button"),
        sections=_read_sections(given.get("sections"), draft),
    )


def _read_line(value: object, place: str, draft: Draft) -> str:
    if isinstance(value, (dict, list, bool)):
        draft.problems.append(f"{place}: must be text")
        return ""
    return line_of(value)


def _read_sections(value: object, draft: Draft) -> tuple[ListSection, ...]:
    sections = []
    for index, item in enumerate(items_of(value)):
        place = f"metadata.whatsapp.sections[{index}]"
        given = item if isinstance(item, dict) else {"title": item}
        title = _read_line(given.get("title"), f"{place}.title", draft)
        title = draft.cut(title, limits.SECTION_TITLE, f"{place}.title")
        count = given.get("count")
        if not title:
            draft.problems.append(f"{place}: a section needs a title")
        elif count is None or (type(count) is int and count > 0):
            sections.append(ListSection(title, count))
        else:
            draft.problems.append(f"{place}.count: must be a whole number above 0")
    return tuple(sections)
