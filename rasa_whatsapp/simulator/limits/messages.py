"""What the Cloud API accepts in ``POST /{phone_number_id}/messages``, as one table.

A broken row is answered with Meta's error code. Source: Meta, Cloud API, Messages reference.
"""

from __future__ import annotations

import re
from typing import Any

from rasa_whatsapp.simulator.limits.interactive import INTERACTIVE
from rasa_whatsapp.simulator.limits.rules import (
    PARAMETER,
    TYPE,
    Choice,
    Rule,
    Table,
    count,
    flag,
    matches,
    media,
    number,
    one_of,
    only,
    text,
)

# Where Meta names no limit.
_LONGEST = 4096
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


def _more_than_formatted(name: object) -> str | None:
    parts = ("first_name", "last_name", "middle_name", "suffix", "prefix")
    given = isinstance(name, dict) and any(name.get(part) for part in parts)
    return None if given else f"needs one of {', '.join(parts)}"


def _one_parameter_format(parameters: object) -> str | None:
    if not isinstance(parameters, list):
        return "must be an array"
    named = [isinstance(parameter, dict) and "parameter_name" in parameter for parameter in parameters]
    return "must not mix named and positional parameters" if any(named) and not all(named) else None


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
    "text": (
        only("text", "body", "preview_url"),
        text("text.body", 4096, PARAMETER),
        flag("text.preview_url?"),
    ),
    "image": media("image", "caption"),
    "video": media("video", "caption"),
    "audio": media("audio", "voice"),
    "document": media("document", "caption", "filename"),
    "sticker": media("sticker"),
    "location": (
        only("location", "latitude", "longitude", "name", "address"),
        number("location.latitude", -90, 90),
        number("location.longitude", -180, 180),
        text("location.name?", _LONGEST),
        text("location.address?", _LONGEST),
    ),
    "contacts": (
        count("contacts", 1, 257),
        text("contacts[].name.formatted_name", _LONGEST),
        Rule("contacts[].name", _more_than_formatted),
    ),
    "reaction": (
        only("reaction", "message_id", "emoji"),
        text("reaction.message_id", 512),
        Rule("reaction.emoji", lambda value: None if isinstance(value, str) else "must be a string"),
    ),
    "template": (
        only("template", "name", "language", "components", "namespace"),
        text("template.name", 512),
        text("template.language.code", 16),
        one_of("template.components[]?.type", *_COMPONENTS, code=132012),
        Rule("template.components[]?.parameters?", _one_parameter_format, 132012),
        text("template.components[]?.parameters[]?.type", 64, 132012),
    ),
    "interactive": (
        only("interactive", "type", "header", "body", "footer", "action"),
        Choice("interactive", "type", INTERACTIVE),
    ),
    "pin": (one_of("pin.type", "pin", "unpin"), text("pin.message_id", 512)),
}


def _addressee(body: dict[str, Any]) -> str | None:
    to, recipient = body.get("to"), body.get("recipient")
    if not to and not recipient:
        return "needs one of to, recipient"
    group = body.get("recipient_type") == "group"
    if to and not (isinstance(to, str) and (group or _PHONE.fullmatch(to))):
        return f"has a to that is not {'the id of a group' if group else 'a phone number'}"
    return None


_NAMES = (
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "recipient_identity_key_hash",
    "type",
    "context",
    "biz_opaque_callback_data",
    *TYPES,
)
_PRODUCT = one_of("messaging_product", "whatsapp", code=PARAMETER)
_MESSAGE: tuple[Rule | Choice, ...] = (
    _PRODUCT,
    only("", *_NAMES),
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
