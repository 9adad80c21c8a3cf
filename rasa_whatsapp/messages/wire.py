"""A raw Cloud API body becomes a typed message, by the same rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages.base import Message
from rasa_whatsapp.messages.buttons import Buttons, CtaUrl
from rasa_whatsapp.messages.carousel import Carousel
from rasa_whatsapp.messages.commerce import Catalog, Product, ProductList
from rasa_whatsapp.messages.contacts import Contacts
from rasa_whatsapp.messages.flow import Flow
from rasa_whatsapp.messages.frame import Interactive, refuse_header
from rasa_whatsapp.messages.lists import List
from rasa_whatsapp.messages.media import Audio, Document, Image, Sticker, Video
from rasa_whatsapp.messages.orders import OrderDetails, OrderStatus
from rasa_whatsapp.messages.place import Location
from rasa_whatsapp.messages.reader import Reader
from rasa_whatsapp.messages.requests import (
    AddressRequest,
    CallPermissionRequest,
    ContactRequest,
    LocationRequest,
    VoiceCall,
)
from rasa_whatsapp.messages.template import Template
from rasa_whatsapp.messages.text import Pin, Reaction, Text

_TYPES: dict[str, type[Message]] = {
    kind.TYPE: kind
    for kind in (
        Text,
        Image,
        Video,
        Audio,
        Document,
        Sticker,
        Location,
        Contacts,
        Reaction,
        Template,
        Pin,
    )
}
_KINDS: dict[str, type[Interactive]] = {
    kind.KIND: kind
    for kind in (
        Buttons,
        List,
        CtaUrl,
        Carousel,
        LocationRequest,
        ContactRequest,
        AddressRequest,
        Flow,
        Product,
        ProductList,
        Catalog,
        OrderDetails,
        OrderStatus,
        VoiceCall,
        CallPermissionRequest,
    )
}
# Whom it goes to is not part of a message.
_ENVELOPE = ("messaging_product", "recipient_type", "to", "recipient", "type")


def from_json(body: Mapping[str, Any]) -> Message:
    """Return the typed message in a body for ``POST /{phone_number_id}/messages``.

    ``type`` may be absent where only one type's object is there; ``messaging_product`` and the recipient are
    ignored. Fields that are not known survive in the message's ``extra`` and are written again, at the same
    place, by ``to_json()``. Whole numbers are accepted for ids and texts, because YAML reads unquoted digits
    so.

    Raises:
        MessageError: the type is unknown (the known ones are listed), a value has the wrong JSON type, or
            WhatsApp is known to reject the message.

    Source: Meta, Cloud API, Messages.
    """
    reader = Reader(body)
    reader.ignore(_ENVELOPE)
    message = _kind(reader)._read(reader)
    common = {
        "reply_to": reader.object("context").text("message_id") if "context" in reader else "",
        "opaque": reader.text("biz_opaque_callback_data"),
        "identity_key_hash": reader.text("recipient_identity_key_hash"),
        "extra": reader.rest(),
    }
    return replace(message, **common) if any(common.values()) else message


def _kind(body: Reader) -> type[Message]:
    """Return the class that reads this body."""
    name = body.text("type") or _only_object(body)
    if name == "interactive":
        interactive = body.object("interactive")
        kind = interactive.text("type")
        if kind not in _KINDS:
            raise MessageError("interactive.type", _unknown(kind, _KINDS))
        if "header" not in _KINDS[kind].__struct_fields__:
            refuse_header(interactive)
        return _KINDS[kind]
    if name not in _TYPES:
        raise MessageError("type", _unknown(name, [*_TYPES, "interactive"]))
    if name not in body:
        raise MessageError(name, f'is missing, though the type is "{name}".')
    return _TYPES[name]


def _only_object(body: Reader) -> str:
    """Return the type whose object is there, where only one is."""
    present = [name for name in (*_TYPES, "interactive") if name in body]
    return present[0] if len(present) == 1 else ""


def _unknown(name: str, known: Any) -> str:
    said = f'"{name}" is unknown' if name else "is missing"
    return f"{said}; known are: {', '.join(sorted(known))}."
