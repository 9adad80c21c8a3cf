"""``${data.x}``, ``${form.x}`` and ``${screen.S.form.x}``: does what they name exist?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_whatsapp.flows.validation import rules
from rasa_whatsapp.flows.validation.component_rules import COMPONENTS, INPUTS
from rasa_whatsapp.flows.validation.problem import Report
from rasa_whatsapp.flows.validation.values import is_expression, version
from rasa_whatsapp.flows.validation.walk import PlacedScreen

_NAME = r"[A-Za-z0-9_-]+"
_REFERENCE = re.compile(rf"\$\{{(?:screen\.({_NAME})\.)?(data|form)\.({_NAME})")
_WHOLE = re.compile(rf"\$\{{(?:screen\.({_NAME})\.)?(data|form)\.({_NAME})\}}")


@dataclass(frozen=True)
class Reference:
    """A reference: the screen where it names one, ``data`` or ``form``, and the name there."""

    screen: str
    scope: str
    name: str


def in_text(text: str) -> Iterator[Reference | None]:
    """The references in a text; None for ``${`` that begins none."""
    for start in (found.start() for found in re.finditer(r"\$\{", text)):
        found = _REFERENCE.match(text, start)
        yield Reference(found[1] or "", found[2], found[3]) if found else None


def whole(value: Any) -> Reference | None:
    """The reference that a value is, when it is nothing else."""
    found = _WHOLE.fullmatch(value) if isinstance(value, str) else None
    return Reference(found[1] or "", found[2], found[3]) if found else None


def schema_type(reference: Reference, screen: PlacedScreen, screens: Mapping[str, PlacedScreen]) -> str:
    """The type of the data that is referred to; empty when it is not known."""
    origin = screens.get(reference.screen) if reference.screen else screen
    if reference.scope != "data" or origin is None:
        return ""
    schema = origin.data.get(reference.name)
    kind = schema.get("type") if isinstance(schema, dict) else None
    return kind if isinstance(kind, str) else ""


def check_references(
    screen: PlacedScreen, screens: Mapping[str, PlacedScreen], flow_version: str, report: Report
) -> None:
    """Checks every text of every component of a screen."""
    for placed in screen.components:
        inside = {"children", "then", "else", "cases"} if placed.kind in ("Form", "If", "Switch") else set()
        own = {key: value for key, value in placed.document.items() if key not in inside}
        for place, text in _texts(own, placed.place):
            if is_expression(text) and version(flow_version) < (6, 0):
                report.add(place, f"an expression needs Flow JSON 6.0, this is {flow_version}")
            for reference in in_text(text):
                _check(reference, place, screen, screens, flow_version, report)
        _check_types(own, placed.kind, placed.place, screen, screens, report)


def _check(
    reference: Reference | None,
    place: str,
    screen: PlacedScreen,
    screens: Mapping[str, PlacedScreen],
    flow_version: str,
    report: Report,
) -> None:
    if reference is None:
        report.add(place, "a reference is ${data.…}, ${form.…} or ${screen.….data.…}")
        return
    origin = screen
    if reference.screen:
        if version(flow_version) < (4, 0):
            report.add(place, f"a reference to another screen needs Flow JSON 4.0, this is {flow_version}")
        if reference.screen == screen.id:
            report.add(place, f"on its own screen this is ${{{reference.scope}.{reference.name}}}")
        if reference.screen not in screens:
            report.add(place, f"there is no screen {reference.screen}")
            return
        origin = screens[reference.screen]
    if reference.scope == "data" and reference.name not in origin.data:
        report.add(place, f"{origin.id} is given no data {reference.name!r}")
    if reference.scope == "form" and reference.name not in origin.named(*INPUTS):
        report.add(place, f"{origin.id} has no input {reference.name!r}")


def _check_types(
    document: Mapping[str, Any],
    kind: str,
    place: str,
    screen: PlacedScreen,
    screens: Mapping[str, PlacedScreen],
    report: Report,
) -> None:
    """A property that takes a list cannot be given a text, and so on."""
    properties = COMPONENTS[kind].properties if kind in COMPONENTS else {}
    for key, rule in properties.items():
        reference = whole(document.get(key))
        given = schema_type(reference, screen, screens) if reference else ""
        if given and given in rules.DATA_TYPES and given not in rule.types:
            report.add(f"{place}.{key}", f"must be {' or '.join(rule.types)}, the data is {given}")


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{place}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(each, f"{place}[{number}]")
