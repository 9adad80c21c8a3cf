"""Webhooks as Serpro writes them: the ``value`` of one of Meta's changes, bare, with fields of its own.

Source: Serpro, WhatsApp API, "Tipos de mensagens de status"; headers and the empty arrays from a capture.
"""

from __future__ import annotations

import json
from typing import Any

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.serpro.hooks import Hooks
from rasa_whatsapp.simulator.state import Message, Person
from rasa_whatsapp.simulator.webhook.envelope import message_value, status_value

_EMPTY: dict[str, Any] = {"contacts": [], "messages": [], "errors": [], "statuses": [], "delay": 0}
# What the Cloud API says of people, files and messages, and Serpro does not.
_UNSAID = ("user_id", "from_user_id", "recipient_user_id", "username", "biz_opaque_callback_data", "url")


class SerproWire:
    """Bare values with a bearer token; a status belongs to the request that its message was sent by."""

    tells_user_ids = False

    def __init__(self, account: Account, hooks: Hooks) -> None:
        self._account = account
        self._hooks = hooks

    def merged(self, bodies: list[dict[str, Any]]) -> object:
        return bodies

    def whole(self, value: dict[str, Any]) -> dict[str, Any]:
        return {**_EMPTY, **value}

    def message(self, person: Person, message: Message) -> dict[str, Any]:
        value = message_value(self._account, person, message)
        return self.whole({**value, **{name: _without(value[name]) for name in ("contacts", "messages")}})

    def status(
        self, person: Person, message: Message, status: str, at: float, failure: Refusal | None = None
    ) -> dict[str, Any]:
        value = status_value(self._account, person, message, status, at, failure)
        statuses = _without(value["statuses"])
        return self.whole({**value, "contacts": [], "statuses": statuses, "idRequisicao": message.opaque})

    def notice(self, field: str, value: dict[str, Any], at: float) -> dict[str, Any] | None:
        return None

    def encode(self, body: object) -> bytes:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    def headers(self, body: bytes, *, proved: bool) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "Resteasy Reactive Client"}
        return headers | ({"Authorization": f"Bearer {self._hooks.token}"} if proved else {})


def _without(value: Any) -> Any:
    """The same without what Serpro does not say, however deep it stands."""
    if isinstance(value, list):
        return [_without(item) for item in value]
    if isinstance(value, dict):
        return {name: _without(item) for name, item in value.items() if name not in _UNSAID}
    return value
