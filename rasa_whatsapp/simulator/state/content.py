"""What a person sees in a message object: its words, and what can be tapped.

Message objects come from bots and tests in every state, so nothing here relies on their form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Offer:
    """A reply button, list row or template button; ``reply`` is the message that a tap on it sends.

    ``description`` is a row's, and of a template button whose title is known its payload.
    """

    id: str
    title: str
    description: str
    reply: dict[str, Any]


def offers(content: dict[str, Any], titles: Sequence[str] = ()) -> list[Offer]:
    """Everything in a message that sends an answer when it is tapped, in the order it is shown.

    Args:
        titles: of a template's buttons, where they are known.
    """
    kind = _inside(content, "interactive", "type")
    action = _inside(content, "interactive", "action")
    if kind == "button":
        return [_button(_inside(button, "reply")) for button in _objects(action, "buttons")]
    if kind == "list":
        return [_row(row) for section in _objects(action, "sections") for row in _objects(section, "rows")]
    if kind == "carousel":
        cards = _objects(action, "cards")
        buttons = [button for card in cards for button in _objects(_inside(card, "action"), "buttons")]
        return [_button(_inside(button, "quick_reply")) for button in buttons]
    return [
        _template_button(str(_inside(parameter, "payload") or ""), _title(titles, component.get("index")))
        for component in _objects(_inside(content, "template"), "components")
        if component.get("sub_type") == "quick_reply"
        for parameter in _objects(component, "parameters")
    ]


def plain_text(content: dict[str, Any]) -> str:
    """The message in plain words, for transcripts, assertions and screen readers."""
    return "\n".join(str(line) for line in _lines(content) if line)


def uploads(body: dict[str, Any]) -> list[tuple[str, Any]]:
    """Kind and media id of every uploaded file that a message uses."""
    return [(kind, file["id"]) for kind, file in _files(body) if file.get("id")]


def links(body: dict[str, Any]) -> list[tuple[str, Any]]:
    """Kind and address of every file that a message names by link."""
    return [(kind, file["link"]) for kind, file in _files(body) if file.get("link")]


def _files(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Kind and object of every file in a message."""
    holders = [body, _inside(body, "interactive", "header") or {}]
    for card in _objects(_inside(body, "interactive", "action"), "cards"):
        holders.append(_inside(card, "header") or {})
    for component in _objects(_inside(body, "template"), "components"):
        holders += _objects(component, "parameters")
    for holder in holders:
        kind = str(_inside(holder, "type"))
        file = _inside(holder, kind)
        if isinstance(file, dict):
            yield kind, file


def _button(reply: Any) -> Offer:
    chosen = {"id": _inside(reply, "id"), "title": _inside(reply, "title")}
    answer = {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": chosen}}
    return Offer(str(chosen["id"]), str(chosen["title"]), "", answer)


def _row(row: dict[str, Any]) -> Offer:
    chosen = {key: row[key] for key in ("id", "title", "description") if row.get(key)}
    answer = {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": chosen}}
    return Offer(str(row.get("id")), str(row.get("title")), str(row.get("description") or ""), answer)


def _template_button(payload: str, title: str) -> Offer:
    """Where the title is not known, the payload stands for it."""
    reply = {"type": "button", "button": {"payload": payload, "text": title or payload}}
    return Offer(payload, title or payload, payload if title else "", reply)


def _title(titles: Sequence[str], index: Any) -> str:
    place = int(index) if str(index).isdecimal() else len(titles)
    return titles[place] if place < len(titles) else ""


def _lines(content: dict[str, Any]) -> Iterator[Any]:
    kind = str(content.get("type", "text"))
    part = content.get(kind)
    if kind == "template":
        yield from _template_lines(part)
    elif kind == "interactive":
        yield from _interactive_lines(part)
    elif kind == "contacts":
        for contact in _objects(content, "contacts"):
            yield _inside(contact, "name", "formatted_name")
    elif kind == "location":
        yield _inside(part, "name") or f"{_inside(part, 'latitude')}, {_inside(part, 'longitude')}"
        yield _inside(part, "address")
    else:
        words = (_inside(part, key) for key in ("body", "caption", "filename", "emoji", "text"))
        yield next(filter(None, words), "")


def _interactive_lines(interactive: Any) -> Iterator[Any]:
    yield _inside(interactive, "button_reply", "title")
    yield _inside(interactive, "list_reply", "title")
    yield _inside(interactive, "header", "text")
    yield _inside(interactive, "body", "text")
    for card in _objects(_inside(interactive, "action"), "cards"):
        yield _inside(card, "body", "text")
    yield _inside(interactive, "footer", "text")


def _template_lines(template: Any) -> Iterator[Any]:
    """Without its wording, a template shows as its name and the text of its parameters."""
    yield _inside(template, "name")
    for component in _objects(template, "components"):
        if component.get("type") in ("header", "body"):
            for parameter in _objects(component, "parameters"):
                value = parameter.get(str(parameter.get("type")))
                yield _inside(value, "fallback_value") if isinstance(value, dict) else value


def _inside(value: Any, *keys: str) -> Any:
    """The value under these keys, one inside the other; None when there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _objects(value: Any, key: str) -> list[dict[str, Any]]:
    """The JSON objects in the array under a key."""
    array = _inside(value, key)
    return [item for item in array if isinstance(item, dict)] if isinstance(array, list) else []
