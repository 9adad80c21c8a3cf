"""Meta's wire: a webhook's body becomes events, a message becomes a request body.

Nothing that arrives makes ``parse`` raise: an object that it does not understand is kept whole, in an event
that says so; what stands in an object's place without being one is passed over.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec

from rasa_whatsapp import events
from rasa_whatsapp.cloud.fields import items, mapping, text, whole
from rasa_whatsapp.cloud.inbound import errors_of, message_event
from rasa_whatsapp.cloud.notices import notice
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Message
from rasa_whatsapp.messages.limits import OPAQUE, length
from rasa_whatsapp.wire import sound

Raw = dict[str, Any]

_OUTBOX_ID = re.compile(r"rw:([0-9a-f]{32})(?::|$)")
"""Our own part at the head of ``biz_opaque_callback_data``; the caller's part follows the colon."""

_GROUP_ID = re.compile(r"[A-Za-z0-9_=+/@.:-]{5,512}")
_WIRE_PHONE = re.compile(r"\+[1-9][0-9]{0,14}")
_SHORTEST = 7
"""Digits of the shortest numbers, those of Niue: three of the country code and four."""
_WITH_COUNTRY_CODE = "write the number with its country code, for example +55 61 99999-0001"
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


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
            found += _change(change) or [_notification(change, entry)]
    return found


def _change(change: Raw) -> list[events.Event]:
    """The typed events of one change; none where its field, or its form, is not known."""
    read = _FIELDS.get(text(change, "field"))
    value = mapping(change, "value")
    return list(read(value, _number(value))) if read else []


def _number(value: Raw) -> events.Number:
    metadata = mapping(value, "metadata")
    return events.Number(
        phone_number_id=text(metadata, "phone_number_id"), display=text(metadata, "display_phone_number")
    )


def _notification(change: Raw, entry: Raw) -> events.Notification:
    # The entry's time is that of the delivery: it may differ when Meta sends the same again, so that it has
    # no part in the id.
    value = mapping(change, "value")
    kind, typed = notice(text(change, "field"), value)
    return kind(
        id=_content_id(change),
        timestamp=whole(value, "timestamp") or whole(entry, "time"),
        number=_number(value),
        field=text(change, "field"),
        value=change.get("value"),
        waba_id=text(entry, "id"),
        **typed,
    )


def _messages(value: Raw, number: events.Number) -> Iterator[events.Event]:
    people = _People(value)
    for raw in items(value, "messages"):
        if "history_context" in raw:
            yield _past(raw, people.sender(raw), number)
        else:
            yield message_event(raw, _id(raw), people.sender(raw), number)
    for raw in items(value, "statuses"):
        yield _status(raw, people, number)
    yield from _errors(value, number, "messages")


def _errors(holder: Raw, number: events.Number, field: str) -> Iterator[events.Event]:
    """The errors that belong to no message."""
    if errors := errors_of(holder):
        raw = {"errors": holder["errors"]}
        yield events.OutOfBandError(id=_content_id(raw), number=number, field=field, errors=errors, raw=raw)


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
            recipient=_written_to(raw),
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
            person = _thread_person(thread)
            for raw in items(thread, "messages"):
                yield _past(raw, person, number, **about)
        yield from _errors(part, number, "history")
    people = _People(value)
    for raw in items(value, "messages"):
        person = _written_to(raw) if _is_ours(raw, number) else people.sender(raw)
        yield _past(raw, person, number)
    yield from _errors(value, number, "history")


def _thread_person(thread: Raw) -> events.Person:
    context, id = mapping(thread, "context"), text(thread, "id")
    named = "user_id" if _USER_ID.fullmatch(id) else "phone"
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


def _user_ids(value: Raw, number: events.Number) -> Iterator[events.Event]:
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
        if not phone.isdecimal() and _USER_ID.fullmatch(phone):
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
    business's own country code in front. A business-scoped user id goes into ``recipient``; what else may
    be a group's id is taken for one. Source: Meta, Cloud API, Messages; Business-scoped user IDs; ITU-T
    E.164, where no country code begins with 0.

    Raises:
        MessageError: the recipient is blank, begins like a phone number and is none, lacks its country code
            (it begins with a single 0, or has fewer than 7 digits and no plus sign), or is nothing of these.
    """
    if _WIRE_PHONE.fullmatch(to):  # as nearly always: written like that already
        return {"recipient_type": "individual", "to": to}
    # A number that is copied from a page or a contact brings marks of direction and dashes of print.
    if not to.isascii():
        to = "".join(each for each in to if unicodedata.category(each) != "Cf")
        to = re.sub(r"[\u2010-\u2015\u2212]", "-", to)
    to = re.sub(r"(?i)^(tel|sms|whatsapp):", "", to.strip())
    if _USER_ID.fullmatch(to):
        return {"recipient_type": "individual", "recipient": to}
    digits = re.sub(r"^00(?=[1-9])", "", re.sub(r"[\s()./-]", "", to).removeprefix("+"))
    if digits.isascii() and digits.isdecimal() and len(digits) <= 15:
        # With the plus sign it may be somebody who has written: they are answered whatever their number.
        if not to.startswith("+"):
            _check_country_code(digits)
        return {"recipient_type": "individual", "to": f"+{digits}"}
    if not digits:
        raise MessageError("to", "is blank; a phone number, a user id or a group id is needed")
    if to.startswith("+"):
        raise MessageError("to", "begins with + but is no phone number of up to 15 digits")
    if not _GROUP_ID.fullmatch(to):
        raise MessageError("to", "is no phone number, user id or group id")
    return {"recipient_type": "group", "to": to}


def _check_country_code(digits: str) -> None:
    """Refuses what is dialled within a country, such as 061 in Brazil, where the 0 stands before the area."""
    if digits.startswith("0"):
        raise MessageError("to", f"begins with 0: {_WITH_COUNTRY_CODE}")
    if len(digits) < _SHORTEST:
        raise MessageError("to", f"has fewer than {_SHORTEST} digits: {_WITH_COUNTRY_CODE}")
