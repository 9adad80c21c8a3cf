"""Requests that tell of plain texts, or of messages that arrive as they should: most are of this kind.

They are read without making dictionaries. ``payload`` makes the same events of them, which takes three times
as long. Whatever is in any way out of the ordinary is left to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import told_apart
from rasa_whatsapp.fields import is_whole


class Text(events.Text, frozen=True, kw_only=True, tag="text"):
    """A text on its way into the store; ``raw`` stays the bytes that came."""

    raw: msgspec.Raw = msgspec.Raw(b"{}")  # type: ignore[assignment]


class Status(events.Status, frozen=True, kw_only=True, tag="status"):
    """A status, likewise."""

    raw: msgspec.Raw = msgspec.Raw(b"{}")  # type: ignore[assignment]


class _Part(msgspec.Struct, gc=False):
    """Objects of a request; what they have besides is of no use to anybody."""


class _Whole(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """Objects that may have more than is read here."""


class _Profile(_Part):
    name: str = ""
    username: str = ""


class _Contact(_Part):
    wa_id: str = ""
    user_id: str = ""
    parent_user_id: str = ""
    profile: _Profile = msgspec.field(default_factory=_Profile)


_NOBODY = _Contact()


class _Metadata(_Part):
    phone_number_id: str = ""
    display_phone_number: str = ""


class _Value(_Whole):
    metadata: _Metadata
    contacts: Annotated[tuple[_Contact, ...], msgspec.Meta(max_length=1)] = ()
    messages: tuple[msgspec.Raw, ...] = ()
    statuses: tuple[msgspec.Raw, ...] = ()
    messaging_product: str = ""


class _Change(_Part):
    field: Literal["messages"]
    value: _Value


class _Entry(_Part):
    changes: tuple[_Change, ...]


class _Request(_Part):
    entry: tuple[_Entry, ...]


class _Words(_Whole):
    body: Annotated[str, msgspec.Meta(min_length=1)]


_Id = Annotated[str, msgspec.Meta(min_length=1)]
_Details = dict[str, str | bool | dict[str, str]]
"""Flat: what could nest without end, or hold huge numbers, would have to be made sound."""


class _Message(_Whole, rename={"sender": "from", "user_id": "from_user_id", "parent": "from_parent_user_id"}):
    id: _Id
    timestamp: str
    type: Literal["text"]
    text: _Words
    sender: str = ""
    user_id: str = ""
    parent: str = ""


class _Became(
    _Whole,
    rename={
        "phone": "recipient_id",
        "user_id": "recipient_user_id",
        "parent": "recipient_parent_user_id",
        "identity_key_hash": "recipient_identity_key_hash",
        "opaque": "biz_opaque_callback_data",
    },
):
    id: _Id
    status: str
    timestamp: str
    phone: str = ""
    user_id: str = ""
    parent: str = ""
    identity_key_hash: str = ""
    opaque: str = ""
    pricing: _Details | None = None
    conversation: _Details | None = None


_requests = msgspec.json.Decoder(_Request)
_messages = msgspec.json.Decoder(_Message)
_statuses = msgspec.json.Decoder(_Became)


def read(body: bytes) -> list[Text | Status] | None:
    """The events of a request, in order; None where it may tell of something else."""
    found: list[Text | Status] = []
    try:
        for entry in _requests.decode(body).entry:
            for change in entry.changes:
                found += _events(change.value)
    except (ValueError, RecursionError):
        return None
    return found


def _events(value: _Value) -> Iterator[Text | Status]:
    if not value.messages and not value.statuses:
        raise ValueError
    number = events.Number(
        phone_number_id=value.metadata.phone_number_id, display=value.metadata.display_phone_number
    )
    contact = value.contacts[0] if value.contacts else _NOBODY
    for raw in value.messages:
        yield _text(raw, _messages.decode(raw), contact, number)
    for raw in value.statuses:
        yield _status(raw, _statuses.decode(raw), contact, number)


def _text(raw: msgspec.Raw, message: _Message, contact: _Contact, number: events.Number) -> Text:
    phone, user_id = message.sender, message.user_id
    if not ((phone.isdecimal() or not phone) and _is_of(contact, phone, user_id)):
        raise ValueError
    return Text(
        id=message.id,
        timestamp=_time(message.timestamp),
        sender=events.Person(
            phone=phone or contact.wa_id,
            user_id=user_id or contact.user_id,
            parent_user_id=message.parent or contact.parent_user_id,
            name=contact.profile.name,
            username=contact.profile.username,
        ),
        number=number,
        raw=raw,
        body=message.text.body,
    )


def _status(raw: msgspec.Raw, became: _Became, contact: _Contact, number: events.Number) -> Status:
    if contact is not _NOBODY and not _is_of(contact, became.phone, became.user_id):
        raise ValueError
    outbox_id, opaque = told_apart(became.opaque)
    return Status(
        id=became.id,
        status=became.status,
        timestamp=_time(became.timestamp),
        number=number,
        recipient=events.Person(
            phone=became.phone,
            user_id=became.user_id,
            parent_user_id=became.parent,
            name=contact.profile.name,
            username=contact.profile.username,
        ),
        outbox_id=outbox_id,
        opaque=opaque,
        identity_key_hash=became.identity_key_hash,
        pricing=became.pricing or None,
        conversation=became.conversation or None,
        raw=raw,
    )


def _is_of(contact: _Contact, phone: str, user_id: str) -> bool:
    return bool((phone and phone == contact.wa_id) or (user_id and user_id == contact.user_id))


def _time(written: str) -> int:
    if not is_whole(written):
        raise ValueError
    return int(written)
