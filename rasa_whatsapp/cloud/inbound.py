"""One message object of a webhook as a typed event.

Source: Meta, Cloud API, Webhooks, messages reference; identity: Business-scoped user IDs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from rasa_whatsapp import events
from rasa_whatsapp.addresses import USER_ID
from rasa_whatsapp.fields import flag, items, mapping, number, text, whole
from rasa_whatsapp.wire import loads

Raw = dict[str, Any]
Common = dict[str, Any]
Parse = Callable[[Raw, Common], events.Event]


def errors_of(raw: Raw) -> tuple[events.WireError, ...]:
    """The errors that stand in an object."""
    if "errors" not in raw:
        return ()
    return tuple(
        events.WireError(
            code=whole(error, "code"),
            title=text(error, "title"),
            message=text(error, "message"),
            details=text(mapping(error, "error_data"), "details") or text(error, "error_data"),
            href=text(error, "href"),
        )
        for error in items(raw, "errors")
    )


def _context(raw: Raw) -> events.Context | None:
    found = raw.get("context")
    if found is None or type(found) is not dict:
        return None
    frequently = flag(found, "frequently_forwarded")
    return events.Context(
        id=text(found, "id"),
        sender=text(found, "from"),
        forwarded=flag(found, "forwarded") or frequently,
        frequently_forwarded=frequently,
        product=mapping(found, "referred_product") or None,
    )


_REFERRAL = tuple(name for name in events.Referral.__struct_fields__ if name != "welcome_text")


def _referral(raw: Raw) -> events.Referral | None:
    found = raw.get("referral")
    if type(found) is not dict:
        return None
    return events.Referral(
        **{name: text(found, name) for name in _REFERRAL},
        welcome_text=text(mapping(found, "welcome_message"), "text"),
    )


def _text(raw: Raw, common: Common) -> events.Event:
    body = text(mapping(raw, "text"), "body")
    return events.Text(body=body, **common) if body else events.Unknown(kind="text", **common)


def _media(
    kind: type[Any], *flags: str, names: tuple[str, ...] = ()
) -> Callable[[Raw, Common], events.Event]:
    wire = kind.__name__.lower()

    def parse(raw: Raw, common: Common) -> events.Event:
        found = mapping(raw, wire)
        more: Raw = {name: flag(found, name) for name in flags}
        more |= {name: text(found, name) for name in names}
        event: events.Event = kind(
            media_id=text(found, "id"),
            mime_type=text(found, "mime_type"),
            sha256=text(found, "sha256"),
            url=text(found, "url"),
            caption=text(found, "caption"),
            **more,
            **common,
        )
        return event

    return parse


def _location(raw: Raw, common: Common) -> events.Event:
    found = mapping(raw, "location")
    latitude, longitude = number(found, "latitude"), number(found, "longitude")
    if latitude is None or longitude is None:
        return events.Unknown(kind="location", **common)
    return events.Location(
        latitude=latitude,
        longitude=longitude,
        name=text(found, "name"),
        address=text(found, "address"),
        url=text(found, "url"),
        **common,
    )


def _contacts(raw: Raw, common: Common) -> events.Event:
    return events.Contacts(contacts=tuple(_card(card) for card in items(raw, "contacts")), **common)


def _card(card: Raw) -> events.Contact:
    name = mapping(card, "name")
    parts = ("formatted_name", "first_name", "middle_name", "last_name", "prefix", "suffix")
    return events.Contact(
        **{part: text(name, part) for part in parts},
        phones=tuple(
            events.ContactPhone(**{key: text(phone, key) for key in ("phone", "wa_id", "user_id", "type")})
            for phone in items(card, "phones")
        ),
        emails=tuple(items(card, "emails")),
        addresses=tuple(items(card, "addresses")),
        urls=tuple(items(card, "urls")),
        org=mapping(card, "org") or None,
        birthday=text(card, "birthday"),
        origin=text(card, "origin"),
        vcard=text(card, "vcard"),
    )


def _order(raw: Raw, common: Common) -> events.Event:
    found = mapping(raw, "order")
    return events.Order(
        catalog_id=text(found, "catalog_id"),
        text=text(found, "text"),
        items=tuple(
            events.OrderItem(
                product_retailer_id=text(item, "product_retailer_id"),
                quantity=whole(item, "quantity"),
                item_price=number(item, "item_price") or 0.0,
                currency=text(item, "currency"),
            )
            for item in items(found, "product_items")
        ),
        **common,
    )


def _reaction(raw: Raw, common: Common) -> events.Event:
    found = mapping(raw, "reaction")
    return events.Reaction(message_id=text(found, "message_id"), emoji=text(found, "emoji"), **common)


def _interactive(raw: Raw, common: Common) -> events.Event:
    found = mapping(raw, "interactive")
    kind = text(found, "type")
    # WhatsApp leaves the whole object out when a person sends an interactive message on.
    reply = mapping(found, kind)
    if reply and kind in ("button_reply", "list_reply"):
        return events.Reply(
            source=kind.removesuffix("_reply"),
            payload=text(reply, "id"),
            title=text(reply, "title"),
            description=text(reply, "description"),
            **common,
        )
    if reply and kind == "nfm_reply":
        return _form(reply, common)
    if reply and kind == "call_permission_reply":
        return events.CallPermissionReply(
            response=text(reply, "response"),
            response_source=text(reply, "response_source"),
            expiration_timestamp=whole(reply, "expiration_timestamp"),
            **common,
        )
    return events.Unknown(kind=f"interactive/{kind}" if kind else "interactive", **common)


def _form(reply: Raw, common: Common) -> events.Event:
    """A form that was sent back: a Flow's or, in India, an address. Its answers are JSON within JSON."""
    written = text(reply, "response_json")
    try:
        answers = loads(written)
    except ValueError:
        answers = None
    unreadable = "" if type(answers) is dict else written
    found: Raw = answers if type(answers) is dict else {}
    if text(reply, "name") == "address_message" and not unreadable:
        return events.AddressReply(
            values=mapping(found, "values"), saved_address_id=text(found, "saved_address_id"), **common
        )
    return events.FlowReply(
        name=text(reply, "name"),
        body=text(reply, "body"),
        answers={name: value for name, value in found.items() if name != "flow_token"},
        flow_token=text(found, "flow_token"),
        unreadable=unreadable,
        **common,
    )


