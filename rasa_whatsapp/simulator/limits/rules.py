"""The rows of which a table of limits is made.

A row names a place in a body and what may stand there; a broken row is answered with Meta's error code. In a
path, ``?`` marks a part that may be missing and ``[]`` stands for every item of an array; all other parts are
required. A :class:`Choice` is a row that selects further rows by the value of one key, such as ``type``.

Lengths are counted in UTF-16 code units, the strictest of the countings that WhatsApp clients use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rasa_whatsapp.simulator.refusal import Refusal

PARAMETER, MISSING, VALUE, TYPE = 100, 131008, 131009, 131051
_STEP = re.compile(r"(\w+)(\[\])?(\?)?")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Rule:
    """The value at ``path`` is refused with ``code`` when ``wrong`` finds something to say about it."""

    path: str
    wrong: Callable[[Any], str | None]
    code: int = VALUE

    def under(self, path: str) -> Rule:
        """The same row for a value that stands deeper."""
        return replace(self, path=f"{path}.{self.path}")

    def check(self, value: object, place: str = "") -> None:
        """Raise :class:`Refusal` when ``value``, which stands at ``place``, breaks this row."""
        for where, found in _find(value, self.path, place):
            if problem := self.wrong(found):
                raise Refusal(self.code, f"Param {where or 'body'} {problem}.")


@dataclass(frozen=True)
class Choice:
    """Stands for the rows that ``table`` holds for the value of ``key`` at ``path``."""

    path: str
    key: str
    table: Mapping[str, tuple[Rule | Choice, ...]]
    code: int = VALUE
    default: str | None = None

    def under(self, path: str) -> Choice:
        """The same choice for a value that stands deeper."""
        return replace(self, path=f"{path}.{self.path}")

    def check(self, value: object, place: str = "") -> None:
        """Raise :class:`Refusal` when ``value``, which stands at ``place``, breaks one of the chosen rows."""
        for where, found in _find(value, self.path, place):
            kind = self._kind(found, where)
            if not isinstance(kind, str) or kind not in self.table:
                allowed = ", ".join(self.table)
                raise Refusal(self.code, f"Param {_join(where, self.key)} must be one of {allowed}.")
            for row in self.table[kind]:
                row.check(found, where)

    def _kind(self, found: object, where: str) -> object:
        if self.default and isinstance(found, dict) and found.get(self.key) is None:
            return self.default
        return _member(found, self.key, where)


Table = Mapping[str, tuple[Rule | Choice, ...]]


def _find(value: object, path: str, place: str) -> Iterator[tuple[str, Any]]:
    """Every value at ``path``, with its place in words; a missing required part is refused."""
    if not path:
        yield place, value
        return
    step, _, rest = path.partition(".")
    match = _STEP.fullmatch(step)
    assert match, path
    name, many, optional = match.groups()
    if optional and isinstance(value, dict) and value.get(name) is None:
        return
    found = _member(value, name, place)
    where = _join(place, name)
    if not many:
        yield from _find(found, rest, where)
        return
    if not isinstance(found, list):
        raise Refusal(PARAMETER, f"Param {where} must be an array.")
    for position, item in enumerate(found):
        yield from _find(item, rest, f"{where}[{position}]")


def _member(value: object, name: str, place: str) -> Any:
    if not isinstance(value, dict):
        raise Refusal(PARAMETER, f"Param {place or 'body'} must be an object.")
    if value.get(name) is None:
        raise Refusal(MISSING, f"The parameter {_join(place, name)} is required.")
    return value[name]


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def text(path: str, most: int, code: int = VALUE) -> Rule:
    """A string of 1 to ``most`` characters."""

    def wrong(value: object) -> str | None:
        if not isinstance(value, str):
            return "must be a string"
        length = len(value.encode("utf-16-le", "surrogatepass")) // 2
        return None if 1 <= length <= most else f"has length {length}; allowed are 1 to {most} characters"

    return Rule(path, wrong, code)


def one_of(path: str, *allowed: str, code: int = VALUE) -> Rule:
    """One of these words."""
    wrong = f"must be one of {', '.join(allowed)}"
    return Rule(path, lambda value: None if value in allowed else wrong, code)


def count(path: str, least: int, most: int) -> Rule:
    """An array of so many items."""

    def wrong(value: object) -> str | None:
        if not isinstance(value, list):
            return "must be an array"
        if least <= len(value) <= most:
            return None
        return f"has {len(value)} items; allowed are {least} to {most}"

    return Rule(path, wrong)


def total(path: str, inner: str, least: int, most: int) -> Rule:
    """So many values in all that ``inner`` means under ``path``."""

    def wrong(value: object) -> str | None:
        found = sum(1 for _ in _find(value, inner, ""))
        return None if least <= found <= most else f"has {found} items in all; allowed are {least} to {most}"

    return Rule(path, wrong)


def distinct(path: str, inner: str) -> Rule:
    """No two equal ones among the values that ``inner`` means under ``path``."""

    def wrong(value: object) -> str | None:
        seen = [found for _, found in _find(value, inner, "")]
        return f"has the same {inner.rpartition('.')[2]} twice" if len(set(seen)) < len(seen) else None

    return Rule(path, wrong)


def number(path: str, least: float, most: float) -> Rule:
    """A number, also one written as a string."""

    def wrong(value: Any) -> str | None:
        try:
            fits = not isinstance(value, bool) and least <= float(value) <= most
        except (TypeError, ValueError, OverflowError):
            fits = False
        return None if fits else f"must be a number between {least} and {most}"

    return Rule(path, wrong)


def matches(path: str, pattern: re.Pattern[str], meaning: str, code: int = VALUE) -> Rule:
    """A string that fits a pattern, which ``meaning`` puts in words."""

    def wrong(value: object) -> str | None:
        return None if isinstance(value, str) and pattern.fullmatch(value) else f"must be {meaning}"

    return Rule(path, wrong, code)


def url(path: str) -> Rule:
    """An http or https URL."""
    return matches(path, _URL, "an http or https URL")


def flag(path: str) -> Rule:
    """A boolean."""
    return Rule(path, lambda value: None if isinstance(value, bool) else "must be true or false", PARAMETER)


def absent(path: str) -> Rule:
    """Nothing may stand here."""
    return Rule(path + "?", lambda _: "is not supported for this type of message")


def either(path: str, *names: str, code: int = PARAMETER) -> Rule:
    """An object with exactly one of several members."""

    def wrong(value: object) -> str | None:
        given = [name for name in names if isinstance(value, dict) and value.get(name) is not None]
        return None if len(given) == 1 else f"must have exactly one of {', '.join(names)}"

    return Rule(path, wrong, code)


def only(path: str, *names: str) -> Rule:
    """An object with no other members than these."""

    def wrong(value: object) -> str | None:
        unexpected = [name for name in value if name not in names] if isinstance(value, dict) else []
        return f'has the unexpected key "{unexpected[0]}"' if unexpected else None

    return Rule(path, wrong, PARAMETER)


def media(kind: str, *extras: str, sources: tuple[str, ...] = ("id", "link")) -> tuple[Rule, ...]:
    """An object that names a file by upload id or by link."""
    return (
        either(kind, *sources),
        only(kind, *sources, *extras, "provider"),
        url(f"{kind}.link?"),
        text(f"{kind}.caption?", 1024, PARAMETER),
        text(f"{kind}.filename?", 240, PARAMETER),
        *((flag(f"{kind}.voice?"),) if "voice" in extras else ()),
    )
