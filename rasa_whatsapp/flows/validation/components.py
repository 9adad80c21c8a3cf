"""One component: its properties, and the rules between them."""

from __future__ import annotations

import re
from typing import Any

from rasa_whatsapp.flows.validation import rules
from rasa_whatsapp.flows.validation.component_rules import COMPONENTS, CONDITIONAL
from rasa_whatsapp.flows.validation.problem import Report
from rasa_whatsapp.flows.validation.values import check_properties, is_dynamic, is_expression, version
from rasa_whatsapp.flows.validation.walk import Json, Placed


def check_component(placed: Placed, flow_version: str, report: Report) -> None:
    """Checks a component by itself."""
    kind = COMPONENTS.get(placed.kind)
    if kind is None:
        named = f"{placed.kind!r} is no component" if placed.kind else "is missing, every component needs it"
        report.add(f"{placed.place}.type", named)
        return
    if version(kind.since) > version(flow_version):
        report.add(placed.place, f"{placed.kind} needs Flow JSON {kind.since}, this is {flow_version}")
    check_properties(
        placed.document,
        kind.properties,
        placed.place,
        placed.kind,
        flow_version,
        report,
        in_form=placed.in_form,
    )
    _check_order(placed, report)
    special = _SPECIAL.get(placed.kind)
    if special:
        special(placed, flow_version, report)
    if "data-source" in placed.document:
        _check_options(placed, flow_version, report)


def _check_order(placed: Placed, report: Report) -> None:
    for low, high in rules.LOW_AND_HIGH:
        least, most = placed.document.get(low), placed.document.get(high)
        if _comparable(least) and _comparable(most) and _size(least) > _size(most):
            report.add(f"{placed.place}.{low}", f"{least} is above {high}, which is {most}")


def _comparable(value: Any) -> bool:
    return (isinstance(value, (int, float)) and not isinstance(value, bool)) or (
        isinstance(value, str) and not is_dynamic(value) and re.fullmatch(r"[\d-]{1,15}", value) is not None
    )


def _size(value: Any) -> tuple[float, str]:
    """Numbers by value, ISO dates by their text."""
    if isinstance(value, str) and not value.isdecimal():
        return (0, value)
    return (float(value), "")


def _check_options(placed: Placed, flow_version: str, report: Report) -> None:
    options = placed.document["data-source"]
    if not isinstance(options, list):
        return
    place = f"{placed.place}.data-source"
    _check_unique([_id(each) for each in options], place, "id", report)
    pictures = [each.get("image") if isinstance(each, dict) else None for each in options]
    if placed.kind == "Dropdown" and any(pictures) and len(options) > rules.DROPDOWN_WITH_IMAGES:
        report.add(place, f"{len(options)} items with images, {rules.DROPDOWN_WITH_IMAGES} allowed")
    limits = [kb for since, kb in rules.OPTION_IMAGE_KB.items() if version(since) <= version(flow_version)]
    for number, picture in enumerate(pictures):
        if limits:
            _check_picture(picture, limits[-1], f"{place}[{number}].image", report)


def _check_picture(picture: Any, limit_kb: int, place: str, report: Report) -> None:
    if isinstance(picture, str) and not is_dynamic(picture):
        size = len(picture.rpartition(",")[2].rstrip("=")) * 3 // 4
        if size > limit_kb * 1024:
            report.add(place, f"{size / 1024:.1f} KB, {limit_kb} KB allowed")


def _check_unique(found: list[Any], place: str, key: str, report: Report) -> None:
    for number, each in enumerate(found):
        if each is not None and each in found[:number]:
            report.add(f"{place}[{number}].{key}", f"{each!r} stands there twice")


def _id(document: Any) -> Any:
    value = document.get("id") if isinstance(document, dict) else None
    return value if isinstance(value, str) else None


def _check_text_input(placed: Placed, flow_version: str, report: Report) -> None:
    if "pattern" not in placed.document:
        return
    if "helper-text" not in placed.document:
        report.add(f"{placed.place}.helper-text", "is missing, a pattern needs it")
    if placed.document.get("input-type") in ("email", "phone"):
        report.add(f"{placed.place}.pattern", "goes with input-type text, number, password or passcode only")


def _check_footer(placed: Placed, flow_version: str, report: Report) -> None:
    left, center, right = (f"{side}-caption" in placed.document for side in ("left", "center", "right"))
    if center and (left or right):
        report.add(f"{placed.place}.center-caption", "stands alone, without left-caption and right-caption")
    elif left != right:
        missing = "right-caption" if left else "left-caption"
        report.add(f"{placed.place}.{missing}", "is missing, the captions left and right go together")


def _check_calendar(placed: Placed, flow_version: str, report: Report) -> None:
    mode = placed.document.get("mode", "single")
    if mode == "range" or is_dynamic(mode):
        return
    for key in ("title", "description", "min-days", "max-days"):
        if key in placed.document:
            report.add(f"{placed.place}.{key}", "is for the mode range only")
    for key in ("label", "helper-text", "required", "init-value", "error-message"):
        if isinstance(placed.document.get(key), dict):
            report.add(f"{placed.place}.{key}", "may be an object in the mode range only")


