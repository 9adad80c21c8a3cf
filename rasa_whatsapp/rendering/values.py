"""Reading the values of a Rasa response, any of which may be None, a number or something else altogether."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

T = TypeVar("T")


def text_of(value: object) -> str:
    """Return a value as text: None is empty, a mapping or list is JSON; a lone surrogate becomes U+FFFD."""
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        try:
            value = json.dumps(value, ensure_ascii=False, default=str)
        except (TypeError, ValueError, RecursionError):
            value = repr(value)
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def line_of(value: object) -> str:
    """Return a value as one line of text, as WhatsApp wants titles, headers and footers."""
    return " ".join(text_of(value).split())


def items_of(value: object) -> list[Any]:
    """Return a list or tuple as a list, None as the empty list, and anything else as a list of itself."""
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return list(value)
    return [value]


def mapping_of(value: object) -> Mapping[Any, Any]:
    """Return a mapping as it is and anything else as the empty mapping."""
    return value if isinstance(value, Mapping) else {}


def for_whatsapp(place: object) -> Mapping[Any, Any]:
    """Return what the metadata of a response, or its custom part, says to this channel alone."""
    return mapping_of(mapping_of(place).get("whatsapp"))


def paragraphs(parts: Iterable[str], separator: str = "\n\n") -> str:
    """Join the parts that are not blank."""
    return separator.join(part for part in parts if part.strip())


def batches(items: Sequence[T], most: int) -> list[Sequence[T]]:
    """Divide items into as few batches of at most ``most`` as possible, all of about the same size."""
    count = -(-len(items) // most)
    bounds = [len(items) * index // count for index in range(count + 1)] if count else []
    return [items[start:end] for start, end in pairwise(bounds)]
