"""WhatsApp itself: carries messages between people and the number, and reports what became of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.background import Background
from rasa_whatsapp.simulator.bad_day import Luck
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.deliveries import Webhook
from rasa_whatsapp.simulator.envelope import Wire
from rasa_whatsapp.simulator.faults import Faults
from rasa_whatsapp.simulator.ids import Ids, digits, user_id_of
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Message, Person, State

WINDOW = 24 * 60 * 60
_BRAZILIAN_MOBILE = re.compile(r"(55\d\d)9(\d{8})")
"""WhatsApp knows many of these numbers without the 9 that was added to them later."""
_CHANGED_DIGITS = 7
"""How many digits of a phone number are others when a person gets another one of the same place."""
TYPING_LASTS = 25.0

# What becomes of a free-form message to somebody who has not written for 24 hours: refused at once, accepted
# and reported as failed, or delivered like any other.
ClosedWindow = Literal["refused", "failed", "ignored"]


class Network:
    """The local WhatsApp network, between the people and one business number."""

    def __init__(
        self,
        account: Account,
        state: State,
        webhook: Webhook,
        wire: Wire,
        faults: Faults,
        luck: Luck,
        clock: Clock,
        ids: Ids,
        background: Background,
        *,
        on_message: Callable[[Person, Message], None],
        closed_window: ClosedWindow,
        status_delay: float,
    ) -> None:
        self.account = account
        self.state = state
        self.listeners: list[Callable[[dict[str, Any]], None]] = []
        self._webhook = webhook
        self._wire = wire
        self._faults = faults
        self._luck = luck
        self._clock = clock
        self._ids = ids
        self._background = background
        self._on_message = on_message
        self._closed_window = closed_window
        self._status_delay = status_delay
        self._typing: dict[str, asyncio.Task[None]] = {}

    def tell(self, event: dict[str, Any]) -> None:
        """Tell every listener, such as an open page, that something happened."""
        for listener in list(self.listeners):
            listener(event)

    # --- people ---

    def person(self, phone: str = "", *, name: str = "", user_id: str = "", username: str = "") -> Person:
        """The person with this phone number or user id, who begins to exist when unknown."""
        phone, state = digits(phone), self.state
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
        self.tell({"type": "user", "user": person.to_json()})
        return person

    def now(self) -> int:
        """The time here, in whole seconds since 1970."""
        return int(self._clock.now())

    @property
    def window(self) -> int | None:
        """For how many seconds after a person's message the bot may write freely; None for ever."""
        return None if self._closed_window == "ignored" else WINDOW

    # --- from a person to the bot ---

    def send_to_bot(
        self,
        person: Person,
        content: dict[str, Any],
        reply_to: str | None = None,
        forwarded: Literal["", "once", "often"] = "",
    ) -> Message:
        """A person sends a message object (``type`` and the typed body)."""
        message = Message(
            id=self._ids.message(),
            user=person.key,
            from_bot=False,
            at=self._clock.now(),
            content=content,
            status="sent",
            reply_to=reply_to,
            forwarded=forwarded,
        )
        person.last_wrote = message.at
        self.tell({"type": "user", "user": person.to_json()})
        if message.type == "reaction":
            self._react(content["reaction"], "user")
        else:
            self.state.add(message)
            self._changed(message)
        if person.phone and self._luck.strikes("new_numbers"):
            self.change_number(person, self._new_number(person.phone))
        if self._wire.tells_user_ids and self._luck.strikes("new_user_ids"):
            self.change_user_id(person)
        body = self._wire.message(self._as_told(person), message)
        self._webhook.send(body, on_acknowledged=lambda: self._set_status(message, "delivered"))
        return message

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
        if self.state.person_by_phone(phone):
            raise ValueError("Somebody has this phone number already.")
        before = msgspec.structs.replace(self._as_told(person))
        person.give_up(person.phone, person.known_as)
        person.phone, person.known_as = phone, ""
        now = self._as_known(person)
        words = f"User {person.name} changed from {before.phone or before.user_id} to {now.phone}"
        self._notify(before, {"type": "user_changed_number", "wa_id": now.phone, "body": words})
        self.change_user_id(person)

    def change_user_id(self, person: Person) -> None:
        """The person gets another user id, of which the bot is told; it stays the same person."""
        before, person.user_id = person.user_id, user_id_of(f"{person.key} {self._ids.message()}")
        person.give_up(before)
        self.tell({"type": "user", "user": person.to_json()})
        if self._wire.tells_user_ids:
            words = f"User {person.name} changed from {before} to {person.user_id}"
            system = {"type": "user_changed_user_id", "user_id": person.user_id, "body": words}
            self._notify(self._as_told(person), system)

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
            if not self.state.person_by_phone(new) and not self.state.given_up(new):
                return new

    def _new_user_id(self, phone: str) -> str:
        """The user id of somebody who begins to exist with this number."""
        user_id = user_id_of(phone)
        return user_id_of(f"{phone} {self._ids.message()}") if self.state.given_up(user_id) else user_id

    def _as_told(self, person: Person) -> Person:
        """The person as the bot is told of them: perhaps without number."""
        if self._wire.tells_user_ids and self._luck.strikes("hidden_numbers"):
            return msgspec.structs.replace(person, phone="")
        return self._as_known(person)

    def _as_known(self, person: Person) -> Person:
        """The person by the number that WhatsApp knows, which may lack the ninth digit."""
        number = _BRAZILIAN_MOBILE.fullmatch(person.phone)
        if number and self._luck.strikes_at("ninth_digit", person.phone):
            shorter = number[1] + number[2]
            if person.known_as != shorter:
                person.known_as = shorter
                self.tell({"type": "user", "user": person.to_json()})
            return msgspec.structs.replace(person, phone=person.known_as)
        return person

    def overhear(self, body: dict[str, Any]) -> None:
        """Take note of messages that reach the bot past this network, so that it may read and answer them."""
        entries = _objects(body.get("entry"))
        changes = [change for entry in entries for change in _objects(entry.get("changes"))]
        for value in _objects([body, *(change.get("value") for change in changes)]):
            for wire in _objects(value.get("messages")):
                self._overhear(wire)

    def read_by_bot(self, message_id: str) -> Message:
        """The bot has read this message, and with it all earlier ones of the same person."""
        read = self.state.messages.get(message_id)
        if read is None or read.from_bot:
            raise Refusal(131009, "There is no message with this message_id from a user of this number.")
        for message in self.state.conversation(read.user):
            if not message.from_bot and message.at <= read.at:
                self._set_status(message, "read")
        return read

    @property
    def typing(self) -> list[str]:
        """The keys of the people whom the bot types to."""
        return list(self._typing)

    def show_typing(self, person_key: str) -> None:
        """The bot types, until its next message or for 25 seconds."""
        self._stop_typing(person_key)
        self._typing[person_key] = asyncio.get_running_loop().create_task(self._type(person_key))

    # --- from the bot to a person ---

    def addressee(self, body: dict[str, Any]) -> Person:
        """Whom a message of the bot is for. ``to`` wins over ``recipient``."""
        if body.get("recipient_type") == "group":
            raise Refusal(131041, "This number is in no group with this id.")
        if phone := digits(body.get("to") or ""):
            if phone == digits(self.account.display_phone_number):
                raise Refusal(131021, "The recipient is the sending number itself.")
            found = self.state.person_by_phone(phone)
            if found is None and self.state.given_up(phone):
                raise Refusal(131026, "The recipient has moved to another phone number.")
            return found or self.person(phone)
        person = self.state.person_by_user_id(body["recipient"])
        if person is None:
            raise Refusal(131026, "Nobody has this business-scoped user id.")
        return person

    def send_to_person(self, person: Person, body: dict[str, Any]) -> Message:
        """The bot sends a message that has passed all checks of form."""
        kind = body.get("type", "text")
        closed = kind != "template" and self._clock.now() - person.last_wrote > WINDOW
        if closed and self._closed_window == "refused":
            raise _window_closed()
        message = Message(
            id=self._ids.message(),
            user=person.key,
            from_bot=True,
            at=self._clock.now(),
            content={"type": kind, kind: body[kind]},
            reply_to=(body.get("context") or {}).get("message_id"),
            opaque=body.get("biz_opaque_callback_data") or "",
            by_user_id=not body.get("to"),
        )
        self._stop_typing(person.key)
        failure = (
            _window_closed() if closed and self._closed_window == "failed" else self._fate(person, message)
        )
        if kind != "reaction":
            self.state.add(message)
            self._changed(message)
        if failure is None:
            self._arrived(person, message)
        self._background.start(self._report(person, message, failure))
        return message

    def read_by_person(self, person: Person) -> None:
        """A person has the chat open: everything the bot sent is read."""
        for message in self.state.conversation(person.key):
            if message.from_bot and not message.seen:
                message.seen = True
                if message.status == "delivered":
                    self._send_status(person, message, "read")

    def stop(self) -> None:
        """End what is going on by itself."""
        for person_key in list(self._typing):
            self._stop_typing(person_key)

    # --- inside ---

    def _overhear(self, wire: dict[str, Any]) -> None:
        phone, user_id, kind = wire.get("from"), wire.get("from_user_id"), wire.get("type")
        phone = digits(phone) if isinstance(phone, str) else ""
        user_id = user_id if isinstance(user_id, str) else ""
        if not phone and not user_id:
            return
        person = self.person(phone, user_id=user_id)
        person.last_wrote = self._clock.now()
        content: dict[str, Any] = {"type": str(kind)}
        if kind == "text" and isinstance(wire.get("text"), dict):
            content["text"] = {"body": str(wire["text"].get("body"))}
        if isinstance(wire.get("id"), str) and wire["id"] not in self.state.messages:
            message = Message(
                id=wire["id"],
                user=person.key,
                from_bot=False,
                at=person.last_wrote,
                content=content,
                status="sent",
            )
            self.state.add(message)
            self._changed(message)

    def _arrived(self, person: Person, message: Message) -> None:
        if message.type == "reaction":
            self._react(message.content["reaction"], "bot")
        message.seen = person.reads_at_once
        self._on_message(person, message)

    def _fate(self, person: Person, message: Message) -> Refusal | None:
        if (
            message.type == "reaction"
            and message.content["reaction"]["message_id"] not in self.state.messages
        ):
            return Refusal(131009, "The message to react to does not exist.")
        recipient = person.user_id if message.by_user_id else person.phone
        fault = self._faults.take("/messages", recipient, status=True)
        if fault is None and self._luck.strikes("failed"):
            return Refusal(131026)
        return fault.error if fault else None

    async def _report(self, person: Person, message: Message, failure: Refusal | None) -> None:
        """The statuses of one message, one after the other."""
        if self._luck.strikes("no_statuses"):
            return
        if failure is not None:
            self._send_status(person, message, "failed", failure)
            return
        self._send_status(person, message, "sent")
        if message.type == "reaction":
            return
        await self._clock.sleep(self._status_delay)
        self._send_status(person, message, "delivered")
        if message.seen:
            await self._clock.sleep(self._status_delay)
            self._send_status(person, message, "read")

    def _send_status(
        self, person: Person, message: Message, status: str, failure: Refusal | None = None
    ) -> None:
        if failure is not None:
            words = dict.fromkeys((failure.title, failure.details))
            message.error = f"{failure.code}: {'. '.join(filter(None, words))}"
        self._set_status(message, status)
        known = self._as_known(person)
        self._webhook.send(self._wire.status(known, message, status, self._clock.now(), failure))

    def _set_status(self, message: Message, status: str) -> None:
        order = (None, "sent", "delivered", "read", "failed")
        if order.index(status) > order.index(message.status):
            message.status = status
            if message.id in self.state.messages:
                self._changed(message)

    def _react(self, reaction: dict[str, Any], who: str) -> None:
        target = self.state.messages.get(reaction["message_id"])
        if target is not None:
            target.reactions[who] = reaction.get("emoji") or None
            self._changed(target)

    async def _type(self, person_key: str) -> None:
        self.tell({"type": "typing", "user": person_key, "on": True})
        await self._clock.sleep(TYPING_LASTS)
        self._typing.pop(person_key, None)
        self.tell({"type": "typing", "user": person_key, "on": False})

    def _stop_typing(self, person_key: str) -> None:
        if task := self._typing.pop(person_key, None):
            task.cancel()
            self.tell({"type": "typing", "user": person_key, "on": False})

    def _changed(self, message: Message) -> None:
        self.tell({"type": "message", "message": message.to_json()})


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _window_closed() -> Refusal:
    return Refusal(131047, "More than 24 hours have passed since the recipient last wrote; send a template.")
