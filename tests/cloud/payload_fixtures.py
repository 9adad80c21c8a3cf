"""Reads the webhook bodies in ``tests/fixtures/cloud``; each file is one request as Meta would send it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "fixtures" / "cloud"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def fixture(name: str) -> Any:
    """The body named ``name``, read anew each time."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def value_of(body: Any) -> Any:
    """The ``value`` of the first change of the first entry."""
    return body["entry"][0]["changes"][0]["value"]
