"""Whether the parameters of a template message fit its template, and how it reads with them.

Source: Meta, Cloud API, Error codes; Message templates, Components.
"""

from __future__ import annotations

import re
from typing import Any

from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Wording

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_UNCLEAN = re.compile(r"[\n\r\t]| {5,}")
_COUPON = re.compile(r"[A-Za-z0-9]{1,15}")
_LONGEST = {"header": 60, "body": 1024}
_TEXTS = ("text", "currency", "date_time")
_MEDIA = ("image", "video", "document", "location", "product")
# What a button needs from the message, by its type; Flows, catalogs and calls need nothing.
_BUTTONS = {"URL": "text", "OTP": "text", "COPY_CODE": "coupon_code"}


def check_parameters(template: dict[str, Any], message: dict[str, Any]) -> None:
    """Refuse a message whose parameters do not fit.

    Raises:
        Refusal: 132000 for another number of them, 132012 for another type or name, 132018 for line breaks,
            tabs or five spaces in a text, 132005 for a text too long once it is filled in, 132008 for a
            coupon code that is none, 131008 for a button without its parameter.
    """
    given = [each for each in message.get("components") or () if isinstance(each, dict)]
    by_type = {str(each.get("type")): _parameters(each) for each in given if each.get("type") != "button"}
    for component in _objects(template["components"]):
        kind = str(component.get("type")).lower()
        if kind in _LONGEST:
            named = template["parameter_format"] == "NAMED"
            _check_component(kind, component, by_type.get(kind, []), named=named)
        elif kind == "buttons":
            _check_buttons(_objects(component.get("buttons")), given)


def wording(template: dict[str, Any], message: dict[str, Any]) -> Wording:
    """What people read, filled in with the parameters of a message that fits."""
    given = {str(each.get("type")).lower(): _parameters(each) for each in _objects(message.get("components"))}
    named = template["parameter_format"] == "NAMED"
    texts, buttons = {}, []
    for component in _objects(template["components"]):
        kind = str(component.get("type")).lower()
        texts[kind] = _filled(str(component.get("text") or ""), given.get(kind, []), named=named)
        buttons += [str(each.get("text") or "") for each in _objects(component.get("buttons"))]
    header, body, footer = (texts.get(kind, "") for kind in ("header", "body", "footer"))
    return Wording(header=header, body=body, footer=footer, buttons=buttons)


def _check_component(
    kind: str, component: dict[str, Any], parameters: list[dict[str, Any]], *, named: bool
) -> None:
    shown = str(component.get("format") or "TEXT").lower()
    if shown in _MEDIA:
        if len(parameters) != 1:
            raise Refusal(132012, f"{kind}: expected one parameter of type {shown}, not {len(parameters)}.")
        if parameters[0].get("type") != shown:
            raise Refusal(132012, f"{kind}: expected {shown}, received {parameters[0].get('type')}.")
        return
    text = str(component.get("text") or "")
    places = list(dict.fromkeys(_PLACE.findall(text)))
    if len(parameters) != len(places):
        details = f"{kind}: {len(parameters)} parameters; the template has {len(places)}."
        raise Refusal(132000, details)
    for parameter in parameters:
        if parameter.get("type") not in _TEXTS:
            raise Refusal(132012, f"{kind}: expected text, received {parameter.get('type')}.")
        if named and (name := parameter.get("parameter_name")) not in places:
            raise Refusal(132012, f"{kind}: the template has no parameter {name}.")
        _check_words(kind, parameter)
    shown = _filled(text, parameters, named=named)
    if len(shown.encode("utf-16-le", "surrogatepass")) // 2 > _LONGEST[kind]:
        raise Refusal(132005, f"{kind}: filled in it has more than {_LONGEST[kind]} characters.")


def _check_buttons(buttons: list[dict[str, Any]], given: list[dict[str, Any]]) -> None:
    parameters = {
        str(each.get("index", "0")): _parameters(each) for each in given if each.get("type") == "button"
    }
    for index, button in enumerate(buttons):
        kind = str(button.get("type")).upper()
        needs = _BUTTONS.get(kind)
        if needs is None or (kind == "URL" and not _PLACE.search(str(button.get("url")))):
            continue
        found = parameters.get(str(index))
        if not found:
            raise Refusal(131008, f"buttons: the button at index {index} requires a parameter.")
        if found[0].get("type") != needs:
            raise Refusal(132012, f"buttons: expected {needs}, received {found[0].get('type')}.")
        if kind == "COPY_CODE" and not _COUPON.fullmatch(str(found[0].get("coupon_code"))):
            raise Refusal(132008, "buttons: a coupon code has up to 15 letters and digits.")


def _check_words(kind: str, parameter: dict[str, Any]) -> None:
    words = _words(parameter)
    if not words:
        raise Refusal(131008, f"{kind}: a parameter has no text.")
    if _UNCLEAN.search(words):
        raise Refusal(132018, f"{kind}: a parameter must not have line breaks, tabs or five spaces.")


def _words(parameter: dict[str, Any]) -> str:
    value = parameter.get(str(parameter.get("type")))
    words = value.get("fallback_value") if isinstance(value, dict) else value
    return words if isinstance(words, str) else ""


def _filled(text: str, parameters: list[dict[str, Any]], *, named: bool) -> str:
    """The text with each parameter in its place: by its name, or in the order of the places."""
    places = dict.fromkeys(_PLACE.findall(text))
    names = [str(each.get("parameter_name")) for each in parameters] if named else places
    values = dict(zip(names, map(_words, parameters), strict=False))
    return _PLACE.sub(lambda found: values.get(found[1], ""), text)


def _parameters(component: dict[str, Any]) -> list[dict[str, Any]]:
    return _objects(component.get("parameters"))


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
