"""What taps do: the right action in the right place, with the right payload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rasa_whatsapp.flows.validation import references, rules
from rasa_whatsapp.flows.validation.component_rules import COMPONENTS
from rasa_whatsapp.flows.validation.problem import Report
from rasa_whatsapp.flows.validation.rule import ALWAYS, Rule
from rasa_whatsapp.flows.validation.values import check_properties, is_dynamic, json_type, version
from rasa_whatsapp.flows.validation.walk import Json, Placed, PlacedScreen

_LISTS = ("data-source", "list-items")


def actions(placed: Placed) -> Iterator[tuple[str, Json, Rule]]:
    """The actions of a component and of its options, each with its place and its rule."""
    kind = COMPONENTS.get(placed.kind)
    if kind is None:
        return
    for key, rule in kind.properties.items():
        value = placed.document.get(key)
        if rule.actions and isinstance(value, dict):
            yield f"{placed.place}.{key}", value, rule
        elif key in _LISTS and isinstance(value, list):
            for number, item in enumerate(value):
                for inner, inner_rule in rule.items.items():
                    if inner_rule.actions and isinstance(item, dict) and isinstance(item.get(inner), dict):
                        yield f"{placed.place}.{key}[{number}].{inner}", item[inner], inner_rule


def next_screen(action: Json) -> str:
    """The id of the screen that ``navigate`` opens; empty where it is no ``navigate`` or tells none."""
    following = action.get("next")
    name = following.get("name") if action.get("name") == "navigate" and isinstance(following, dict) else None
    return name if isinstance(name, str) else ""


def check_actions(
    screen: PlacedScreen,
    screens: Mapping[str, PlacedScreen],
    flow_version: str,
    with_endpoint: bool,
    report: Report,
) -> None:
    """Checks every action of a screen."""
    for placed in screen.components:
        for place, action, rule in actions(placed):
            _check_form(place, action, rule, flow_version, report)
            name = action.get("name")
            if name == "complete" and not screen.terminal:
                report.add(f"{place}.name", "complete is for terminal screens, this one is not")
            if name == "data_exchange" and not with_endpoint:
                key = "data_api_version" if version(flow_version) >= (3, 0) else "data_channel_uri"
                report.add(f"{place}.name", f"data_exchange needs an endpoint: {key} is missing at the top")
            if name == "navigate":
                _check_navigate(place, action, screen, screens, with_endpoint, report)
            if name == "update_data":
                _check_update(place, action, screen, report)
            _check_files(place, action, screen, report)


def _check_form(place: str, action: Json, rule: Rule, flow_version: str, report: Report) -> None:
    name = action.get("name")
    if name not in rule.actions:
        said = f"{name!r} is none of" if "name" in action else "is missing, one of"
        report.add(f"{place}.name", f"{said} {', '.join(rule.actions)}")
    if not isinstance(name, str) or name not in rules.ACTIONS:
        return
    since = rules.ACTION_SINCE.get(name, ALWAYS)
    if version(since) > version(flow_version):
        report.add(f"{place}.name", f"{name} needs Flow JSON {since}, this is {flow_version}")
    content = {key: value for key, value in action.items() if key != "name"}
    check_properties(content, rules.ACTIONS[name], place, name, flow_version, report)


def _check_navigate(
    place: str,
    action: Json,
    screen: PlacedScreen,
    screens: Mapping[str, PlacedScreen],
    with_endpoint: bool,
    report: Report,
) -> None:
    target = next_screen(action)
    if not target or is_dynamic(target):
        return
    if target == screen.id:
        report.add(f"{place}.next.name", "leads to the screen itself")
    elif target not in screens:
        report.add(f"{place}.next.name", f"there is no screen {target}")
    elif not with_endpoint:
        _check_payload(place, action, screen, screens[target], screens, report)


def _check_payload(
    place: str,
    action: Json,
    screen: PlacedScreen,
    target: PlacedScreen,
    screens: Mapping[str, PlacedScreen],
    report: Report,
) -> None:
    payload = action.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    for key in target.data:
        if key not in payload:
            report.add(f"{place}.payload.{key}", f"is missing, {target.id} expects it")
    for key, value in payload.items():
        if key not in target.data:
            report.add(f"{place}.payload.{key}", f"{target.id} does not expect it: declare it under its data")
            continue
        schema = target.data[key]
        expected = schema.get("type") if isinstance(schema, dict) else None
        reference = references.whole(value)
        if reference:
            given = references.schema_type(reference, screen, screens)
        else:
            given = "" if is_dynamic(value) else json_type(value)
        if given and isinstance(expected, str) and given != expected:
            report.add(f"{place}.payload.{key}", f"{target.id} expects {expected}, this is {given}")


def _check_update(place: str, action: Json, screen: PlacedScreen, report: Report) -> None:
    payload = action.get("payload")
    for key in payload if isinstance(payload, dict) else ():
        if key not in screen.data:
            report.add(f"{place}.payload.{key}", f"{screen.id} is given no data {key!r}")


def _check_files(place: str, action: Json, screen: PlacedScreen, report: Report) -> None:
    """A picker's value: only at the top of the payload, never to another screen, few in the completion."""
    payload, pickers = action.get("payload"), screen.named(*rules.PICKERS)
    if not isinstance(payload, dict) or not pickers:
        return
    for key, value in payload.items():
        here = f"{place}.payload.{key}"
        for name in _files(value, pickers):
            if action.get("name") not in ("data_exchange", "complete"):
                report.add(here, f"the files of {name!r} can only go with data_exchange or complete")
            elif references.whole(value) is None:
                report.add(here, f"the files of {name!r} must be the whole value of a key of the payload")
            elif action.get("name") == "complete":
                _check_number_of_files(here, name, pickers[name], report)


def _files(value: Any, pickers: Mapping[str, Placed]) -> list[str]:
    if isinstance(value, str):
        found = [each for each in references.in_text(value) if each]
        return [
            each.name for each in found if each.scope == "form" and not each.screen and each.name in pickers
        ]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [name for each in inner for name in _files(each, pickers)]


def _check_number_of_files(place: str, name: str, picker: Placed, report: Report) -> None:
    key = "max-uploaded-photos" if picker.kind == "PhotoPicker" else "max-uploaded-documents"
    most = picker.document.get(key, 30)
    if isinstance(most, int) and most > rules.FILES_IN_COMPLETION:
        report.add(
            place,
            f"complete carries {rules.FILES_IN_COMPLETION} files, {name!r} takes {most}: set its {key}",
        )
