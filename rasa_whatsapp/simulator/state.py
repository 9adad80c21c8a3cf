"""Everything the local WhatsApp remembers, in one object of plain data."""

import base64
import hashlib
from typing import Any, Literal

import msgspec

from rasa_whatsapp.simulator.content import Offer, offers, plain_text
from rasa_whatsapp.simulator.ids import digits

# Older messages are forgotten, so that a long run does not grow.
KEPT_MESSAGES = 20_000
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


class Price(msgspec.Struct, kw_only=True, frozen=True):
    """What Meta charges for a message, as its status tells it: nothing, or by the category."""

    type: Literal["regular", "free_customer_service", "free_entry_point"]
    category: str

    @property
    def billable(self) -> bool:
        """Whether it is charged at all."""
        return self.type == "regular"

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        if self.type == "free_entry_point":
            return "The person came by an advertisement and was answered: 72 hours cost nothing."
        if self.type == "regular":
            return f"Templates of the category {self.category} are charged" + (
                " outside the 24-hour window." if self.category == "utility" else "."
            )
        what = "Utility templates" if self.category == "utility" else "Answers"
        return f"{what} within 24 hours of the person's message cost nothing."

    def to_json(self) -> dict[str, Any]:
        """The price as it stands in a status."""
        return {
            "billable": self.billable,
            "pricing_model": "PMP",
            "type": self.type,
            "category": self.category,
        }


class Wording(msgspec.Struct, kw_only=True, frozen=True):
    """A template as people read it, filled in; ``buttons`` are their titles."""

    header: str
    body: str
    footer: str
    buttons: list[str]


class Message(msgspec.Struct, kw_only=True):
    """One message of a conversation; ``content`` is the message object exactly as it is on the wire, ``at``
    when it was written, in seconds since 1970. ``forwarded`` is empty for what was written here, else "once"
    or "often". ``price`` is what Meta charges the bot for it, ``wording`` how it reads where it is a template
    of the account.
    """

    id: str
    user: str
    from_bot: bool
    at: float
    content: dict[str, Any]
    status: str | None = None
    error: str | None = None
    reply_to: str | None = None
    forwarded: Literal["", "once", "often"] = ""
    reactions: dict[str, str | None] = msgspec.field(default_factory=lambda: {"user": None, "bot": None})
    seen: bool = False
    opaque: str = ""
    by_user_id: bool = False
    price: Price | None = None
    wording: Wording | None = None

    @property
    def type(self) -> str:
        """The message's type, such as ``text`` or ``interactive``."""
        return str(self.content.get("type", "text"))

    @property
    def text(self) -> str:
        """What the message says in plain words, whatever its type; a template begins with its name."""
        if self.wording is None:
            return plain_text(self.content)
        read = (self.wording.header, self.wording.body, self.wording.footer)
        return "\n".join(filter(None, (str(self.content["template"]["name"]), *read)))

    @property
    def offers(self) -> list[Offer]:
        """What can be tapped, in the order it is shown."""
        return offers(self.content, self.wording.buttons if self.wording else ())

    def to_json(self) -> dict[str, Any]:
        """The message as the page knows it."""
        return {
            "id": self.id,
            "user": self.user,
            "from": "bot" if self.from_bot else "user",
            "at": self.at,
            "status": self.status,
            "error": self.error,
            "reply_to": self.reply_to,
            "forwarded": self.forwarded,
            "reactions": self.reactions,
            "content": self.content,
            "text": self.text,
            "wording": msgspec.to_builtins(self.wording),
            "price": self.price.to_json() if self.price and not self.error else None,
        }


class Media(msgspec.Struct, kw_only=True):
    """A file that was uploaded or sent, and until when its id may be used (epoch seconds)."""

    id: str
    data: bytes
    mime_type: str
    filename: str = ""
    expires_at: float


class State(msgspec.Struct, kw_only=True):
    """People, messages, whose they are (message ids by ``Person.key``), and files."""

    people: dict[str, Person] = msgspec.field(default_factory=dict)
    messages: dict[str, Message] = msgspec.field(default_factory=dict)
    conversations: dict[str, list[str]] = msgspec.field(default_factory=dict)
    media: dict[str, Media] = msgspec.field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Keep a message, and forget the oldest ones over the limit."""
        self.messages[message.id] = message
        self.conversations.setdefault(message.user, []).append(message.id)
        while len(self.messages) > KEPT_MESSAGES:
            oldest = self.messages.pop(next(iter(self.messages)))
            self.conversations[oldest.user].remove(oldest.id)

    @property
    def since(self) -> float:
        """When the oldest message was written that is still here; everything older is forgotten."""
        return next((message.at for message in self.messages.values()), 0.0)

    def conversation(self, user: str) -> list[Message]:
        """The messages between the bot and one person, oldest first."""
        return [self.messages[id_] for id_ in self.conversations.get(user, ())]

    def person_by_phone(self, phone: str) -> Person | None:
        """The person with this phone number, whole or as WhatsApp knows it."""
        person = self.people.get(phone)
        if person is not None and person.phone == phone:
            return person
        people = self.people.values()
        whole = (person for person in people if person.phone == phone)
        return next(whole, None) or next((person for person in people if person.known_as == phone), None)

    def person(self, name: str) -> Person | None:
        """The person whom this phone number, in any form, or user id or key names."""
        phone = digits(name)
        found = self.people.get(name) or self.person_by_user_id(name)
        return found or (self.person_by_phone(phone) if phone else None)

    def given_up(self, name: str) -> bool:
        """Whether somebody went by this phone number or user id, and no longer does."""
        return any(name in person.former for person in self.people.values())

    def person_by_user_id(self, user_id: str) -> Person | None:
        """The person with this business-scoped user id."""
        return next((person for person in self.people.values() if person.user_id == user_id), None)
