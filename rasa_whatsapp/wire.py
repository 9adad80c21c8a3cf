"""JSON as it may really arrive: half an emoji, numbers beyond 64 bits, nesting without end."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec

MAX_DEPTH = 64
"""How deep JSON may nest. WhatsApp's own nests less than 20; deeper parts are cut, because whoever copies or
encodes them later would run into Python's recursion limit."""

_LARGEST = 2**63


def loads(data: bytes | str) -> Any:
    """Decodes JSON into values that everyone after us can encode again.

    Raises ValueError when it is not JSON.
    """
    try:
        document = msgspec.json.decode(data)
    except RecursionError:
        raise ValueError("JSON that nests too deep") from None
    except (msgspec.DecodeError, UnicodeError):
        return clean(_loads_leniently(data))
    return clean(document) if _is_suspicious(data, document) else document


def clean(value: Any, depth: int = MAX_DEPTH) -> Any:
    """The value without anything that JSON or msgspec could not encode again."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() if not value.isprintable() else value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if -_LARGEST <= value < 2 * _LARGEST else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth == 0:
        return None
    if isinstance(value, dict):
        return {clean(str(name)): clean(item, depth - 1) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item, depth - 1) for item in value]
    return None


def _loads_leniently(data: bytes | str) -> Any:
    """What msgspec refuses but Python's own reader takes: half an emoji, huge numbers."""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("JSON that nests too deep") from None


def _is_suspicious(data: bytes | str, document: Any) -> bool:
    """Whether the document may hold something that cannot be encoded again."""
    brackets = (b"[", b"{") if isinstance(data, bytes) else ("[", "{")
    return sum(data.count(each) for each in brackets) > MAX_DEPTH  # type: ignore[arg-type]
