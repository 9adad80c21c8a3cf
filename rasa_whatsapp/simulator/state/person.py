"""Somebody who uses the local WhatsApp."""

import base64
import hashlib
from typing import Any

import msgspec

_KEPT_NAMES = 20


class Person(msgspec.Struct, kw_only=True):
    """Somebody who uses WhatsApp.

    Attributes:
        key: what the person goes by in the state and on the page, whatever changes: at first the phone
            number, else the user id.
        phone: digits without "+"; empty for somebody who hides it.
        known_as: the number that WhatsApp tells instead, a Brazilian one without its ninth digit; or empty.
        former: the latest phone numbers and user ids that were given up.
        reads_at_once: messages are read as soon as they arrive, as if the chat were always open.
        entered_at: when the person last wrote by way of an advertisement; 0 for never.
        entry_ends: until when the business writes to them for nothing, since it answered that message.
        stopped_marketing: the person wants no marketing messages.
        blocked: the business has blocked the person.
    """

    key: str = ""
    phone: str = ""
    known_as: str = ""
    user_id: str
    former: list[str] = msgspec.field(default_factory=list)
    name: str = ""
    username: str = ""
    last_wrote: float = 0.0
    reads_at_once: bool = False
    entered_at: float = 0.0
    entry_ends: float = 0.0
    stopped_marketing: bool = False
    blocked: bool = False

    def __post_init__(self) -> None:
        self.key = self.key or self.phone or self.user_id

    @property
    def identity_key_hash(self) -> str:
        """The hash of the key by which WhatsApp knows the person's phone; another phone has another."""
        return base64.b64encode(hashlib.sha256(self.user_id.encode()).digest()[:9]).decode()

    def give_up(self, *names: str) -> None:
        """Go by these phone numbers or user ids no longer."""
        self.former = [*self.former, *filter(None, names)][-_KEPT_NAMES:]

    def to_json(self) -> dict[str, Any]:
        """The person as the page knows them."""
        return {
            "key": self.key,
            "phone": self.phone,
            "name": self.name,
            "user_id": self.user_id,
            "username": self.username,
            "also": [*filter(None, [self.known_as]), *self.former],
            "wrote_at": self.last_wrote,
            "stopped_marketing": self.stopped_marketing,
        }
