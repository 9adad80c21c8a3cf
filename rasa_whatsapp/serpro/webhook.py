"""Serpro's webhook at the door: who sent it, and what it tells.

Serpro delivers the ``value`` object of Meta's webhooks, bare, with fields of its own beside it. Nothing about
it is signed: a delivery proves where it comes from by what only Serpro was told.

Source: Serpro, WhatsApp API, "Tipos de mensagens de status"; the credentials from captured deliveries.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any, NamedTuple

from rasa_whatsapp.cloud import payload
from rasa_whatsapp.errors import PayloadError, SignatureMissing, SignatureWrong
from rasa_whatsapp.events import Event, Status
from rasa_whatsapp.fields import items, mapping, text
from rasa_whatsapp.wire import loads, sound

Raw = dict[str, Any]

REQUEST_ID = "idRequisicao"
"""Where Serpro says which request a status belongs to: beside the statuses, or within one."""


class Proof(NamedTuple):
    """What a delivery must bring along; an empty field is not asked for.

    Attributes:
        token: comes as ``Authorization: Bearer``; Serpro calls it ``jwtToken``.
        username, password: come as ``Authorization: Basic``.
        path_token: the last part of the webhook's URL.
    """

    token: str = ""
    username: str = ""
    password: str = ""
    path_token: str = ""

    def __bool__(self) -> bool:
        return any(self)

    def __repr__(self) -> str:
        return f"Proof(asks_for={[name for name in self._fields if getattr(self, name)]})"


def check_proof(headers: Mapping[str, str], path_token: str, proof: Proof) -> None:
    """Checks a delivery in constant time; of bearer and Basic one suffices where both are known.

    Raises:
        SignatureMissing: it brings no credentials.
        SignatureWrong: it brings wrong ones, or came to the wrong path.
    """
    right_path = not proof.path_token or _same(path_token, proof.path_token)
    header = headers.get("authorization") or ""
    scheme, _, given = header.partition(" ")
    given = given.strip()
    if proof.token or proof.username or proof.password:
        if not given:
            raise SignatureMissing("The delivery has no credentials in its Authorization header.")
        bearer = scheme.lower() == "bearer" and bool(proof.token) and _same(given, proof.token)
        expected = f"{proof.username}:{proof.password}"
        basic = scheme.lower() == "basic" and expected != ":" and _same(_decoded(given), expected)
        if not (bearer or basic):
            raise SignatureWrong(
                "The Authorization header is not that of webhook_token, or of webhook_username and "
                "webhook_password. `rasa-whatsapp webhook show` tells what Serpro knows."
            )
    if not right_path:
        raise SignatureWrong("The delivery came to another path than that of webhook_path_token.")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def _decoded(basic: str) -> str:
    try:
        return base64.b64decode(basic, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def read(body: bytes) -> Raw | list[Any]:
    """Reads the body of an authentic delivery.

    Raises:
        PayloadError: it is not JSON, or neither an object nor an array.
    """
    try:
        document = loads(body)
    except ValueError as error:
        raise PayloadError(f"The body is not JSON: {error}.") from None
    if not isinstance(document, (dict, list)):
        raise PayloadError(f"The body is JSON but no object or array: {type(document).__name__}.")
    return document


def parse(document: Raw | list[Any]) -> list[Event]:
    """All events of a delivery, in order.

    Understood are a bare ``value`` object, an array of them (each perhaps under ``body``, as relays wrap it),
    and Meta's whole envelope. Arrays that are there and empty say nothing. A status keeps the id of its
    request in ``raw["idRequisicao"]``.
    """
    document = sound(document)
    if isinstance(document, list):
        values = [mapping(item, "body") or item for item in document if isinstance(item, dict)]
    else:
        values = [document]
    return [event for value in values for event in _events(value)]


def request_id(status: Status) -> str:
    """The id of the request that a status belongs to; empty when Serpro did not say."""
    return text(status.raw, REQUEST_ID)


def _events(value: Raw) -> list[Event]:
    if value.get("object") == "whatsapp_business_account":
        return payload.parse_sound(value)
    change = {"field": "messages", "value": _with_names(_with_request_ids(value))}
    return payload.parse_sound({"entry": [{"changes": [change]}]}) if _says_something(value) else []


def _says_something(value: Raw) -> bool:
    known = ("messages", "statuses", "errors")
    return any(value.get(name) for name in known) or not any(name in value for name in known)


def _with_request_ids(value: Raw) -> Raw:
    """Each status with the id of its request, wherever that stood."""
    id = text(value, REQUEST_ID)
    if not id or not value.get("statuses"):
        return value
    return {**value, "statuses": [{REQUEST_ID: id, **status} for status in items(value, "statuses")]}


def _with_names(value: Raw) -> Raw:
    """The only contact belongs to the only sender, also where their ids differ by a Brazilian ninth digit."""
    contacts = items(value, "contacts")
    senders = {text(message, "from") for message in items(value, "messages")}
    if len(contacts) != 1 or len(senders) != 1 or not all(senders):
        return value
    return {**value, "contacts": [{**contacts[0], "wa_id": senders.pop()}]}
