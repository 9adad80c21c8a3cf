"""The documents, and the commands that stand in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import typer

from rasa_whatsapp.cli.app import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.pt-BR.md",
    ROOT / "sample_bot" / "README.md",
    *sorted((ROOT / ".github").rglob("*.md")),
]
FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?P<block>(?:^|\n)\n(?:(?: {4,}\S.*(?:\n|$))+))|`(?P<words>rasa-whatsapp [^`]+)`")
"""A block of shell lines that stands on its own, or a command of ours that a sentence names."""


class Line(NamedTuple):
    """A command in a document; ``block`` where it stands on its own, to be copied."""

    document: Path
    text: str
    block: bool

    @property
    def ours(self) -> bool:
        """Whether it is our program that runs."""
        return "rasa-whatsapp" in shlex.split(self.text, comments=True)


def without_fences(document: Path) -> str:
    """A document's text without its YAML and Python, which other tests read."""
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def lines_of(document: Path) -> Iterator[Line]:
    """A document's commands, from top to bottom."""
    for found in COMMAND.finditer(without_fences(document)):
        if found["words"]:
            yield Line(document, " ".join(found["words"].split()), block=False)
        else:
            for text in re.sub(r"\\\n\s*", "", found["block"]).splitlines():
                if words := re.sub(r"\s+# .*", "", text).strip():
                    yield Line(document, words, block=True)


LINES = [line for document in DOCUMENTS for line in lines_of(document)]


def the_command(line: Line) -> tuple[Any, list[str]]:
    """Our command that a line names, and the words after it."""
    words = words_of(line)
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    return command, words


def words_of(line: Line) -> list[str]:
    """What stands after the name of our program."""
    words = shlex.split(line.text.replace("…", ""), comments=True)
    return words[words.index("rasa-whatsapp") + 1 :]
