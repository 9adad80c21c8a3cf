"""How people are known to the bot: by number and user id, which change, are hidden or shortened.

Source: Meta, Business-scoped user IDs; Webhooks, system messages and user preferences.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import Ids, digits, user_id_of
from rasa_whatsapp.simulator.state import Message, Person, State
from rasa_whatsapp.simulator.switches.bad_day import Luck
from rasa_whatsapp.simulator.webhook.deliveries import Webhook
from rasa_whatsapp.simulator.webhook.envelope import Wire, preference

_BRAZILIAN_MOBILE = re.compile(r"(55\d\d)9(\d{8})")
"""WhatsApp knows many of these numbers without the 9 that was added to them later."""
_CHANGED_DIGITS = 7
"""How many digits of a phone number are others when a person gets another one of the same place."""


class Identities:
    """Everybody by phone number and user id; the bot is told when somebody changes.

    Args:
        tell: tells every listener, such as an open page, that something happened.
    """

    def __init__(
        self,
        state: State,
        webhook: Webhook,
        wire: Wire,
        luck: Luck,
        clock: Clock,
        ids: Ids,
        tell: Callable[[dict[str, Any]], None],
    ) -> None:
        self._state = state
        self._webhook = webhook
        self._wire = wire
        self._luck = luck
        self._clock = clock
        self._ids = ids
        self._tell = tell

    def person(self, phone: str = "", *, name: str = "", user_id: str = "", username: str = "") -> Person:
        """The person with this phone number or user id, who begins to exist when unknown."""
        phone, state = digits(phone), self._state
        if not phone and not user_id:
            raise ValueError("A person needs a phone number or a user id.")
        person = state.person_by_phone(phone) if phone else state.person_by_user_id(user_id)
        if person is None:
            user_id = user_id or self._new_user_id(phone)
            key = user_id if phone in state.people else phone  # it is another's who had this number before
            person = Person(key=key, phone=phone, user_id=user_id, name=name, username=username)
            state.people[person.key] = person
        elif person.name or not name:
            return person
        person.name = name
        self._tell({"type": "user", "user": person.to_json()})
        return person

    def wants_marketing(self, person: Person, wanted: bool) -> None:
        """The person stops or resumes the business's marketing messages; the bot is told."""
        person.stopped_marketing = not wanted
        self._tell({"type": "user", "user": person.to_json()})
        now = self._clock.now()
        told = preference(self.as_told(person), wanted, now)
        if (body := self._wire.notice("user_preferences", told, now)) is not None:
            self._webhook.send(body)

    def perhaps_changed(self, person: Person) -> None:
        """On a bad day, the person has another number or user id than before."""
        if person.phone and self._luck.strikes("new_numbers"):
            self.change_number(person, self._new_number(person.phone))
        if self._wire.tells_user_ids and self._luck.strikes("new_user_ids"):
            self.change_user_id(person)

    def change_number(self, person: Person, phone: str) -> None:
        """The person moves to another phone number, and stays the same person; the bot is told.

        The old number then reaches nobody, until somebody else has it. WhatsApp makes another user id with
        the number. Source: Meta, Business-scoped user IDs; Webhooks, system messages.

        Raises:
            ValueError: this is no phone number or another's, or the person hides theirs.
        """
        phone = digits(phone)
        if not person.phone:
            raise ValueError("Who hides the phone number has none to change.")
        if not phone:
            raise ValueError("A phone number has digits.")
        if self._state.person_by_phone(phone):
            raise ValueError("Somebody has this phone number already.")
        before = msgspec.structs.replace(self.as_told(person))
        person.give_up(person.phone, person.known_as)
        person.phone, person.known_as = phone, ""
        now = self.as_known(person)
        words = f"User {person.name} changed from {before.phone or before.user_id} to {now.phone}"
        self._notify(before, {"type": "user_changed_number", "wa_id": now.phone, "body": words})
        self.change_user_id(person)

    def change_user_id(self, person: Person) -> None:
        """The person gets another user id, of which the bot is told; it stays the same person."""
        before, person.user_id = person.user_id, user_id_of(f"{person.key} {self._ids.message()}")
        person.give_up(before)
        self._tell({"type": "user", "user": person.to_json()})
        if self._wire.tells_user_ids:
            words = f"User {person.name} changed from {before} to {person.user_id}"
            system = {"type": "user_changed_user_id", "user_id": person.user_id, "body": words}
            self._notify(self.as_told(person), system)

    def _notify(self, person: Person, system: dict[str, Any]) -> None:
        """The bot is told what has changed about a person."""
        notice = Message(
            id=self._ids.message(),
            user=person.key,
            from_bot=False,
            at=self._clock.now(),
            content={"type": "system", "system": system},
        )
        self._webhook.send(self._wire.message(person, notice))

    def _new_number(self, phone: str) -> str:
        """Another number of the same place, which is nobody's."""
        while True:
            new = phone[:-_CHANGED_DIGITS] + self._luck.digits("new_numbers", _CHANGED_DIGITS)
            if not self._state.person_by_phone(new) and not self._state.given_up(new):
                return new

    def _new_user_id(self, phone: str) -> str:
        """The user id of somebody who begins to exist with this number."""
        user_id = user_id_of(phone)
        return user_id_of(f"{phone} {self._ids.message()}") if self._state.given_up(user_id) else user_id

    def as_told(self, person: Person) -> Person:
        """The person as the bot is told of them: perhaps without number."""
        if self._wire.tells_user_ids and self._luck.strikes("hidden_numbers"):
            return msgspec.structs.replace(person, phone="")
        return self.as_known(person)

    def as_known(self, person: Person) -> Person:
        """The person by the number that WhatsApp knows, which may lack the ninth digit."""
        number = _BRAZILIAN_MOBILE.fullmatch(person.phone)
        if number and self._luck.strikes_at("ninth_digit", person.phone):
            shorter = number[1] + number[2]
            if person.known_as != shorter:
                person.known_as = shorter
                self._tell({"type": "user", "user": person.to_json()})
            return msgspec.structs.replace(person, phone=person.known_as)
        return person
