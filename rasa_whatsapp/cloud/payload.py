"""Meta's wire: a webhook's body becomes events, a message becomes a request body.

Nothing that arrives makes ``parse`` raise: an object that it does not understand is kept whole, in an event
that says so; what stands in an object's place without being one is passed over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from rasa_whatsapp import events
from rasa_whatsapp.addresses import address, is_user_id
from rasa_whatsapp.cloud.inbound import errors_of, message_event
from rasa_whatsapp.cloud.notices import notice
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.fields import items, mapping, text, whole
from rasa_whatsapp.messages import Message
from rasa_whatsapp.messages.frame import Interactive
from rasa_whatsapp.messages.limits import OPAQUE, length
from rasa_whatsapp.wire import sound

Raw = dict[str, Any]

_OUTBOX_ID = re.compile(r"rw:([0-9a-f]{32})(?::|$)")
"""Our own part at the head of ``biz_opaque_callback_data``; the caller's part follows the colon."""
_TIMESTAMP = b'"timestamp":'
"""A key in JSON without spaces; within a text its quotes would stand behind backslashes."""


def parse(body: Raw) -> list[events.Event]:
    """All events of a webhook request, in order.

    Every entry, change, message, status and error is read; contacts are matched by id, never by place.

    Args:
        body: the request's JSON object.
    """
    return parse_sound(sound(body))


def parse_sound(body: Raw) -> list[events.Event]:
    """As ``parse``, for JSON that ``rasa_whatsapp.wire`` has read."""
    found: list[events.Event] = []
    for entry in items(body, "entry"):
        for change in items(entry, "changes"):
            found += _change(change, entry) or [_notification(change, entry)]
    return found


def _change(change: Raw, entry: Raw) -> list[events.Event]:
    """The typed events of one change; none where its field, or its form, is not known."""
    read = _FIELDS.get(text(change, "field"))
    value = mapping(change, "value")
    return list(read(value, _number(value), whole(entry, "time"))) if read else []


def _number(value: Raw) -> events.Number:
    metadata = mapping(value, "metadata")
    return events.Number(
        phone_number_id=text(metadata, "phone_number_id"), display=text(metadata, "display_phone_number")
    )


def _notification(change: Raw, entry: Raw) -> events.Notification:
    value = mapping(change, "value")
    time = whole(entry, "time")
    kind, typed = notice(text(change, "field"), value)
    return kind(
        id=_dated_id(change, time),
        timestamp=whole(value, "timestamp") or time,
        number=_number(value),
        field=text(change, "field"),
        value=change.get("value"),
        waba_id=text(entry, "id"),
        **typed,
    )


def _messages(value: Raw, number: events.Number, time: int) -> Iterator[events.Event]:
    people = _People(value)
    for raw in items(value, "messages"):
        if "history_context" in raw:
            yield _past(raw, people.sender(raw), number)
        else:
            yield message_event(raw, _id(raw), people.sender(raw), number)
    for raw in items(value, "statuses"):
        yield _status(raw, people, number)
    yield from _errors(value, number, "messages", time)


def _errors(holder: Raw, number: events.Number, field: str, time: int) -> Iterator[events.Event]:
    """The errors that belong to no message."""
    if errors := errors_of(holder):
        raw = {"errors": holder["errors"]}
        id = _dated_id({**raw, "phone_number_id": number.phone_number_id}, time)
        yield events.OutOfBandError(id=id, number=number, field=field, errors=errors, raw=raw)


def _status(raw: Raw, people: _People, number: events.Number) -> events.Event:
    outbox_id, opaque = told_apart(text(raw, "biz_opaque_callback_data"))
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
        outbox_id=outbox_id,
        opaque=opaque,
        identity_key_hash=text(raw, "recipient_identity_key_hash"),
        errors=errors_of(raw),
        pricing=mapping(raw, "pricing") or None,
        conversation=mapping(raw, "conversation") or None,
        raw=raw,
    )


def told_apart(opaque: str) -> tuple[str, str]:
    """The outbox row in ``biz_opaque_callback_data``, empty where we sent none, and the caller's own part."""
    ours = _OUTBOX_ID.match(opaque)
    return (ours[1], opaque[ours.end() :]) if ours else ("", opaque)


def _echoes(value: Raw, number: events.Number, time: int) -> Iterator[events.Event]:
    for raw in items(value, "message_echoes"):
        yield events.Echo(
            id=_id(raw),
            timestamp=whole(raw, "timestamp"),
            number=number,
            recipient=_written_to(raw),
            kind=text(raw, "type"),
            body=text(mapping(raw, "text"), "body"),
            raw=raw,
        )


