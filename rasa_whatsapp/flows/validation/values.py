"""One property against its rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from rasa_whatsapp.flows.validation.problem import Report
from rasa_whatsapp.flows.validation.rule import Rule
from rasa_whatsapp.messages.limits import length

_FORMS = {
    "id": (re.compile(r"[A-Za-z_]+"), "has other signs than letters and underscores"),
    "color": (re.compile(r"#[0-9A-Fa-f]{6}"), "is no color of the form #RRGGBB"),
    "digits": (re.compile(r"-?\d+"), "is no number"),
}
_NAMES = {
    "string": "a text",
    "boolean": "true or false",
    "number": "a number",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def version(text: str) -> tuple[int, ...]:
    """``"6.2"`` as ``(6, 2)``; what is no version counts as the newest."""
    numbers = re.fullmatch(r"(\d{1,3})\.(\d{1,3})", text)
    return (int(numbers[1]), int(numbers[2])) if numbers else (999,)


def json_type(value: Any) -> str:
    """The value's type, under JSON's name."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def is_dynamic(value: Any) -> bool:
    """Whether WhatsApp computes the value on the phone."""
    return isinstance(value, str) and ("${" in value or is_expression(value))


def is_expression(value: Any) -> bool:
    """Whether it is a text between backticks."""
    return isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == "`"


def check_properties(
    document: Mapping[str, Any],
    rules: Mapping[str, Rule],
    place: str,
    owner: str,
    flow_version: str,
    report: Report,
    *,
    in_form: bool = False,
) -> None:
    """Checks every property of an object, and that none is missing or unknown."""
    for key, rule in rules.items():
        if rule.required and key not in document and version(rule.required) <= version(flow_version):
            report.add(_at(place, key), f"is missing, {owner} needs it")
    for key, value in document.items():
        if key == "type" and "type" not in rules:
            continue
        if key not in rules:
            report.add(_at(place, key), f"{owner} has no such property")
            continue
        rule = rules[key]
        if version(rule.since) > version(flow_version):
            report.add(_at(place, key), f"needs Flow JSON {rule.since}, this is {flow_version}")
        if rule.outside_form and in_form:
            plural = f"{key}s"
            report.add(_at(place, key), f"is not allowed inside a Form, use the Form's {plural}")
        check_value(value, rule, _at(place, key), flow_version, report)


def check_value(value: Any, rule: Rule, place: str, flow_version: str, report: Report) -> None:
    """Checks one value: its type, its limits, its form."""
    if is_dynamic(value):
        if not rule.dynamic:
            report.add(place, "must be given as such, not by a reference")
        return
    kind = json_type(value)
    if kind not in rule.types:
        expected = " or ".join(_NAMES[each] for each in rule.types)
        report.add(place, f"must be {expected}, is {_NAMES[kind]}")
    elif kind == "array":
        _check_list(value, rule, place, flow_version, report)
    elif kind == "object":
        _check_object(value, rule, place, flow_version, report)
    elif kind == "string":
        _check_text(value, rule, place, flow_version, report)
    elif kind == "number":
        _check_number(value, rule, place, report)


def named(value: Any) -> str:
    """What kind of JSON this is, in words: "a text"."""
    return _NAMES[json_type(value)]


def _check_list(items: list[Any], rule: Rule, place: str, flow_version: str, report: Report) -> None:
    if rule.types == ("array",):
        if rule.most is not None and len(items) > rule.most:
            report.add(place, f"{len(items)} items, {rule.most} allowed")
        if rule.least is not None and len(items) < rule.least:
            report.add(place, f"{len(items)} items, at least {rule.least} needed")
    for number, item in enumerate(items):
        here = f"{place}[{number}]"
        if rule.items:
            if not isinstance(item, dict):
                report.add(here, f"must be an object, is {named(item)}")
            else:
                owner = place.rpartition(".")[2]
                check_properties(item, rule.items, here, f"an item of {owner}", flow_version, report)
        elif rule.values and not is_dynamic(item) and item not in rule.values:
            report.add(here, f"{item!r} is none of {', '.join(rule.values)}")
        elif rule.form == "date":
            _check_date(item, here, flow_version, report)


def _check_object(value: Any, rule: Rule, place: str, flow_version: str, report: Report) -> None:
    if rule.least is not None and len(value) < rule.least:
        report.add(place, f"is empty, at least {rule.least} needed")
    if rule.items:
        check_properties(value, rule.items, place, place.rpartition(".")[2], flow_version, report)


def _check_text(value: str, rule: Rule, place: str, flow_version: str, report: Report) -> None:
    if rule.values and value not in rule.values:
        report.add(place, f"{value!r} is none of {', '.join(rule.values)}")
    if rule.required and not value.strip():
        report.add(place, "is empty")
    elif rule.form == "date":
        _check_date(value, place, flow_version, report)
    elif rule.form:
        pattern, complaint = _FORMS[rule.form]
        if not pattern.fullmatch(value):
            report.add(place, f"{value!r} {complaint}")
        elif rule.form == "digits" and len(value) < 10:
            _check_number(int(value), rule, place, report)
    elif rule.most is not None and length(value) > rule.most:
        report.add(place, f"{length(value)} characters, {rule.most} allowed")


def _check_number(value: float, rule: Rule, place: str, report: Report) -> None:
    if rule.most is not None and value > rule.most:
        report.add(place, f"{value}, at most {rule.most} allowed")
    if rule.least is not None and value < rule.least:
        report.add(place, f"{value}, at least {rule.least} needed")


def _check_date(value: Any, place: str, flow_version: str, report: Report) -> None:
    if is_dynamic(value):
        return
    if version(flow_version) < (5, 0):
        if not (isinstance(value, str) and value.isdecimal()):
            report.add(place, f"{value!r} is no date, before Flow JSON 5.0 milliseconds since 1970 as text")
        return
    try:
        if not (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        report.add(place, f"{value!r} is no date of the form YYYY-MM-DD")


def _at(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
