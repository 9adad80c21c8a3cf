"""Meta's wire: a webhook's body becomes events, a message becomes a request body.

Nothing that arrives makes ``parse`` raise: what it does not understand is kept whole, in an event that says
so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from rasa_whatsapp import events
from rasa_whatsapp.cloud.fields import items, mapping, text, whole
from rasa_whatsapp.cloud.inbound import errors_of, message_event
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Message
from rasa_whatsapp.messages.limits import OPAQUE, length

Raw = dict[str, Any]

_OUTBOX_ID = re.compile(r"rw:([0-9a-f]{32})(?::|$)")
"""Our own part at the head of ``biz_opaque_callback_data``; the caller's part follows the colon."""

_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


def parse(body: Raw) -> list[events.Event]:
    """All events of a webhook request, in order.

    Every entry, change, message, status and error is read; contacts are matched by id, never by place.

    Args:
        body: the request's JSON object.
    """
    found: list[events.Event] = []
    for entry in items(body, "entry"):
        waba_id = text(entry, "id")
        for change in items(entry, "changes"):
            field = text(change, "field")
            value = change.get("value")
            if type(value) is dict:
                found.extend(_change(field, value, waba_id))
            else:
                found.append(_notification(field, value, waba_id))
    return found


def _change(field: str, value: Raw, waba_id: str) -> Iterator[events.Event]:
    metadata = mapping(value, "metadata")
    number = events.Number(
        phone_number_id=text(metadata, "phone_number_id"), display=text(metadata, "display_phone_number")
    )
    read = _FIELDS.get(field)
    any_event = False
    for event in read(value, number) if read else ():
        any_event = True
        yield event
    if not any_event:
        yield _notification(field, value, waba_id, number)


def _messages(value: Raw, number: events.Number) -> Iterator[events.Event]:
    people = _People(value)
    for raw in items(value, "messages"):
        yield message_event(raw, _id(raw), people.sender(raw), number)
    for raw in items(value, "statuses"):
        yield _status(raw, people, number)
    if errors := errors_of(value):
        yield events.OutOfBandError(id=_content_id(value), number=number, errors=errors, raw=value)


def _status(raw: Raw, people: _People, number: events.Number) -> events.Event:
    opaque = text(raw, "biz_opaque_callback_data")
    ours = _OUTBOX_ID.match(opaque)
    group = text(raw, "recipient_type") == "group"
    recipient = events.Person(
        phone=text(raw, "recipient_participant_id") if group else text(raw, "recipient_id"),
        user_id=text(raw, "recipient_participant_user_id") or text(raw, "recipient_user_id"),
        parent_user_id=text(raw, "recipient_participant_parent_user_id")
        or text(raw, "recipient_parent_user_id"),
    )
    return events.Status(
        id=_id(raw),
        status=text(raw, "status"),
        timestamp=whole(raw, "timestamp"),
        number=number,
        recipient=people.named(recipient),
        recipient_type=text(raw, "recipient_type"),
        group_id=text(raw, "recipient_id") if group else "",
        type=text(raw, "type"),
        payment=mapping(raw, "payment") or None,
        outbox_id=ours[1] if ours else "",
        opaque=opaque[ours.end() :] if ours else opaque,
        identity_key_hash=text(raw, "recipient_identity_key_hash"),
        errors=errors_of(raw),
        pricing=mapping(raw, "pricing") or None,
        conversation=mapping(raw, "conversation") or None,
        raw=raw,
    )


def _echoes(value: Raw, number: events.Number) -> Iterator[events.Event]:
    for raw in items(value, "message_echoes"):
        yield events.Echo(
            id=_id(raw),
            timestamp=whole(raw, "timestamp"),
            number=number,
            recipient=events.Person(
                phone=text(raw, "to"),
                user_id=text(raw, "to_user_id"),
                parent_user_id=text(raw, "to_parent_user_id"),
            ),
            kind=text(raw, "type"),
            body=text(mapping(raw, "text"), "body"),
            raw=raw,
        )


def _history(value: Raw, number: events.Number) -> Iterator[events.Event]:
    """Messages from before; also media that follow later, which look like live messages but are not."""
    for part in items(value, "history"):
        metadata = mapping(part, "metadata")
        about = {name: whole(metadata, name) for name in ("phase", "chunk_order", "progress")}
        for thread in items(part, "threads"):
            context = mapping(thread, "context")
            person = events.Person(
                phone=text(context, "wa_id") or text(thread, "id"), user_id=text(context, "user_id")
            )
            for raw in items(thread, "messages"):
                outgoing = bool(person.phone) and text(raw, "from") != person.phone
                yield _past(raw, person, number, outgoing, **about)
        if errors := errors_of(part):
            yield events.OutOfBandError(
                id=_content_id(part), number=number, field="history", errors=errors, raw=part
            )
    people = _People(value)
    for raw in items(value, "messages"):
        yield _past(raw, people.sender(raw), number, False)


