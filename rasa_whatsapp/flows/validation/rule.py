"""What a rule of Flow JSON says of one property, and of one type of component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Rule:
    """What one property may be.

    Attributes:
        types: JSON types of a value that is given as such.
        least, most: characters of a text, items of a list, or the value of a number.
        values: the only values.
        actions: the names of the actions that may stand here.
        items: the properties of the object, or of the objects in the list.
        required: since this version; empty for never.
        since: the version that brought the property.
        dynamic: may also be ``${…}`` or, since 6.0, an expression between backticks.
        outside_form: only for a component that is in no Form.
        form: what a text must look like: ``date``, ``digits``, ``color`` or ``id``.
    """

    types: tuple[str, ...]
    least: int | None = None
    most: int | None = None
    values: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    items: Mapping[str, Rule] = field(default_factory=dict)
    required: str = ""
    since: str = "2.1"
    dynamic: bool = True
    outside_form: bool = False
    form: str = ""


@dataclass(frozen=True)
class Kind:
    """A type of component: its properties, since when there is it, and how often it may stand."""

    properties: Mapping[str, Rule]
    since: str = "2.1"
    per_screen: int | None = None
    per_flow: int | None = None


ALWAYS = "2.1"


def text(most: int | None = None, **more: object) -> Rule:
    return replace(Rule(("string",), most=most), **more)  # type: ignore[arg-type]


def flag(**more: object) -> Rule:
    return replace(Rule(("boolean",)), **more)  # type: ignore[arg-type]


def number(least: int | None = None, most: int | None = None) -> Rule:
    return Rule(("number", "string"), least=least, most=most, form="digits")


def choice(*values: str, since: str = "2.1") -> Rule:
    return Rule(("string",), values=values, since=since)


def acts(*names: str, since: str = "2.1", required: str = "") -> Rule:
    return Rule(("object",), actions=names, since=since, required=required, dynamic=False)


def listed(least: int, most: int, items: Mapping[str, Rule]) -> Rule:
    return Rule(("array",), least=least, most=most, items=items, required=ALWAYS)


def children(required: str = ALWAYS, least: int | None = None) -> Rule:
    return Rule(("array",), least=least, required=required, dynamic=False)
