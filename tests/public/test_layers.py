"""Who may know whom among the rooms of the package, and who may know what is not ours."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import rasa_whatsapp

ROOT = Path(rasa_whatsapp.__file__).parent
# Each knows those above it alone, whether it imports them at once, when they are needed, or for their types.
# What is no folder is a module; what stands here with a dot is a part of a folder that others may know.
ORDER = (
    # what everything stands on
    "errors",
    "masking",
    "wire",
    "fields",
    "addresses",
    "shelf",
    "tracebacks",
    "modules",
    "threads",
    "hosts",
    "header_value",
    # what is told and said, and the files that go along
    "events",
    "messages",
    "rendering",
    "transport",
    "files",
    # what the user has set
    "flows.errors",
    "flows.crypto",
    "settings",
    "intents",
    "hooks",
    "handover",
    # a number's way to WhatsApp, whoever carries its messages
    "gateway",
    "cloud",
    "serpro",
    "reception",
    "media",
    "transcription",
    "flows",
    # once and in order
    "delivery",
    "providers",
    # what a bot sees
    "actions",
    "channel",
    # what stands beside a bot
    "simulator",
    "cli",
    "pytest_plugin",
)
# Of rooms above them these are to know nothing: a third gateway would be one more folder.
APART = {
    "serpro": "cloud",
    "reception": "cloud serpro",
    "media": "cloud serpro",
    "transcription": "cloud serpro",
    "flows": "serpro delivery",
    "delivery": "cloud serpro",
    "actions": "cloud serpro",
    "channel": "cloud serpro",
    "simulator": "delivery gateway providers channel actions serpro",
}
# Words of WhatsApp's own that are not only Meta's: Serpro hands Meta's `value` objects on.
SHARED = {"serpro": {"cloud.payload"}}
# Whose names may stand where: the programs that the package lives in, and those that it may keep things with.
FOREIGN = {
    "rasa": {"", "channel"},
    "sanic": {"channel"},
    "rasa_sdk": set(),
    "sqlite3": {"delivery", "cli"},
    "redis": {"delivery"},
    "aiohttp": {"transport", "files", "cloud", "serpro", "simulator", "cli"},
    "typer": {"cli"},
    "rich": {"cli"},
    "pytest": {"pytest_plugin"},
}


def modules() -> dict[str, Path]:
    """Each module's name below the package; the package's own is empty."""
    found = {}
    for file in ROOT.rglob("*.py"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = file
    return found


MODULES = modules()


@cache
def imported(file: Path) -> frozenset[str]:
    """All that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{each.name}" for each in node.names}
    return frozenset(names)


def room(module: str) -> str:
    """The room that a module stands in: the longest name in the order that its own begins with."""
    homes = [name for name in ORDER if f"{module}.".startswith(f"{name}.")]
    return max(homes, key=len, default="")


def known(file: Path) -> set[str]:
    """The modules of ours that a file imports."""
    names = [name.partition(".")[2] for name in imported(file) if name.startswith("rasa_whatsapp.")]
    return {name if name in MODULES else name.rpartition(".")[0] for name in names} - {""}


def test_every_room_has_its_place() -> None:
    """A new folder or module is given its place here."""
    assert {name.split(".")[0] for name in MODULES if name} == {name.split(".")[0] for name in ORDER}


def test_the_package_names_its_rooms() -> None:
    """In this order, for whoever opens it first."""
    names = re.findall(r"^#   (.+?)   \w", (ROOT / "__init__.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert ", ".join(names).split(", ") == [name for name in ORDER if "." not in name]


@pytest.mark.parametrize("name", ORDER)
def test_a_room_knows_only_those_above_it(name: str) -> None:
    """Data flows one way, so knowledge does too."""
    allowed = {*ORDER[: ORDER.index(name) + 1]} - set(APART.get(name, "").split())
    wrong = {
        (module, other)
        for module, file in MODULES.items()
        if room(module) == name
        for other in known(file) - SHARED.get(name, set())
        if room(other) not in allowed
    }
    assert wrong == set()


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_not_ours_stays_in_its_rooms(name: str) -> None:
    """The core serves any web framework, and any program without Rasa."""
    users = {
        room(module)
        for module, file in MODULES.items()
        if any(each.split(".")[0] == name for each in imported(file))
    }
    assert users == FOREIGN[name]
