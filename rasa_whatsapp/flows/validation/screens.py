"""One screen: what it is, what it is given, and what stands on it together."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rasa_whatsapp.flows.validation import rules
from rasa_whatsapp.flows.validation.component_rules import COMPONENTS, INPUTS
from rasa_whatsapp.flows.validation.components import (
    check_component,
    check_footer_in_all_branches,
    check_parent,
    footers,
)
from rasa_whatsapp.flows.validation.problem import Report
from rasa_whatsapp.flows.validation.values import check_properties, json_type, named, version
from rasa_whatsapp.flows.validation.walk import Placed, PlacedScreen, branches

_FRAMES = ("Form", "If", "Switch")


def check_screen(screen: PlacedScreen, flow_version: str, with_endpoint: bool, report: Report) -> None:
    """Checks a screen and each of its components."""
    check_properties(screen.document, rules.SCREEN, screen.place, "a screen", flow_version, report)
    if screen.id.upper() == "SUCCESS":
        report.add(f"{screen.place}.id", "SUCCESS is WhatsApp's own")
    if "success" in screen.document and not screen.terminal:
        report.add(f"{screen.place}.success", "is for terminal screens only")
    if screen.document.get("refresh_on_back") is True and not with_endpoint:
        report.add(f"{screen.place}.refresh_on_back", "needs an endpoint: data_api_version is missing")
    layout = screen.document.get("layout")
    if isinstance(layout, dict):
        check_properties(layout, rules.LAYOUT, f"{screen.place}.layout", "a layout", flow_version, report)
    for key, schema in screen.data.items():
        _check_data(schema, f"{screen.place}.data.{key}", report)
    _check_items(screen.children, f"{screen.place}.layout.children", report)
    for placed in screen.components:
        for way, inside in branches(placed.document):
            _check_items(inside, f"{placed.place}.{way}", report)
        check_component(placed, flow_version, report)
        check_parent(placed, flow_version, report)
        check_footer_in_all_branches(placed, report)
    _check_numbers(screen, report)
    _check_company(screen, flow_version, report)
    _check_names(screen, report)
    _check_forms(screen, flow_version, report)


def _check_items(components: Any, place: str, report: Report) -> None:
    for number, each in enumerate(components if isinstance(components, list) else ()):
        if not isinstance(each, dict):
            report.add(f"{place}[{number}]", f"must be an object, is {named(each)}")


def _check_data(schema: Any, place: str, report: Report) -> None:
    if not isinstance(schema, dict):
        report.add(place, "must be an object with a type")
        return
    kind = schema.get("type")
    if kind not in rules.DATA_TYPES:
        said = f"{kind!r} is none of" if "type" in schema else "is missing, one of"
        report.add(f"{place}.type", f"{said} {', '.join(rules.DATA_TYPES)}")
        return
    if kind == "array" and not isinstance(schema.get("items"), (dict, bool)):
        report.add(f"{place}.items", "is missing, a list needs the schema of its items")
    if "__example__" in schema and json_type(schema["__example__"]) != kind:
        report.add(f"{place}.__example__", f"must be {kind}, is {json_type(schema['__example__'])}")


def _check_numbers(screen: PlacedScreen, report: Report) -> None:
    """How many components, and how many of a type."""
    place = f"{screen.place}.layout.children"
    count = len([each for each in screen.components if each.kind not in _FRAMES])
    if count > rules.COMPONENTS_PER_SCREEN:
        report.add(place, f"{count} components, {rules.COMPONENTS_PER_SCREEN} allowed")
    found = Counter(each.kind for each in screen.components)
    found["Footer"] = footers(screen.children)
    for kind, number in found.items():
        most = COMPONENTS[kind].per_screen if kind in COMPONENTS else None
        if most is not None and number > most:
            report.add(place, f"{number} of {kind} on the screen, {most} allowed")
    if screen.terminal and not found["Footer"]:
        report.add(place, "has no Footer, a terminal screen needs one")


def _check_company(screen: PlacedScreen, flow_version: str, report: Report) -> None:
    """Components that cannot stand beside others."""
    kinds = Counter(each.kind for each in screen.components)
    for placed in screen.components:
        if placed.kind == "DocumentPicker" and kinds["PhotoPicker"]:
            report.add(placed.place, "cannot stand on one screen with a PhotoPicker")
        if placed.kind == "NavigationList":
            if set(kinds) != {"NavigationList"}:
                report.add(placed.place, "cannot stand beside other components")
            if screen.terminal:
                report.add(placed.place, "cannot stand on a terminal screen")
        if placed.kind == "RichText":
            beside = {"RichText", "Footer"} if version(flow_version) >= (6, 3) else {"RichText"}
            if not set(kinds) <= beside | {"Form"}:
                also = " but a Footer" if len(beside) > 1 else " before Flow JSON 6.3"
                report.add(placed.place, f"cannot stand beside other components{also}")


def _check_names(screen: PlacedScreen, report: Report) -> None:
    taken: set[str] = set()
    for placed in screen.components:
        name = placed.document.get("name")
        if isinstance(name, str) and placed.kind in INPUTS:
            if name in taken:
                report.add(f"{placed.place}.name", f"{name!r} stands on this screen twice")
            taken.add(name)
    sensitive = screen.document.get("sensitive")
    for number, name in enumerate(sensitive if isinstance(sensitive, list) else ()):
        if not isinstance(name, str) or name not in taken:
            report.add(f"{screen.place}.sensitive[{number}]", f"{screen.id} has no input {name!r}")


def _check_forms(screen: PlacedScreen, flow_version: str, report: Report) -> None:
    forms = [each for each in screen.components if each.kind == "Form"]
    for placed in screen.components:
        if placed.kind in INPUTS and not placed.in_form:
            if version(flow_version) < (4, 0):
                report.add(placed.place, f"must stand in a Form, this is Flow JSON {flow_version}")
            elif forms:
                report.add(placed.place, "must stand in the Form, as the screen has one")
    for form in forms:
        _check_initial_values(form, screen, report)


def _check_initial_values(form: Placed, screen: PlacedScreen, report: Report) -> None:
    inside = {
        name: placed for name, placed in screen.named(*INPUTS).items() if placed.place.startswith(form.place)
    }
    for key in ("init-values", "error-messages"):
        values = form.document.get(key)
        for name in values if isinstance(values, dict) else ():
            place = f"{form.place}.{key}.{name}"
            if name not in inside:
                report.add(place, f"the Form has no input {name!r}")
            elif key == "init-values" and inside[name].kind in rules.PICKERS:
                report.add(place, f"a {inside[name].kind} cannot have a value from the start")