def _history(value: Raw, number: events.Number, time: int) -> Iterator[events.Event]:
    """Messages from before; also media that follow later, which look like live messages but are not."""
    for part in items(value, "history"):
        metadata = mapping(part, "metadata")
        about = {name: whole(metadata, name) for name in ("phase", "chunk_order", "progress")}
        for thread in items(part, "threads"):
            person = _thread_person(thread)
            for raw in items(thread, "messages"):
                yield _past(raw, person, number, **about)
        yield from _errors(part, number, "history", time)
    people = _People(value)
    for raw in items(value, "messages"):
        person = _written_to(raw) if _is_ours(raw, number) else people.sender(raw)
        yield _past(raw, person, number)
    yield from _errors(value, number, "history", time)


def _thread_person(thread: Raw) -> events.Person:
    context, id = mapping(thread, "context"), text(thread, "id")
    named = "user_id" if is_user_id(id) else "phone"
    told = {"phone": text(context, "wa_id"), "user_id": text(context, "user_id")}
    return events.Person(
        **{**told, named: told[named] or id},
        parent_user_id=text(context, "parent_user_id"),
        username=text(context, "username"),
    )


def _past(raw: Raw, person: events.Person, number: events.Number, **about: int) -> events.History:
    sender = text(raw, "from")
    return events.History(
        id=_id(raw),
        timestamp=whole(raw, "timestamp"),
        sender=person,
        number=number,
        outgoing=_is_ours(raw, number) or bool(sender and person.phone and sender != person.phone),
        kind=text(raw, "type"),
        status=text(mapping(raw, "history_context"), "status"),
        raw=raw,
        **about,
    )


def _is_ours(raw: Raw, number: events.Number) -> bool:
    """Whether the business wrote it; only then WhatsApp says to whom."""
    sender, display = text(raw, "from"), re.sub(r"\D", "", number.display)
    return bool(_written_to(raw)) or bool(sender and sender == display)


def _written_to(raw: Raw) -> events.Person:
    return events.Person(
        phone=text(raw, "to"),
        user_id=text(raw, "to_user_id"),
        parent_user_id=text(raw, "to_parent_user_id"),
    )


def _user_ids(value: Raw, number: events.Number, time: int) -> Iterator[events.Event]:
    for raw in items(value, "user_id_update"):
        ids, parents = mapping(raw, "user_id"), mapping(raw, "parent_user_id")
        yield events.UserIdChanged(
            id=_content_id(raw),
            timestamp=whole(raw, "timestamp"),
            sender=events.Person(
                phone=text(raw, "wa_id"),
                user_id=text(ids, "previous"),
                parent_user_id=text(parents, "previous"),
            ),
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


class _People:
    """The contacts of one change, found by their ids."""

    def __init__(self, value: Raw) -> None:
        self._all = items(value, "contacts")
        self._by_id: dict[str, Raw] = {}
        for contact in self._all:
            for name in ("user_id", "wa_id"):
                if id := text(contact, name):
                    self._by_id[id] = contact

    def sender(self, raw: Raw) -> events.Person:
        """Who wrote a message, as far as the message and its contact tell."""
        phone, user_id = text(raw, "from").removeprefix("+"), text(raw, "from_user_id")
        if not phone.isdecimal() and is_user_id(phone):
            phone, user_id = "", user_id or phone
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
    return _digest(msgspec.json.encode(content, order="sorted"))


def _dated_id(content: Any, time: int) -> str:
    """An id of what may happen again in the same words, as a template may be paused twice.

    Args:
        time: that of the entry, seconds; 0 where it tells none. It counts where the content tells no time of
            its own.
    """
    # Whether Meta keeps the entry's time when it sends the same again is not known. Where it does not, an
    # event may be heard twice, which costs less than an alert that is taken for an old one and lost.
    written = msgspec.json.encode(content, order="sorted")
    return _digest(written if _TIMESTAMP in written else b"%d:%b" % (time, written))


def _digest(written: bytes) -> str:
    return f"content:{hashlib.blake2b(written, digest_size=16).hexdigest()}"


def wrap(message: Message, to: str, opaque: str | None = None) -> Raw:
    """The body of ``POST /{phone number id}/messages``.

    Args:
        message: what to send.
        to: whom to send it to, see ``rasa_whatsapp.addresses.address``.
        opaque: the id of our outbox row, 32 hexadecimal digits; statuses bring it back as ``outbox_id``. It
            goes before the message's own opaque data when both fit into WhatsApp's 512 characters.

    Raises:
        MessageError: nobody can be written to by this recipient, or not with such a message: groups get no
            interactive ones. Source: Meta, Cloud API, Groups API.
    """
    recipient = address(to)
    if recipient["recipient_type"] == "group" and isinstance(message, Interactive):
        raise MessageError("to", "is a group, which gets no interactive message: send a text")
    body = {"messaging_product": "whatsapp", **recipient, **message.to_json()}
    if opaque:
        theirs = message.opaque
        ours = f"rw:{opaque}:{theirs}" if theirs else f"rw:{opaque}"
        body["biz_opaque_callback_data"] = ours if length(ours) <= OPAQUE else theirs
    return body
