"""Where people can be reached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rasa_whatsapp.addresses import USER_ID
from rasa_whatsapp.addresses import address as wire_address
from rasa_whatsapp.delivery.identity import Identity
from rasa_whatsapp.delivery.outbox import Destination
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.events import Person

_ADDRESS = re.compile(rf"\+?\d{{7,15}}|{USER_ID}")
"""A phone number or a user id, with which a conversation may be called before its person ever wrote."""


class Address(NamedTuple):
    """Where to write to somebody and which number to use."""

    to: str
    number: str


class Directory:
    """Finds the address of a conversation, and the conversation of an address.

    Args:
        store: knows who wrote and from where.
        identity: how conversations are called.
        numbers: the ``phone_number_id`` of each of our numbers; the first is used where nothing is known.
    """

    def __init__(self, store: Store, identity: Identity, numbers: Sequence[str]) -> None:
        self._store = store
        self._identity = identity
        self._numbers = numbers

    async def address(self, conversation: str) -> Address | None:
        """Where to write to somebody who has not just written, or None when that cannot be known.

        It is where they last wrote from, by the number they wrote to. For somebody who never wrote, the
        conversation's id must be a phone number or a user id; the first number is used.
        """
        contact = await self._store.contact(conversation)
        if contact is not None:
            return Address(contact.address, self._ours(contact.number))
        number, _, person = conversation.rpartition(":")
        return Address(person, self._ours(number)) if _ADDRESS.fullmatch(person) else None

    async def find(self, to: str, number: str, turn: str) -> Destination:
        """Whom a message goes to that answers none.

        Args:
            to: a conversation's id, or whatever ``rasa_whatsapp.addresses.address`` reads: a phone number
                in any human form, a user id, a group's id.
            number: the ``phone_number_id`` to send by; empty for the one the person last wrote to.
            turn: a fresh id.

        Raises:
            MessageError: the recipient is blank, or can be no phone number, user id or group's id.
            StoreError: the store cannot be read.
        """
        contact = await self._store.contact(to)
        if contact is not None:
            return Destination(turn, to, contact.address, number or self._ours(contact.number))
        wire = wire_address(to)
        person = _person(wire)
        if person is None:
            return Destination(turn, to, wire["to"], number or self._numbers[0])
        for each in [number] if number else self._numbers:
            for alias in person.aliases:
                conversation = await self._store.owner(self._identity.prefix(each) + alias)
                contact = await self._store.contact(conversation) if conversation else None
                if conversation and contact is not None:
                    return Destination(
                        turn, conversation, person.address, number or self._ours(contact.number)
                    )
        number = number or self._numbers[0]
        return Destination(turn, self._identity.wanted(person, number), person.address, number)

    def _ours(self, number: str) -> str:
        return number if number in self._numbers else self._numbers[0]


def _person(wire: dict[str, str]) -> Person | None:
    """Who a message for one person goes to; None for a group."""
    if wire["recipient_type"] != "individual":
        return None
    if "recipient" in wire:
        return Person(user_id=wire["recipient"])
    return Person(phone=wire["to"].removeprefix("+"))
