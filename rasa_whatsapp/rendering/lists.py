"""More than three choices, or long ones: list messages of ten rows each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rasa_whatsapp.messages import List, Row, Section, limits
from rasa_whatsapp.rendering.block import Block, send_ahead
from rasa_whatsapp.rendering.buttons import Choice, distinct, reply_ids
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.values import batches

REPEATED = 120
"""Characters of a question that is asked again over each further list; a longer one is told by its number."""


def send_lists(block: Block, draft: Draft) -> None:
    """Send the choices of a block as lists of about equal length; later ones are numbered, ``Which? (2/3)``.

    The header stands over the first list, the footer under the last. Titles that even a row's description
    cannot show whole are spelled out in the text.
    """
    choices = block.buttons.choices
    unshown = [choice.title for choice in choices if limits.length(choice.title) > limits.ROW_DESCRIPTION]
    frame = send_ahead(
        block, draft, body=limits.LIST_BODY, picture=False, note="\n".join(f"• {title}" for title in unshown)
    )
    headings = block.layout.section_titles(len(choices))
    lists = batches(list(zip(headings, _rows(choices, draft), strict=True)), limits.ROWS)
    for number, rows in enumerate(lists, start=1):
        draft.send(
            List(
                frame.body if number == 1 else _further(frame.body, f"{number}/{len(lists)}"),
                block.layout.list_button or draft.options.list_button,
                [
                    Section(title=heading, rows=[row for _, row in group])
                    for heading, group in groupby(rows, key=lambda pair: pair[0])
                ],
                header=block.layout.header if number == 1 and frame.header else "",
                footer=frame.footer if number == len(lists) else "",
            )
        )


def _further(question: str, number: str) -> str:
    return f"{question} ({number})" if limits.length(question) <= REPEATED else number


def _rows(choices: Sequence[Choice], draft: Draft) -> list[Row]:
    """Return a row for each choice; a title too long for the row is shown whole in its description."""
    rows = []
    labels = distinct([choice.title for choice in choices], limits.ROW_TITLE)
    ids = reply_ids(choices, limits.ROW_ID, draft)
    for index, (choice, label, row_id) in enumerate(zip(choices, labels, ids, strict=True)):
        description = ""
        if label != choice.title:
            whole = limits.length(choice.title)
            draft.cuts.append(f"buttons[{index}].title: {whole} characters, a row shows {limits.ROW_TITLE}")
            description = limits.cut(choice.title, limits.ROW_DESCRIPTION)
        rows.append(Row(row_id, label, description))
    return rows
