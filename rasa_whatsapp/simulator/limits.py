"""What the Cloud API accepts in ``POST /{phone_number_id}/messages``, as one table.

A broken row is answered with Meta's error code. Source: Meta, Cloud API, Messages reference, and the pages of
each interactive message.
"""

from __future__ import annotations

import re
from typing import Any

from rasa_whatsapp.simulator.rules import (
    PARAMETER,
    TYPE,
    Choice,
    Rule,
    Table,
    absent,
    count,
    distinct,
    either,
    flag,
    matches,
    number,
    one_of,
    only,
    text,
    total,
    url,
)

_BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"\+?[\s()-]*[0-9][0-9\s()-]*")


def check_message(body: dict[str, Any]) -> None:
    """Refuse a message that the Cloud API would refuse for its form. Raises :class:`Refusal`."""
    for row in _MESSAGE:
        row.check(body)


def check_read(body: dict[str, Any]) -> None:
    """Refuse a read receipt or typing indicator of the wrong form. Raises :class:`Refusal`."""
    for row in _READ:
        row.check(body)


def _media(kind: str, *extras: str, sources: tuple[str, ...] = ("id", "link")) -> tuple[Rule, ...]:
    return (
        either(kind, *sources),
        only(kind, *sources, *extras, "provider"),
        url(f"{kind}.link?"),
        text(f"{kind}.caption?", 1024, PARAMETER),
        text(f"{kind}.filename?", 240, PARAMETER),
        *((flag(f"{kind}.voice?"),) if "voice" in extras else ()),
    )


_TEXT_HEADER: Table = {"text": (text("text", 60), text("sub_text?", 60))}
_ANY_HEADER: Table = {
    **_TEXT_HEADER,
    "image": _media("image"),
    "video": _media("video"),
    "document": _media("document", "filename"),
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


def _more_than_formatted(name: object) -> str | None:
    parts = ("first_name", "last_name", "middle_name", "suffix", "prefix")
    return (
        None
        if isinstance(name, dict) and any(name.get(part) for part in parts)
        else f"needs one of {', '.join(parts)}"
    )


def _full_object(value: object) -> str | None:
    return None if isinstance(value, dict) and value else "must be an object that is not empty"


def _one_parameter_format(parameters: object) -> str | None:
    if not isinstance(parameters, list):
        return "must be an array"
    named = [isinstance(parameter, dict) and "parameter_name" in parameter for parameter in parameters]
    return "must not mix named and positional parameters" if any(named) and not all(named) else None


_LINK_HEADER: Table = {
    "image": _media("image", sources=("link",)),
    "video": _media("video", sources=("link",)),
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

_INTERACTIVE: Table = {
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
        text("action.parameters.reference_id", 35),
    ),
    "order_status": (
        absent("header"),
        _BODY,
        _FOOTER,
        one_of("action.name", "review_order"),
        text("action.parameters.reference_id", 35),
    ),
}

_COMPONENTS = (
    "header",
    "body",
    "button",
    "limited_time_offer",
    "carousel",
    "tap_target_configuration",
    "order_status",
)

TYPES: Table = {
    "text": (text("text.body", 4096, PARAMETER), flag("text.preview_url?")),
    "image": _media("image", "caption"),
    "video": _media("video", "caption"),
    "audio": _media("audio", "voice"),
    "document": _media("document", "caption", "filename"),
    "sticker": _media("sticker"),
    "location": (
        number("location.latitude", -90, 90),
        number("location.longitude", -180, 180),
        text("location.name?", 1000),
        text("location.address?", 1000),
    ),
    "contacts": (
        count("contacts", 1, 257),
        text("contacts[].name.formatted_name", 1000),
        Rule("contacts[].name", _more_than_formatted),
    ),
    "reaction": (
        text("reaction.message_id", 512),
        Rule("reaction.emoji", lambda value: None if isinstance(value, str) else "must be a string"),
    ),
    "template": (
        text("template.name", 512),
        text("template.language.code", 16),
        one_of("template.components[]?.type", *_COMPONENTS, code=132012),
        Rule("template.components[]?.parameters?", _one_parameter_format, 132012),
        text("template.components[]?.parameters[]?.type", 64, 132012),
    ),
    "interactive": (Choice("interactive", "type", _INTERACTIVE),),
    "pin": (one_of("pin.type", "pin", "unpin"), text("pin.message_id", 512)),
}


def _addressee(body: dict[str, Any]) -> str | None:
    to, recipient = body.get("to"), body.get("recipient")
    if not to and not recipient:
        return "needs one of to, recipient"
    if to and body.get("recipient_type") != "group" and not (isinstance(to, str) and _PHONE.fullmatch(to)):
        return "has a to that is not a phone number"
    return None


_PRODUCT = one_of("messaging_product", "whatsapp", code=PARAMETER)
_MESSAGE: tuple[Rule | Choice, ...] = (
    _PRODUCT,
    Rule("", _addressee, PARAMETER),
    matches("recipient?", _BSUID, "a business-scoped user id", PARAMETER),
    one_of("recipient_type?", "individual", "group", code=PARAMETER),
    text("context?.message_id", 512, PARAMETER),
    text("biz_opaque_callback_data?", 512, PARAMETER),
    Choice("", "type", TYPES, code=TYPE, default="text"),
)
_READ: tuple[Rule | Choice, ...] = (
    _PRODUCT,
    one_of("status", "read", code=PARAMETER),
    text("message_id", 512, PARAMETER),
    one_of("typing_indicator?.type", "text", code=PARAMETER),
)
