"""Webhooks: what every gateway must say about a message, and how Meta says it.

Source: Meta, Webhooks, Payload: non-ASCII characters are escaped as ``\\uXXXX`` and "/" as ``\\/``, and
``X-Hub-Signature-256`` is the HMAC of those bytes under the app secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Protocol

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Message, Person, Price

# A message that was forwarded many times carries the second alone.
_FORWARDED = {"once": "forwarded", "often": "frequently_forwarded"}


class Wire(Protocol):
    """How a gateway writes its webhooks."""

    tells_user_ids: bool
    """Whether a person's business-scoped user id stands in them."""

    def merged(self, bodies: list[dict[str, Any]]) -> object:
        """Several bodies as one."""

    def whole(self, value: dict[str, Any]) -> dict[str, Any]:
        """The ``value`` of one change as a whole body."""

    def message(self, person: Person, message: Message) -> dict[str, Any]:
        """The body for a message that a person sent."""

    def status(
        self, person: Person, message: Message, status: str, at: float, failure: Refusal | None = None
    ) -> dict[str, Any]:
        """The body for what became of a message of the bot."""

    def notice(self, field: str, value: dict[str, Any], at: float) -> dict[str, Any] | None:
        """The body for a change of another field than messages; None where the gateway tells of none."""

    def encode(self, body: object) -> bytes:
        """The exact bytes of a body."""

    def headers(self, body: bytes, *, proved: bool) -> dict[str, str]:
        """The headers of a delivery, with the proof of where it comes from unless it is to have none."""


class MetaWire:
    """Webhooks as Meta writes them: the envelope, the exact bytes and their signature."""

    tells_user_ids = True

    def __init__(self, account: Account) -> None:
        self._account = account

    def merged(self, bodies: list[dict[str, Any]]) -> object:
        return {"object": bodies[0]["object"], "entry": [each for body in bodies for each in body["entry"]]}

    def whole(self, value: dict[str, Any]) -> dict[str, Any]:
        return envelope(self._account, value)

    def message(self, person: Person, message: Message) -> dict[str, Any]:
        return self.whole(message_value(self._account, person, message))

    def status(
        self, person: Person, message: Message, status: str, at: float, failure: Refusal | None = None
    ) -> dict[str, Any]:
        return self.whole(status_value(self._account, person, message, status, at, failure))

    def notice(self, field: str, value: dict[str, Any], at: float) -> dict[str, Any] | None:
        if field == "user_preferences":
            return envelope(self._account, _value(self._account) | value, field)
        body = envelope(self._account, value, field)
        body["entry"][0]["time"] = int(at)
        return body

    def encode(self, body: object) -> bytes:
        return encode(body)

    def headers(self, body: bytes, *, proved: bool) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        return headers | ({"X-Hub-Signature-256": sign(body, self._account.app_secret)} if proved else {})


def encode(body: object) -> bytes:
    """The bytes that Meta would send for a JSON value."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def sign(body: bytes, app_secret: str) -> str:
    """The value of ``X-Hub-Signature-256`` for these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def envelope(account: Account, value: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    """One change of one account as a whole body."""
    entry = {"id": account.waba_id, "changes": [{"value": value, "field": field}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def message_value(account: Account, person: Person, message: Message) -> dict[str, Any]:
    """A message that a person sent."""
    wire: dict[str, Any] = {"from": person.phone} if person.phone else {}
    wire |= {"from_user_id": person.user_id, "id": message.id, "timestamp": str(int(message.at))}
    if message.reply_to:
        wire["context"] = {"from": account.display_phone_number, "id": message.reply_to}
    if message.forwarded:
        wire["context"] = {_FORWARDED[message.forwarded]: True}
    return _value(account) | {"contacts": [_contact(person)], "messages": [wire | message.content]}


def status_value(
    account: Account, person: Person, message: Message, status: str, at: float, failure: Refusal | None = None
) -> dict[str, Any]:
    """What became of a message of the bot.

    A failed status carries no ``contacts``, and no user id when the message was sent to a phone number.
    """
    wire: dict[str, Any] = {"id": message.id, "status": status, "timestamp": str(int(at))}
    if person.phone:
        wire["recipient_id"] = person.phone
    if failure is None or message.by_user_id:
        wire["recipient_user_id"] = person.user_id
    if message.opaque:
        wire["biz_opaque_callback_data"] = message.opaque
    if failure is not None:
        return _value(account) | {"statuses": [wire | {"errors": [failure.in_webhook()]}]}
    if status == "sent" and message.price:
        wire["pricing"] = message.price.to_json()
        if message.price.type == "free_entry_point":
            wire["conversation"] = _entry(person, message.price)
    return _value(account) | {"contacts": [_contact(person)], "statuses": [wire]}


def preference(person: Person, wanted: bool, at: float) -> dict[str, Any]:
    """That a person stops or resumes a business's marketing messages, under ``user_preferences``."""
    word = "resume" if wanted else "stop"
    change = {
        "user_id": person.user_id,
        "detail": f"User requested to {word} marketing messages",
        "category": "marketing_messages",
        "value": word,
        "timestamp": int(at),
    }
    change |= {"wa_id": person.phone} if person.phone else {}
    return {"contacts": [_contact(person)], "user_preferences": [change]}


def _value(account: Account) -> dict[str, Any]:
    number = {
        "display_phone_number": account.display_phone_number,
        "phone_number_id": account.phone_number_id,
    }
    return {"messaging_product": "whatsapp", "metadata": number}


def _contact(person: Person) -> dict[str, Any]:
    profile = {"name": person.name} | ({"username": person.username} if person.username else {})
    contact: dict[str, Any] = {"profile": profile, "user_id": person.user_id}
    return contact | ({"wa_id": person.phone} if person.phone else {})


def _entry(person: Person, price: Price) -> dict[str, Any]:
    """The conversation that is free: Meta tells of no other since Graph API v24.0."""
    entry_id = hashlib.sha256(f"{person.key} {person.entered_at}".encode()).hexdigest()[:32]
    ends = str(int(person.entry_ends))
    return {"id": entry_id, "expiration_timestamp": ends, "origin": {"type": price.category}}
