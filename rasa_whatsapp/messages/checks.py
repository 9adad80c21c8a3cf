"""The rules that many messages share; each function raises ``MessageError`` for the field it is given."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import limits

_URL = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)

T = TypeVar("T")


def text(field: str, value: str, limit: int | None = None) -> None:
    """Demand a text that is not blank and has at most ``limit`` UTF-16 code units."""
    if not isinstance(value, str):
        raise MessageError(field, f"must be text, is {type(value).__name__}.")
    if not value.strip():
        raise MessageError(field, "is blank, WhatsApp demands a text.")
    if limit is not None and (length := limits.length(value)) > limit:
        raise MessageError(field, f"{length} characters, WhatsApp allows {limit}")


def optional(field: str, value: str, limit: int | None = None) -> None:
    """Like ``text``, but the empty string is allowed and means absent."""
    if value != "":
        text(field, value, limit)


def identifier(field: str, value: str, limit: int | None = None) -> None:
    """Demand an id: a text of at most ``limit`` without white space at its ends."""
    text(field, value, limit)
    if value != value.strip():
        raise MessageError(field, "begins or ends with white space, which WhatsApp rejects.")


def url(field: str, value: str) -> None:
    """Demand an absolute http or https URL."""
    text(field, value)
    if not _URL.fullmatch(value):
        raise MessageError(field, "must be a URL that begins with http:// or https:// and has no spaces.")


def file_name(field: str, name: str) -> None:
    """Demand the name of a file inside a folder, which may lie in a folder below it."""
    parts = name.split("/")
    if "\\" in name or not name.isprintable() or any(part in ("", ".", "..") for part in parts):
        raise MessageError(
            field, "must be the name of a file inside the media folder, as in media://map.png."
        )


def exactly_one(first: str, a: str, second: str, b: str) -> None:
    """Demand that one of two fields is set, and only one."""
    if bool(a) == bool(b):
        state = "both are set" if a else "neither is set"
        raise MessageError(first, f"needs either {first} or {second}, {state}.")


def parts(
    field: str, values: Iterable[Any], kind: type[T] | tuple[type[T], ...], most: int | None, least: int = 1
) -> tuple[T, ...]:
    """Return ``values`` as a tuple of ``least`` to ``most`` objects of the given kind or kinds.

    ``most`` is None where Meta names no limit.
    """
    names = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise MessageError(field, f"must be a list of {names}.")
    found = tuple(values)
    count(field, len(found), most, least)
    for index, value in enumerate(found):
        if not isinstance(value, kind):
            raise MessageError(f"{field}[{index}]", f"must be {names}, is {type(value).__name__}.")
    return found


def count(field: str, found: int, most: int | None, least: int = 0) -> None:
    """Demand ``least`` to ``most`` things."""
    if found < least or (most is not None and found > most):
        allowed = f"{least} or more" if most is None else f"{least} to {most}" if least else f"at most {most}"
        raise MessageError(field, f"{found} given, WhatsApp allows {allowed}")


def unique(places: Sequence[tuple[str, str]]) -> None:
    """Demand that no two ``(place, value)`` have the same value."""
    seen: dict[str, str] = {}
    for place, value in places:
        if value in seen:
            raise MessageError(place, f"is the same as {seen[value]}, WhatsApp demands different ones.")
        seen[value] = place


def one_of(field: str, value: str, allowed: Collection[str]) -> None:
    """Demand one of a few values."""
    if value not in allowed:
        raise MessageError(field, f"must be one of: {', '.join(sorted(allowed))}.")


def number(field: str, value: float, least: float, most: float) -> None:
    """Demand a number from ``least`` to ``most``."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MessageError(field, f"must be a number, is {type(value).__name__}.")
    if not least <= value <= most:
        raise MessageError(field, f"is {value}, must be from {least} to {most}.")


def integer(field: str, value: int, least: int, most: int) -> None:
    """Demand a whole number from ``least`` to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise MessageError(field, f"must be a whole number, is {type(value).__name__}.")
    number(field, value, least, most)
