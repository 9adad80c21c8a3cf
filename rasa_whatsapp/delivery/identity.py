"""How a person is called: the names they are recognised by, and the name that Rasa knows them by."""

from __future__ import annotations

import hashlib
import hmac

from rasa_whatsapp.delivery.rows import Arrival, Contact
from rasa_whatsapp.delivery.stores.erasure import REPORT
from rasa_whatsapp.events import Echo, Event, Message, NumberChanged, Person, UserIdChanged
from rasa_whatsapp.settings import Settings

_BY_THEMSELVES = (Message, NumberChanged, UserIdChanged)
"""What tells where somebody is reached; the last of our numbers that told anything of it answers."""


class Identity:
    """Makes arrivals out of events: whose they are, under which names.

    Args:
        sender_id: what a new conversation is called: the phone number's digits (else the user id), the
            user id (else the digits), or a pseudonym of either.
        per_number: a person has one conversation with each of our numbers instead of one over all.
        pseudonym_key: the secret under which pseudonyms are made.
    """

    def __init__(self, sender_id: str, per_number: bool, pseudonym_key: str = "") -> None:
        self._sender_id = sender_id
        self._per_number = per_number
        self._pseudonym_key = pseudonym_key.encode()

    @classmethod
    def of(cls, settings: Settings) -> Identity:
        """As the settings say."""
        return cls(settings.sender_id, settings.conversation_per_number, settings.pseudonym_key)

    def arrival(self, event: Event, body: bytes, at: float) -> Arrival:
        """The arrival of an event that must not be lost."""
        prefix = self.prefix(event.number.phone_number_id)
        known_as, aliases, forget = _names(event)
        if not known_as:
            return Arrival(id=event.key, wanted=_key(f"{REPORT}{event.key}"), body=body, at=at)
        return Arrival(
            id=event.key,
            wanted=_key(prefix + self._name(known_as)),
            aliases=tuple([prefix + alias for alias in aliases]) if prefix else aliases,
            forget=prefix + forget if forget else "",
            contact=_contact(known_as, event, at) if isinstance(event, _BY_THEMSELVES) else None,
            body=body,
            at=at,
        )

    def wanted(self, person: Person, number: str) -> str:
        """What the conversation of somebody is called who never wrote, if it is with that number."""
        return self.prefix(number) + self._name(person)

    def prefix(self, number: str) -> str:
        """What stands before the names of people in conversations with that number."""
        return f"{number}:" if self._per_number else ""

    def _name(self, person: Person) -> str:
        user_id = person.user_id or person.parent_user_id
        if self._sender_id == "user_id":
            return user_id or person.phone
        name = person.phone or user_id
        if self._sender_id == "pseudonym":
            return hmac.new(self._pseudonym_key, name.encode(), hashlib.sha256).hexdigest()[:32]
        return name


def _key(name: str) -> str:
    # JSON may have NUL in a name, which SQLite, where it reads JSON, takes for the end of it.
    return name.replace("\0", "\ufffd")


def _names(event: Event) -> tuple[Person, tuple[str, ...], str]:
    """The person, every name they go by, and the name that no longer is theirs."""
    person = event.recipient if isinstance(event, Echo) else event.sender
    if isinstance(event, NumberChanged):
        old = f"phone:{event.old}" if event.old else ""
        person = Person(phone=event.new, user_id=event.user_id or person.user_id)
        return person, _unique(old, *event.sender.aliases, *person.aliases), old
    if isinstance(event, UserIdChanged):
        old = f"user_id:{event.previous}" if event.previous else ""
        person = Person(phone=person.phone, user_id=event.current)
        return person, _unique(old, *event.sender.aliases, *person.aliases), old
    return person, person.aliases, ""


def _contact(person: Person, event: Event, at: float) -> Contact:
    return Contact(
        phone=person.phone,
        user_id=person.user_id or person.parent_user_id,
        number=event.number.phone_number_id,
        seen=at,
    )


def _unique(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