def _check_navigation_list(placed: Placed, flow_version: str, report: Report) -> None:
    items = placed.document.get("list-items")
    if not isinstance(items, list):
        return
    place = f"{placed.place}.list-items"
    _check_unique([_id(each) for each in items], place, "id", report)
    badges = 0
    for number, item in enumerate(each if isinstance(each, dict) else {} for each in items):
        here = f"{place}[{number}]"
        start = item.get("start")
        if isinstance(start, dict):
            _check_picture(start.get("image"), rules.NAVIGATION_IMAGE_KB, f"{here}.start.image", report)
        if "end" in item and placed.document.get("media-size") == "large":
            report.add(f"{here}.end", "does not go with the media-size large")
        badges += "badge" in item
        if "badge" in item and badges > 1:
            report.add(f"{here}.badge", "is the second one, a list has one badge")
        tags = item.get("tags")
        for index, tag in enumerate(tags if isinstance(tags, list) else ()):
            if isinstance(tag, str) and len(tag) > 15 and not is_dynamic(tag):
                report.add(f"{here}.tags[{index}]", f"{len(tag)} characters, 15 allowed")
        if "on-click-action" in item and "on-click-action" in placed.document:
            report.add(f"{here}.on-click-action", "goes either into the list or into its items")


_CONSTANT = "names no ${data.…} or ${form.…}, so it is always the same"


def _check_if(placed: Placed, flow_version: str, report: Report) -> None:
    condition = placed.document.get("condition")
    problem = condition_problem(condition) if isinstance(condition, str) and condition.strip() else ""
    if problem or isinstance(condition, bool):
        report.add(f"{placed.place}.condition", problem or _CONSTANT)
    depth = placed.parents.count("If") + 1
    if depth > rules.IF_DEPTH:
        report.add(placed.place, f"is nested {depth} deep, {rules.IF_DEPTH} allowed")


def condition_problem(condition: str) -> str:
    """What is wrong with the condition of an If; empty when nothing is."""
    text = condition[1:-1] if is_expression(condition) else condition
    bare = re.sub(r"\$\{[^}]*\}", "x", text)
    without_texts = re.sub(r"'(?:\\.|[^'\\])*'", "0", bare)
    if "${" not in text:
        return _CONSTANT
    if "'" in without_texts:
        return "has a text without its closing quote"
    depth = 0
    for sign in without_texts:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return "closes a parenthesis that was not opened"
    if depth:
        return "has a parenthesis that is not closed"
    if re.search(r"\(\s*\)", without_texts):
        return "has empty parentheses"
    if re.search(r"(&&|\|\||==|!=|<=?|>=?|!)\s*(\)|$)", without_texts):
        return "ends with an operator"
    return ""


def allowed_inside(kind: str, flow_version: str) -> tuple[str, ...]:
    """The components that may stand in an If or a Switch."""
    more = ("ChipsSelector",) if version(flow_version) >= (7, 1) else ()
    return (*CONDITIONAL, *more, *(("If", "Switch") if kind == "If" else ()))


def check_parent(placed: Placed, flow_version: str, report: Report) -> None:
    """Checks that a component may stand where it stands."""
    if placed.kind not in COMPONENTS or not placed.parents:
        return
    parent = placed.parents[-1]
    if parent in ("If", "Switch") and placed.kind not in allowed_inside(parent, flow_version):
        report.add(placed.place, f"{placed.kind} cannot stand in {_a(parent)}")
    elif placed.kind == "Form":
        report.add(placed.place, f"Form cannot stand in {_a(parent)}")
    elif placed.kind == "Footer" and len([each for each in placed.parents if each in ("If", "Switch")]) > 1:
        report.add(placed.place, "Footer can stand in the outermost If or Switch only")


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "If" else f"a {kind}"


def footers(children: Any) -> int:
    """How many Footers can be seen at once."""
    count = 0
    for each in children if isinstance(children, list) else ():
        if isinstance(each, dict):
            count += _footers_in(each)
    return count


def _footers_in(component: Json) -> int:
    kind = component.get("type")
    if kind == "Footer":
        return 1
    if kind == "Form":
        return footers(component.get("children"))
    if kind == "If":
        return max(footers(component.get("then")), footers(component.get("else")))
    cases = component.get("cases")
    if kind == "Switch" and isinstance(cases, dict):
        return max((footers(each) for each in cases.values()), default=0)
    return 0


def check_footer_in_all_branches(placed: Placed, report: Report) -> None:
    """A Footer in one branch needs one in every other."""
    if placed.kind == "If":
        ways = {key: footers(placed.document.get(key)) for key in ("then", "else")}
    elif placed.kind == "Switch" and isinstance(placed.document.get("cases"), dict):
        ways = {f"cases.{key}": footers(each) for key, each in placed.document["cases"].items()}
    else:
        return
    if any(ways.values()):
        for way, count in ways.items():
            if not count:
                report.add(f"{placed.place}.{way}", "has no Footer, though another branch has one")


_SPECIAL = {
    "TextInput": _check_text_input,
    "Footer": _check_footer,
    "CalendarPicker": _check_calendar,
    "NavigationList": _check_navigation_list,
    "If": _check_if,
}
