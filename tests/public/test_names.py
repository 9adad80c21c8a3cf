"""The names that bots import; taking one away, or adding one, is a decision."""

from __future__ import annotations

import json
from pathlib import Path

from surface import modules, names

PINNED = Path(__file__).with_name("names.json")


def test_the_exported_names_are_these() -> None:
    """A change belongs into names.json and into the changelog."""
    exported = {module.__name__: names(module) for module in modules()}
    assert exported == json.loads(PINNED.read_text("utf-8"))


def test_every_exported_name_is_there() -> None:
    """What a module lists can be imported from it."""
    missing = [
        f"{module.__name__}.{name}"
        for module in modules()
        for name in names(module)
        if not hasattr(module, name)
    ]
    assert missing == []
