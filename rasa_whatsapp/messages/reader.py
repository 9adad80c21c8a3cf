"""A raw Cloud API body, read key by key.

A ``Reader`` remembers which keys were asked for. Those nobody asked for are fields this version does not
know; ``rest`` returns them, and the message carries them as ``extra``, so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rasa_whatsapp.errors import MessageError

Json = dict[str, Any]


class Reader:
    """One JSON object and the place where it stands, such as ``interactive.action``.

    Every method raises ``MessageError`` with that place when a value has the wrong JSON type. An absent key
    and ``null`` are the same: the empty value of the type asked for.
    """

    def __init__(self, value: Any, place: str = "") -> None:
        # A dict first: to ask the abstract class takes as long as all the rest.
        if not isinstance(value, (dict, Mapping)):
            raise MessageError(place or "body", f"must be a JSON object, is {type(value).__name__}.")
        self.place = place
        self._values = {str(key): item for key, item in value.items() if item is not None}
        self._read: dict[str, Reader | list[Reader] | None] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def raw(self, key: str) -> Any:
        """Return a value of any kind, or None."""
        self._read[key] = None
        return self._values.get(key)

    def ignore(self, keys: Iterable[str]) -> None:
        """Take these for asked for, whatever they hold."""
        self._read.update(dict.fromkeys(keys))

    def text(self, key: str) -> str:
        """Return a text; a whole number counts as its digits, because YAML reads unquoted ids so."""
        value = self.raw(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self._typed(key, value, str, "text") if value is not None else ""

    def flag(self, key: str) -> bool:
        """Return a boolean."""
        value = self.raw(key)
        return value is not None and self._typed(key, value, bool, "true or false")

    def number(self, key: str) -> float:
        """Return a number; digits in quotes count, as some clients write coordinates so."""
        value = self.raw(key)
        if isinstance(value, str):
            try:
                return float(value) if not value.strip().lstrip("-").isdigit() else int(value)
            except ValueError:
                pass
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise MessageError(self.at(key), "must be a number.")
        return value

    def integer(self, key: str) -> int:
        """Return a whole number, 0 when there is none; digits in quotes count."""
        if key not in self:
            return 0
        value = self.number(key)
        if not isinstance(value, int):
            raise MessageError(self.at(key), "must be a whole number.")
        return value

    def whole(self) -> Json:
        """Return the object as it is, all of its keys asked for."""
        return {key: self.raw(key) for key in self._values}

    def mapping(self, key: str) -> Json:
        """Return a JSON object whose keys are the user's own."""
        value = self.raw(key)
        return dict(self._typed(key, value, Mapping, "a JSON object")) if value is not None else {}

    def object(self, key: str) -> Reader:
        """Return a reader of the object under ``key``; of an empty one when there is none."""
        child = self._read.get(key)
        if not isinstance(child, Reader):
            child = self._read[key] = Reader(self._values.get(key, {}), self.at(key))
        return child

    def objects(self, key: str) -> list[Reader]:
        """Return readers of the objects in the list under ``key``.

        The list is live: ``rest`` follows it, so a caller that will write the objects in another order
        sorts it in place.
        """
        known = self._read.get(key)
        if isinstance(known, list):
            return known
        values = self._typed(key, self._values.get(key, []), list, "a list")
        children = [Reader(value, f"{self.at(key)}[{index}]") for index, value in enumerate(values)]
        self._read[key] = children
        return children

    def rest(self) -> Json:
        """Return what nobody asked for, each key at its old place; empty values are left out."""
        rest: Json = {}
        for key, value in self._values.items():
            child = self._read.get(key)
            if key not in self._read:
                kept: Any = value
            elif isinstance(child, Reader):
                kept = child.rest()
            else:
                kept = [item.rest() for item in child or ()]
                kept = kept if any(kept) else []
            if kept not in ("", [], {}):
                rest[key] = kept
        return rest

    def at(self, key: str) -> str:
        """Return the place of ``key``."""
        return f"{self.place}.{key}" if self.place else key

    def _typed(self, key: str, value: Any, kind: type, name: str) -> Any:
        if not isinstance(value, kind):
            raise MessageError(self.at(key), f"must be {name}, is {type(value).__name__}.")
        return value


@contextmanager
def within(place: str) -> Iterator[None]:
    """Put ``place`` before the field of a ``MessageError`` raised inside."""
    try:
        yield
    except MessageError as error:
        raise MessageError(f"{place}.{error.field}", error.problem) from None


def merged(known: Any, extra: Any) -> Any:
    """Return ``known`` with what only ``extra`` has; where both have a value, the known one stays."""
    if isinstance(known, dict) and isinstance(extra, Mapping):
        both = {key: merged(value, extra.get(key)) for key, value in known.items()}
        return both | {key: value for key, value in extra.items() if key not in known}
    if isinstance(known, list) and isinstance(extra, list):
        return [merged(*pair) for pair in zip(known, extra, strict=False)] + known[len(extra) :]
    return known
