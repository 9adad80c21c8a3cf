"""Requests that tell of plain texts and of nothing else, as most do: read without making dictionaries.

``payload`` makes the same events of them, which takes three times as long. Whatever is in any way out of the
ordinary is left to it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from rasa_whatsapp import events
from rasa_whatsapp.fields import is_whole


class Text(events.Text, frozen=True, kw_only=True, tag="text"):
    """A text on its way into the store; ``raw`` stays the bytes that came."""

    raw: msgspec.Raw = msgspec.Raw(b"{}")  # type: ignore[assignment]


class _Part(msgspec.Struct, gc=False):
    """Objects of a request; what they have besides is of no use to anybody."""


class _Whole(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """Objects that may have more than a plain text needs."""


class _Profile(_Part):
    name: str = ""
    username: str = ""


class _Contact(_Part):
    wa_id: str = ""
    user_id: str = ""
    parent_user_id: str = ""
    profile: _Profile = msgspec.field(default_factory=_Profile)


class _Metadata(_Part):
    phone_number_id: str = ""
    display_phone_number: str = ""


class _Value(_Whole):
    metadata: _Metadata
    contacts: tuple[_Contact]
    messages: Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(min_length=1)]
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


class _Message(_Whole, rename={"sender": "from", "user_id": "from_user_id", "parent": "from_parent_user_id"}):
    id: Annotated[str, msgspec.Meta(min_length=1)]
    timestamp: str
    type: Literal["text"]
    text: _Words
    sender: str = ""
    user_id: str = ""
    parent: str = ""


_requests = msgspec.json.Decoder(_Request)
_messages = msgspec.json.Decoder(_Message)


def texts(body: bytes) -> list[Text] | None:
    """The texts of a request, in order; None where it may tell of something else."""
    found: list[Text] = []
    try:
        for entry in _requests.decode(body).entry:
            for change in entry.changes:
                found += _texts(change.value)
    except (ValueError, RecursionError):
        return None
    return found


def _texts(value: _Value) -> list[Text]:
    number = events.Number(
        phone_number_id=value.metadata.phone_number_id, display=value.metadata.display_phone_number
    )
    [contact] = value.contacts
    return [_text(raw, _messages.decode(raw), contact, number) for raw in value.messages]


def _text(raw: msgspec.Raw, message: _Message, contact: _Contact, number: events.Number) -> Text:
    phone, user_id, timestamp = message.sender, message.user_id, message.timestamp
    if not (
        (phone.isdecimal() or not phone)
        and ((phone and phone == contact.wa_id) or (user_id and user_id == contact.user_id))
        and is_whole(timestamp)
    ):
        raise ValueError
    return Text(
        id=message.id,
        timestamp=int(timestamp),
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
