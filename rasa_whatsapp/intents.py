"""What Rasa sees of a WhatsApp message; pure functions.

A text is its words and a tapped button or row is its payload. Everything else is one line in the form that
every Rasa understands, ``/intent{"entity": "value"}``, with one intent per kind of message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from rasa_whatsapp import events
from rasa_whatsapp.settings import MESSAGE_KINDS

CAPTION = "text"
"""The value under ``intents:`` that replaces the intent by the message's caption."""

_SILENT = ("reaction", "edit", "revoke", "welcome")
"""Kinds that reach Rasa only when ``intents:`` names an intent for them."""

Entities = dict[str, Any]


def _media(event: Any, *more: str) -> Entities:
    return {name: getattr(event, name) for name in ("media_id", "mime_type", "caption", *more)}


def _contacts(event: events.Contacts) -> Entities:
    names = [contact.formatted_name for contact in event.contacts]
    phones = [phone.phone or phone.wa_id for contact in event.contacts for phone in contact.phones]
    return {"contact_name": [*filter(None, names)], "contact_phone": [*filter(None, phones)]}


def _order(event: events.Order) -> Entities:
    products = [item.product_retailer_id for item in event.items]
    return {"catalog_id": event.catalog_id, "order_text": event.text, "product": products}


_ENTITIES: dict[type[events.Message], Callable[[Any], Entities]] = {
    events.Image: _media,
    events.Video: _media,
    events.Audio: lambda event: _media(event, "voice"),
    events.Document: lambda event: _media(event, "filename"),
    events.Sticker: lambda event: _media(event, "animated"),
    events.Location: lambda event: {
        name: getattr(event, name) for name in ("latitude", "longitude", "name", "address")
    },
    events.Contacts: _contacts,
    events.Order: _order,
    events.Reaction: lambda event: {"emoji": event.emoji, "message_id": event.message_id},
    events.FlowReply: lambda event: event.answers,
    events.AddressReply: lambda event: {"saved_address_id": event.saved_address_id, **event.values},
    events.CallPermissionReply: lambda event: {"response": event.response},
    events.Edit: lambda event: {"message_id": event.original_id},
    events.Revoke: lambda event: {"message_id": event.original_id},
    events.Welcome: lambda event: {},
    events.Unsupported: lambda event: {"kind": event.kind},
    events.Unknown: lambda event: {"kind": event.kind},
}

ENTITY_NAMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("image", "video"), ("media_id", "mime_type", "caption")),
    "audio": ("media_id", "mime_type", "caption", "voice"),
    "document": ("media_id", "mime_type", "caption", "filename"),
    "sticker": ("media_id", "mime_type", "caption", "animated"),
    "location": ("latitude", "longitude", "name", "address"),
    "contacts": ("contact_name", "contact_phone"),
    "order": ("catalog_id", "order_text", "product"),
    "reaction": ("emoji", "message_id"),
    "flow_reply": (),
    "address_reply": ("saved_address_id",),
    "call_permission_reply": ("response",),
    "edit": ("message_id",),
    "revoke": ("message_id",),
    "welcome": (),
    "unsupported": ("kind",),
    "unknown": ("kind",),
    "delivery_failed": ("code", "reason"),
}
"""The entities of each kind; a Flow's and an address's answers come beside them under their own names."""


def kind_of(event: events.Event) -> str:
    """The kind under which ``intents:`` knows the event, for example ``flow_reply``."""
    return str(event.__struct_config__.tag)


class Declared(NamedTuple):
    """What the loaded model's domain declares; Rasa takes no notice of anything else."""

    intents: Collection[str]
    entities: Collection[str]


class Understanding:
    """Turns events into what Rasa is told.

    Args:
        intents: the ``intents:`` setting: kind to intent name, ``"text"`` for the caption, None for silence.
        typed_payloads: whether a typed text such as ``/restart`` keeps its slash.
        delivery_failed: the intent that tells Rasa of a message which did not arrive; empty for none.
        flows: the intents of replies to Flows, by the Flow's name or id, where they have one of their own.
    """

    def __init__(
        self,
        intents: Mapping[str, str | None],
        typed_payloads: bool = True,
        delivery_failed: str = "",
        flows: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        defaults = {kind: None if kind in _SILENT else f"whatsapp_{kind}" for kind in MESSAGE_KINDS}
        self._intents = {**defaults, "unknown": "whatsapp_unsupported", **intents}
        self._typed_payloads = typed_payloads
        self._delivery_failed = delivery_failed
        self._flows = flows
        self.names = frozenset((*self.intents.values(), *flows.values()))
        """Every intent that the channel may make."""

    @property
    def intents(self) -> dict[str, str]:
        """The intents that the channel may make, by kind of message."""
        intents = {**self._intents, "delivery_failed": self._delivery_failed}
        return {kind: name for kind, name in intents.items() if name and name != CAPTION}

    def text(self, event: events.Message, declared: Declared | None = None, flow: str = "") -> str | None:
        """What Rasa is told of the message, or None when it is told nothing.

        Args:
            event: the message.
            declared: what the domain declares; None when that is not known. Rasa would take an intent that
                is not declared for ordinary words, so such a message is told by its caption.
            flow: of a reply to a Flow, the Flow's name or id.
        """
        if isinstance(event, events.Text):
            return self.typed(event.body)
        if isinstance(event, events.Reply):
            return event.payload or event.title or None
        intent = self._flows.get(flow) or self._intents[kind_of(event)]
        if intent is None:
            return None
        if intent == CAPTION or (declared is not None and intent not in declared.intents):
            return self.typed(getattr(event, "caption", "")) or None
        entities = _ENTITIES[type(event)](event)
        if declared is not None:
            entities = {name: value for name, value in entities.items() if name in declared.entities}
        return f"/{intent}{_entities_json(entities)}"

    def failure(self, failure: events.Status, declared: Declared | None = None) -> str | None:
        """What Rasa is told of a message of ours that did not arrive, or None."""
        intent = self._delivery_failed
        if not intent or (declared is not None and intent not in declared.intents):
            return None
        error = failure.errors[0] if failure.errors else events.WireError()
        entities = {"code": error.code, "reason": error.details or error.title or error.message}
        if declared is not None:
            entities = {name: value for name, value in entities.items() if name in declared.entities}
        return f"/{intent}{_entities_json(entities)}"

    def typed(self, typed: str) -> str:
        """What Rasa is told of a person's own words: their leading slash is taken where it would do harm.

        Only the channel may say that a Flow was completed; a person could otherwise type it.
        """
        words = typed.lstrip()
        if not words.startswith("/"):
            return typed
        named = re.match(r"/+([^{@]*)", words)
        assert named is not None
        if self._typed_payloads and named[1].strip() not in self.names:
            return typed
        # Rasa strips white space of every kind and would find a slash behind it.
        return re.sub(r"^[/\s]+", "", words)


def _entities_json(entities: Entities) -> str:
    """The entities as JSON: scalars, or lists of scalars (Rasa makes one entity of each item)."""
    told = {name: _value(value) for name, value in entities.items()}
    told = {name: value for name, value in told.items() if value not in ("", None, [])}
    return json.dumps(told, ensure_ascii=False) if told else ""


def _value(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_scalar(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return json.dumps(value, ensure_ascii=False)
