"""What the package offers to the outside: the promised modules, their names, and the methods behind them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

MODULES = (
    "",
    ".actions",
    ".cloud",
    ".cloud.management",
    ".errors",
    ".events",
    ".flows",
    ".messages",
    ".rendering",
    ".serpro",
    ".simulator",
)


class Thing(NamedTuple):
    """A public class, function or method; ``home`` is the class it belongs to."""

    name: str
    value: Any
    home: type | None = None

    @property
    def function(self) -> Any:
        """What is called; for a property the function behind it."""
        return self.value.fget if isinstance(self.value, property) else self.value

    @property
    def docs(self) -> list[str]:
        """Its own docstring, then its class's, then its module's."""
        holders = [self.function, self.home, inspect.getmodule(self.function)]
        return [(holder.__doc__ or "") if holder is not None else "" for holder in holders]


def names(module: ModuleType) -> list[str]:
    """The exported names; without ``__all__``, what is defined there under a public name."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return sorted(listed)
    return sorted(
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    )


def modules() -> list[ModuleType]:
    """The promised modules."""
    return [import_module(f"rasa_whatsapp{name}") for name in MODULES]


def things() -> Iterator[Thing]:
    """Every public class and function, each once, and every public method and property of the classes."""
    seen = set()
    for module in modules():
        for name in names(module):
            value = getattr(module, name)
            if not (inspect.isclass(value) or inspect.isfunction(value)) or value in seen:
                continue
            seen.add(value)
            where = f"{value.__module__}.{value.__qualname__}"
            yield Thing(where, value)
            if inspect.isclass(value):
                yield from _members(where, value)


def _members(where: str, home: type) -> Iterator[Thing]:
    for name, value in vars(home).items():
        value = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        public = not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))
        inherited = any(hasattr(base, name) for base in home.__mro__[1:])
        if public and not inherited:
            yield Thing(f"{where}.{name}", value, home)
