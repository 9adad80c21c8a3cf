"""Who may know whom among the rooms of the local WhatsApp."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rasa_whatsapp.simulator

ROOT = Path(rasa_whatsapp.simulator.__file__).parent
# Each knows those above it alone. What is no folder is a module.
ORDER = (
    # what everything stands on
    "account",
    "background",
    "clock",
    "ids",
    "refusal",
    "signature",
    # what is remembered, and what is allowed
    "state",
    "media",
    "switches",
    "limits",
    "api",
    "templates",
    "flows",
    # what travels between people and bot
    "webhook",
    "network",
    "people",
    # what a bot calls
    "graph",
    "serpro",
    # the whole, and those who steer it
    "options",
    "troubles",
    "page",
    "parts",
    "server",
)


def known(file: Path) -> set[str]:
    """The rooms that a module imports from."""
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    imported = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    ours = [name.split(".")[2:] for name in imported if f"{name}.".startswith("rasa_whatsapp.simulator.")]
    return {name[0] if name else "the whole" for name in ours}


def room(file: Path) -> str:
    """The folder that a module stands in, or its own name."""
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


def test_every_room_has_its_place() -> None:
    """A new folder or module is given its place here."""
    assert {room(file) for file in ROOT.rglob("*.py")} - {"__init__"} == set(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_a_room_knows_only_those_before_it(name: str) -> None:
    """Knowledge goes one way."""
    before = {*ORDER[: ORDER.index(name)], name}
    files = [file for file in ROOT.rglob("*.py") if room(file) == name]
    assert {file.name: known(file) - before for file in files if known(file) - before} == {}