def _template_button(raw: Raw, common: Common) -> events.Event:
    found = mapping(raw, "button")
    title = text(found, "text")
    return events.Reply(source="template", payload=text(found, "payload") or title, title=title, **common)


def _system(raw: Raw, common: Common) -> events.Event:
    found = mapping(raw, "system")
    kind = text(found, "type")
    about = {name: common[name] for name in ("id", "timestamp", "sender", "number", "raw")}
    if kind in ("user_changed_number", "customer_changed_number"):
        return events.NumberChanged(
            old=text(raw, "from") or text(found, "customer"),
            new=text(found, "wa_id") or text(found, "new_wa_id"),
            user_id=text(found, "user_id"),
            parent_user_id=text(found, "parent_user_id"),
            **about,
        )
    if kind == "user_changed_user_id":
        return _user_id_changed(raw, found, about)
    if kind in ("customer_identity_changed", "user_identity_changed"):
        identity = mapping(raw, "identity") or mapping(found, "identity")
        return events.IdentityChanged(
            identity_key_hash=text(identity, "hash"), acknowledged=flag(identity, "acknowledged"), **about
        )
    return events.Unknown(kind=f"system/{kind}" if kind else "system", **common)


_USER_IDS = re.compile(rf"\bfrom ({USER_ID}) to ({USER_ID})\b")
"""How the system message tells both ids; the profile name that stands before them may be anything."""


def _user_id_changed(raw: Raw, found: Raw, about: Common) -> events.Event:
    """The user id before the change often stands nowhere but in the words of the system message."""
    told = _USER_IDS.findall(text(found, "body"))
    before, after = told[-1] if told else ("", "")
    current = text(found, "user_id") or after
    named = text(raw, "from_user_id")
    previous = named if named and named != current else before
    sender = msgspec.structs.replace(
        about["sender"], phone=about["sender"].phone or text(found, "wa_id"), user_id=previous or current
    )
    return events.UserIdChanged(
        previous=previous,
        current=current,
        current_parent=text(found, "parent_user_id"),
        **{**about, "sender": sender},
    )


def _edit(raw: Raw, common: Common) -> events.Event:
    found = mapping(raw, "edit")
    return events.Edit(
        original_id=text(found, "original_message_id"), message=mapping(found, "message"), **common
    )


def _revoke(raw: Raw, common: Common) -> events.Event:
    return events.Revoke(original_id=text(mapping(raw, "revoke"), "original_message_id"), **common)


def _unsupported(raw: Raw, common: Common) -> events.Event:
    return events.Unsupported(kind=text(mapping(raw, "unsupported"), "type"), **common)


_KINDS: dict[str, Parse] = {
    "text": _text,
    "image": _media(events.Image),
    "video": _media(events.Video),
    "audio": _media(events.Audio, "voice"),
    "document": _media(events.Document, names=("filename",)),
    "sticker": _media(events.Sticker, "animated"),
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "reaction": _reaction,
    "interactive": _interactive,
    "button": _template_button,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "request_welcome": lambda raw, common: events.Welcome(**common),
    "unsupported": _unsupported,
}

_RARE: dict[str, Callable[[Raw], Any]] = {
    "context": _context,
    "referral": _referral,
    "group_id": lambda raw: text(raw, "group_id"),
    "identity": lambda raw: raw["identity"] if type(raw["identity"]) is dict else None,
    "errors": errors_of,
}
"""What few messages carry, whatever their type."""

_STANDS_ALONE = frozenset({"interactive", "system", "request_welcome", "unsupported"})
"""Types that may lack the object of their own name, or look after that themselves."""


def message_event(raw: Raw, id: str, sender: events.Person, number: events.Number) -> events.Event:
    """The event of one message object; whatever cannot be understood becomes ``Unknown``."""
    kind = text(raw, "type")
    common: Common = {
        "id": id,
        "timestamp": whole(raw, "timestamp"),
        "sender": sender,
        "number": number,
        "raw": raw,
    }
    for name, read in _RARE.items():
        if name in raw:
            common[name] = read(raw)
    parse = _KINDS.get(kind)
    content = items(raw, kind) if kind == "contacts" else mapping(raw, kind)
    if parse is None or not (content or kind in _STANDS_ALONE):
        return events.Unknown(kind=kind, **common)
    return parse(raw, common)
