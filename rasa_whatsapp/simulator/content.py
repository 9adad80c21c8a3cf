"""What a person sees in a message object: its words, and what can be tapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Offer:
    """A reply button, list row or template button; ``reply`` is the message that a tap on it sends."""

    id: str
    title: str
    description: str
    reply: dict[str, Any]


def offers(content: dict[str, Any]) -> list[Offer]:
    """Everything in a message that sends an answer when it is tapped, in the order it is shown."""
    interactive = content.get("interactive") or {}
    action = interactive.get("action") or {}
    found = [_button(button["reply"]) for button in action.get("buttons") or ()]
    found += [_row(row) for section in action.get("sections") or () for row in section.get("rows") or ()]
    for card in action.get("cards") or ():
        found += [_button(button["quick_reply"]) for button in card["action"].get("buttons") or ()]
    for component in _components(content):
        if component.get("type") == "button" and component.get("sub_type") == "quick_reply":
            found += [_template_button(parameter) for parameter in component.get("parameters") or ()]
    return found


def plain_text(content: dict[str, Any]) -> str:
    """The message in plain words, for transcripts, assertions and screen readers."""
    return "\n".join(line for line in _lines(content) if line)


def _button(reply: dict[str, Any]) -> Offer:
    chosen = {"id": reply["id"], "title": reply["title"]}
    answer = {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": chosen}}
    return Offer(reply["id"], reply["title"], "", answer)


def _row(row: dict[str, Any]) -> Offer:
    chosen = {key: row[key] for key in ("id", "title", "description") if row.get(key)}
    answer = {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": chosen}}
    return Offer(row["id"], row["title"], row.get("description") or "", answer)


def _template_button(parameter: dict[str, Any]) -> Offer:
    payload = str(parameter.get("payload", ""))
    return Offer(payload, payload, "", {"type": "button", "button": {"payload": payload, "text": payload}})


def _components(content: dict[str, Any]) -> list[dict[str, Any]]:
    return (content.get("template") or {}).get("components") or []


def _lines(content: dict[str, Any]) -> Iterator[str]:
    kind = content.get("type", "text")
    part = content.get(kind)
    if kind == "template":
        yield from _template_lines(content)
    elif kind == "contacts":
        for contact in part or ():
            yield str((contact.get("name") or {}).get("formatted_name", ""))
    elif not isinstance(part, dict):
        return
    elif kind == "interactive":
        yield from _interactive_lines(part)
    elif kind == "location":
        yield part.get("name") or f"{part.get('latitude')}, {part.get('longitude')}"
        yield part.get("address") or ""
    elif kind == "reaction":
        yield part.get("emoji") or ""
    elif kind == "button":
        yield part.get("text") or ""
    else:
        yield part.get("body") or part.get("caption") or part.get("filename") or ""


def _interactive_lines(interactive: dict[str, Any]) -> Iterator[str]:
    for reply in ("button_reply", "list_reply"):
        yield (interactive.get(reply) or {}).get("title", "")
    yield (interactive.get("header") or {}).get("text", "")
    yield (interactive.get("body") or {}).get("text", "")
    for card in (interactive.get("action") or {}).get("cards") or ():
        yield (card.get("body") or {}).get("text", "")
    yield (interactive.get("footer") or {}).get("text", "")


def _template_lines(content: dict[str, Any]) -> Iterator[str]:
    """A template's wording is not known here, so it shows as its name and the text of its parameters."""
    yield str((content.get("template") or {}).get("name", ""))
    for component in _components(content):
        if component.get("type") in ("header", "body"):
            for parameter in component.get("parameters") or ():
                value = parameter.get(parameter.get("type"))
                yield str(value.get("fallback_value", "")) if isinstance(value, dict) else str(value or "")