def _past(
    raw: Raw, person: events.Person, number: events.Number, outgoing: bool, **about: int
) -> events.History:
    return events.History(
        id=_id(raw),
        timestamp=whole(raw, "timestamp"),
        sender=person,
        number=number,
        outgoing=outgoing,
        kind=text(raw, "type"),
        status=text(mapping(raw, "history_context"), "status"),
        raw=raw,
        **about,
    )


def _user_ids(value: Raw, number: events.Number) -> Iterator[events.Event]:
    for raw in items(value, "user_id_update"):
        ids, parents = mapping(raw, "user_id"), mapping(raw, "parent_user_id")
        yield events.UserIdChanged(
            id=_content_id(raw),
            timestamp=whole(raw, "timestamp"),
            sender=events.Person(phone=text(raw, "wa_id"), user_id=text(ids, "previous")),
            number=number,
            previous=text(ids, "previous"),
            current=text(ids, "current"),
            previous_parent=text(parents, "previous"),
            current_parent=text(parents, "current"),
            raw=raw,
        )


_FIELDS = {
    "messages": _messages,
    "smb_message_echoes": _echoes,
    "history": _history,
    "user_id_update": _user_ids,
}


def _notification(
    field: str, value: Any, waba_id: str, number: events.Number | None = None
) -> events.Notification:
    return events.Notification(
        id=_content_id({"field": field, "value": value}),
        timestamp=whole(value, "timestamp") if type(value) is dict else 0,
        number=number or events.Number(),
        field=field,
        value=value,
        waba_id=waba_id,
    )


class _People:
    """The contacts of one change, found by their ids."""

    def __init__(self, value: Raw) -> None:
        self._all = items(value, "contacts")
        self._by_id = {
            id: contact
            for contact in self._all
            for id in (text(contact, "user_id"), text(contact, "wa_id"))
            if id
        }

    def sender(self, raw: Raw) -> events.Person:
        """Who wrote a message, as far as the message and its contact tell."""
        phone, user_id = text(raw, "from"), text(raw, "from_user_id")
        contact = self._by_id.get(user_id) or self._by_id.get(phone)
        if contact is None and not phone and not user_id and len(self._all) == 1:
            contact = self._all[0]
        contact = contact or {}
        profile = mapping(contact, "profile")
        return events.Person(
            phone=phone or text(contact, "wa_id"),
            user_id=user_id or text(contact, "user_id"),
            parent_user_id=text(raw, "from_parent_user_id") or text(contact, "parent_user_id"),
            name=text(profile, "name"),
            username=text(profile, "username"),
        )

    def named(self, person: events.Person) -> events.Person:
        """The person with the name that their contact tells."""
        contact = self._by_id.get(person.user_id) or self._by_id.get(person.phone)
        if not contact:
            return person
        profile = mapping(contact, "profile")
        return msgspec.structs.replace(person, name=text(profile, "name"), username=text(profile, "username"))


def _id(raw: Raw) -> str:
    return text(raw, "id") or _content_id(raw)


def _content_id(content: Any) -> str:
    """An id that a repeated delivery of the same content has too."""
    digest = hashlib.blake2b(msgspec.json.encode(content, order="sorted"), digest_size=16).hexdigest()
    return f"content:{digest}"


def wrap(message: Message, to: str, opaque: str | None = None) -> Raw:
    """The body of ``POST /{phone number id}/messages``.

    Args:
        message: what to send.
        to: whom to send it to, see ``address``.
        opaque: the id of our outbox row, 32 hexadecimal digits; statuses bring it back as ``outbox_id``. It
            goes before the message's own opaque data when both fit into WhatsApp's 512 characters.
    """
    body = {"messaging_product": "whatsapp", **address(to), **message.to_json()}
    if opaque:
        theirs = message.opaque
        ours = f"rw:{opaque}:{theirs}" if theirs else f"rw:{opaque}"
        body["biz_opaque_callback_data"] = ours if length(ours) <= OPAQUE else theirs
    return body


def address(to: str) -> Raw:
    """How a recipient is written on the wire.

    A phone number in any human form goes out as ``+digits``, for without the plus sign Meta puts the
    business's own country code in front. A business-scoped user id goes into ``recipient``; everything else
    is taken for a group's id. Source: Meta, Cloud API, Messages; Business-scoped user IDs.

    Raises:
        MessageError: the recipient is blank.
    """
    to = to.strip()
    if _USER_ID.fullmatch(to):
        return {"recipient_type": "individual", "recipient": to}
    digits = re.sub(r"[\s()./-]", "", to).removeprefix("+")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 15:
        return {"recipient_type": "individual", "to": f"+{digits}"}
    if not to:
        raise MessageError("to", "is blank; a phone number, a user id or a group id is needed")
    return {"recipient_type": "group", "to": to}
