"""Reading fields of sound JSON that may be anything: a wrong type reads as a missing field."""

from __future__ import annotations

import math
from typing import Any


def mapping(source: Any, key: str) -> dict[str, Any]:
    """The object under ``key``, else an empty one."""
    value = source.get(key)
    return value if type(value) is dict else {}


def items(source: Any, key: str) -> list[dict[str, Any]]:
    """The objects of the list under ``key``; whatever else stands in it is passed over."""
    value = source.get(key)
    if value is None or type(value) is not list:
        return []
    return [item for item in value if type(item) is dict]


def text(source: Any, key: str) -> str:
    """The text under ``key``, else an empty one. WhatsApp's ids are sometimes numbers."""
    value = source.get(key)
    if value is None:
        return ""
    if type(value) is str:
        return value
    return str(value) if type(value) is int else ""


def whole(source: Any, key: str) -> int:
    """The integer under ``key``, also when it is written as text; else 0."""
    value = source.get(key)
    if type(value) is int:
        return value
    return int(value) if type(value) is str and is_whole(value) else 0


def is_whole(written: str) -> bool:
    """Whether a text is an integer: up to 18 digits, for more would not fit into 64 bits."""
    return written.isascii() and written.isdecimal() and len(written) <= 18


def number(source: Any, key: str) -> float | None:
    """The number under ``key``, also when it is written as text; else None."""
    value = source.get(key)
    if type(value) not in (int, float, str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def flag(source: Any, key: str) -> bool:
    """Whether ``key`` is true."""
    return source.get(key) is True
