"""What can be made out of a webhook that reaches the bot past the network, whatever stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rasa_whatsapp.simulator.ids import digits


@dataclass(frozen=True)
class Overheard:
    """One message: who wrote it, by one name at least, what stands in it, and its id, if it has one.

    ``content`` is the message object, of whatever form it came in.
    """

    phone: str
    user_id: str
    id: str | None
    content: dict[str, Any]

    @property
    def reaction(self) -> dict[str, str] | None:
        """``message_id`` and ``emoji`` as texts, where it is a reaction; what is none is empty."""
        if self.content["type"] != "reaction":
            return None
        given = self.content.get("reaction")
        given = given if isinstance(given, dict) else {}
        texts = {name: given.get(name) for name in ("message_id", "emoji")}
        return {name: text if isinstance(text, str) else "" for name, text in texts.items()}


def overheard(body: dict[str, Any]) -> Iterator[Overheard]:
    """The messages in a whole body, or in the value of one change."""
    entries = _objects(body.get("entry"))
    changes = [change for entry in entries for change in _objects(entry.get("changes"))]
    for value in _objects([body, *(change.get("value") for change in changes)]):
        for wire in _objects(value.get("messages")):
            phone, user_id = wire.get("from"), wire.get("from_user_id")
            phone = digits(phone) if isinstance(phone, str) else ""
            user_id = user_id if isinstance(user_id, str) else ""
            if phone or user_id:
                id_ = wire.get("id")
                yield Overheard(phone, user_id, id_ if isinstance(id_, str) else None, _content(wire))


def _content(wire: dict[str, Any]) -> dict[str, Any]:
    kind = str(wire.get("type"))
    return {"type": kind} | ({kind: wire[kind]} if kind in wire else {})


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
