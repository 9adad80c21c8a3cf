"""Who does what a document says, line by line, succeeds: each command runs against the local WhatsApp."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import DOCUMENTS, LINES, Line, the_command
from reader import Reader, is_endless
from test_commands import ELSEWHERE


def runs_here(line: Line) -> bool:
    """Whether it is a whole command of ours that no other test runs."""
    if not line.ours or any(line.text.startswith(known) for known in ELSEWHERE):
        return False
    command, words = the_command(line)
    more = any(each.required or each.param_type_name == "argument" for each in command.params)
    return line.block or not (hasattr(command, "commands") or (more and not words))


READ: dict[Path, list[Line]] = {document: [] for document in DOCUMENTS}
for _line in LINES:
    # What runs until Ctrl-C starts Python anew, which takes longer than all else, so each is started once.
    started = {line.text for lines in READ.values() for line in lines if is_endless(line)}
    if runs_here(_line) and _line.text not in started:
        READ[_line.document].append(_line)


@pytest.mark.parametrize(
    "document", [document for document, lines in READ.items() if lines], ids=lambda path: path.name
)
async def test_doing_what_a_document_says(document: Path, reader: Reader) -> None:
    """From top to bottom, with the document's own credentials.yml; every command ends with 0."""
    for line in READ[document]:
        await reader.does(line)
