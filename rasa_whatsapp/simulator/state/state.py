"""Everything the local WhatsApp remembers, in one object of plain data."""

import msgspec

from rasa_whatsapp.simulator.ids import digits
from rasa_whatsapp.simulator.state.message import Message
from rasa_whatsapp.simulator.state.person import Person

# Older messages are forgotten, so that a long run does not grow.
KEPT_MESSAGES = 20_000


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
