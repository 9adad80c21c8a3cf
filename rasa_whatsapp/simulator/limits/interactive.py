"""What the Cloud API accepts as ``interactive``: the rows of each interactive type.

Source: Meta, Cloud API, the pages of each interactive message.
"""

from __future__ import annotations

from typing import Any

from rasa_whatsapp.simulator.limits.rules import (
    Choice,
    Rule,
    Table,
    absent,
    count,
    distinct,
    either,
    media,
    number,
    one_of,
    text,
    total,
    url,
)

_TEXT_HEADER: Table = {"text": (text("text", 60), text("sub_text?", 60))}
_ANY_HEADER: Table = {
    **_TEXT_HEADER,
    "image": media("image"),
    "video": media("video"),
    "document": media("document", "filename"),
}
_BODY = text("body.text", 1024)
_FOOTER = text("footer?.text", 60)


def _section_titles(sections: Any) -> str | None:
    several = isinstance(sections, list) and len(sections) > 1
    if several and not all(section.get("title") for section in sections):
        return "needs a title in every section when there is more than one"
    return None


def _trimmed(value: object) -> str | None:
    return None if isinstance(value, str) and value == value.strip() else "must not begin or end with a space"


def _alike(cards: object) -> str | None:
    """All cards of a carousel have the same kind of header, and the same kind and number of buttons."""
    shapes = set()
    for card in cards if isinstance(cards, list) else []:
        action = card["action"]
        shapes.add((card["header"]["type"], len(action.get("buttons") or ()), action.get("name")))
    return (
        "must have the same kind of header, and the same kind and number of buttons, in every card"
        if len(shapes) > 1
        else None
    )


def _two_line_breaks(value: str) -> str | None:
    return "may have two line breaks at most" if value.count("\n") > 2 else None


def _full_object(value: object) -> str | None:
    return None if isinstance(value, dict) and value else "must be an object that is not empty"


_LINK_HEADER: Table = {
    "image": media("image", sources=("link",)),
    "video": media("video", sources=("link",)),
}
_CARD_ACTION: Table = {
    "cta_url": (text("parameters.display_text", 20), url("parameters.url")),
    "quick_reply": (
        count("buttons", 1, 3),
        one_of("buttons[].type", "quick_reply"),
        text("buttons[].quick_reply.id", 256),
        text("buttons[].quick_reply.title", 20),
    ),
}
_CARD = (
    Choice("header", "type", _LINK_HEADER),
    text("body?.text", 160),
    Rule("body?.text", _two_line_breaks),
    Choice("action", "name", _CARD_ACTION, default="quick_reply"),
)

INTERACTIVE: Table = {
    "button": (
        Choice("header?", "type", _ANY_HEADER),
        _BODY,
        _FOOTER,
        count("action.buttons", 1, 3),
        one_of("action.buttons[].type", "reply"),
        text("action.buttons[].reply.title", 20),
        text("action.buttons[].reply.id", 256),
        Rule("action.buttons[].reply.id", _trimmed),
        distinct("action", "buttons[].reply.id"),
        distinct("action", "buttons[].reply.title"),
    ),
    "list": (
        Choice("header?", "type", _TEXT_HEADER),
        text("body.text", 4096),
        _FOOTER,
        text("action.button", 20),
        count("action.sections", 1, 10),
        text("action.sections[].title?", 24),
        Rule("action.sections", _section_titles),
        total("action", "sections[].rows[]", 1, 10),
        text("action.sections[].rows[].id", 200),
        text("action.sections[].rows[].title", 24),
        text("action.sections[].rows[].description?", 72),
        distinct("action", "sections[].rows[].id"),
    ),
    "cta_url": (
        Choice("header?", "type", _ANY_HEADER),
        _BODY,
        _FOOTER,
        one_of("action.name", "cta_url"),
        text("action.parameters.display_text", 20),
        url("action.parameters.url"),
    ),
    "location_request_message": (absent("header"), _BODY, _FOOTER, one_of("action.name", "send_location")),
    "request_contact_info": (absent("header"), _BODY, _FOOTER, one_of("action.name", "request_contact_info")),
    "address_message": (
        Choice("header?", "type", _ANY_HEADER),
        _BODY,
        _FOOTER,
        one_of("action.name", "address_message"),
        one_of("action.parameters.country", "IN"),
    ),
    "flow": (
        Choice("header?", "type", _ANY_HEADER),
        _BODY,
        _FOOTER,
        one_of("action.name", "flow"),
        one_of("action.parameters.flow_message_version", "3"),
        either("action.parameters", "flow_id", "flow_name"),
        text("action.parameters.flow_cta", 30),
        one_of("action.parameters.mode?", "draft", "published"),
        one_of("action.parameters.flow_action?", "navigate", "data_exchange"),
        Rule("action.parameters.flow_action_payload?.data?", _full_object),
    ),
    "product": (
        absent("header"),
        text("body?.text", 1024),
        _FOOTER,
        text("action.catalog_id", 256),
        text("action.product_retailer_id", 256),
    ),
    "product_list": (
        Choice("header", "type", _TEXT_HEADER),
        _BODY,
        _FOOTER,
        text("action.catalog_id", 256),
        count("action.sections", 1, 10),
        text("action.sections[].title?", 24),
        Rule("action.sections", _section_titles),
        total("action", "sections[].product_items[]", 1, 30),
        text("action.sections[].product_items[].product_retailer_id", 256),
    ),
    "catalog_message": (absent("header"), _BODY, _FOOTER, one_of("action.name", "catalog_message")),
    "carousel": (
        absent("header"),
        absent("footer"),
        _BODY,
        count("action.cards", 2, 10),
        *(row.under("action.cards[]") for row in _CARD),
        Rule("action.cards", _alike),
    ),
    "voice_call": (
        Choice("header?", "type", _ANY_HEADER),
        _BODY,
        _FOOTER,
        one_of("action.name", "voice_call"),
        text("action.parameters?.display_text?", 20),
        number("action.parameters?.ttl_minutes?", 1, 43200),
    ),
    "call_permission_request": (
        absent("header"),
        text("body?.text", 1024),
        _FOOTER,
        one_of("action.name", "call_permission_request"),
    ),
    "order_details": (
        Choice("header?", "type", _ANY_HEADER),
        _BODY,
        _FOOTER,
        one_of("action.name", "review_and_pay"),
        text("action.parameters.reference_id", 60),
    ),
    "order_status": (
        Choice("header?", "type", _ANY_HEADER),
        _BODY,
        _FOOTER,
        one_of("action.name", "review_order"),
        text("action.parameters.reference_id", 60),
    ),
}
