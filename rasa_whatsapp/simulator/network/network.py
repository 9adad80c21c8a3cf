"""WhatsApp itself: carries messages between people and the number, and reports what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.background import Background
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import Ids, digits
from rasa_whatsapp.simulator.network.identities import Identities
from rasa_whatsapp.simulator.network.overheard import overheard
from rasa_whatsapp.simulator.network.pricing import Tariff
from rasa_whatsapp.simulator.network.typing_indicator import TypingIndicator
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Message, Person, State, Wording
from rasa_whatsapp.simulator.state.windows import (
    ENTRY_WINDOW,
    SERVICE_WINDOW,
    entry_window_open,
    service_window_open,
)
from rasa_whatsapp.simulator.switches.bad_day import Luck
from rasa_whatsapp.simulator.switches.faults import Faults
from rasa_whatsapp.simulator.webhook.deliveries import Webhook
from rasa_whatsapp.simulator.webhook.envelope import Wire

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
        tariff: Tariff,
        *,
        on_message: Callable[[Person, Message], None],
        closed_window: ClosedWindow,
        status_delay: float,
    ) -> None:
        self.account = account
        self.state = state
        self.tariff = tariff
        self.listeners: list[Callable[[dict[str, Any]], None]] = []
        self._webhook = webhook
        self._wire = wire
        self._faults = faults
        self._luck = luck
        self._clock = clock
        self._ids = ids
        self._background = background
        self._on_message = on_message
        self.identities = Identities(state, webhook, wire, luck, clock, ids, self.tell)
        self._closed_window = closed_window
        self._status_delay = status_delay
        self.typing = TypingIndicator(clock, self.tell)

    def tell(self, event: dict[str, Any]) -> None:
        """Tell every listener, such as an open page, that something happened."""
        for listener in list(self.listeners):
            listener(event)

    # --- people ---

    def person(self, phone: str = "", *, name: str = "", user_id: str = "", username: str = "") -> Person:
        """The person with this phone number or user id, who begins to exist when unknown."""
        return self.identities.person(phone, name=name, user_id=user_id, username=username)

    def now(self) -> int:
        """The time here, in whole seconds since 1970."""
        return int(self._clock.now())

    @property
    def window(self) -> int | None:
        """For how many seconds after a person's message the bot may write freely; None for ever."""
        return None if self._closed_window == "ignored" else SERVICE_WINDOW

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
        if "referral" in content:
            person.entered_at, person.entry_ends = message.at, 0.0
        self.tell({"type": "user", "user": person.to_json()})
        if message.type == "reaction":
            self._react(content["reaction"], "user")
        else:
            self.state.add(message)
            self._changed(message)
        self.identities.perhaps_changed(person)
        if person.blocked:
            return message
        body = self._wire.message(self.identities.as_told(person), message)
        self._webhook.send(body, on_acknowledged=lambda: self._set_status(message, "delivered"))
        return message

    def overhear(self, body: dict[str, Any]) -> None:
        """Take note of messages that reach the bot past this network, so that it may read and answer them."""
        for heard in overheard(body):
            person = self.person(heard.phone, user_id=heard.user_id)
            person.last_wrote = self._clock.now()
            if (reaction := heard.reaction) is not None:
                self._react(reaction, "user")
            elif heard.id is not None and heard.id not in self.state.messages:
                message = Message(
                    id=heard.id,
                    user=person.key,
                    from_bot=False,
                    at=person.last_wrote,
                    content=heard.content,
                    status="sent",
                )
                self.state.add(message)
                self._changed(message)

    def read_by_bot(self, message_id: str) -> Message:
        """The bot has read this message, and with it all earlier ones of the same person."""
        read = self.state.messages.get(message_id)
        if read is None or read.from_bot:
            raise Refusal(131009, "There is no message with this message_id from a user of this number.")
        for message in self.state.conversation(read.user):
            if not message.from_bot and message.at <= read.at:
                self._set_status(message, "read")
        return read

    # --- from the bot to a person ---

    def known(self, body: dict[str, Any]) -> Person | None:
        """Whom a message of the bot is for, if it is somebody who is here already."""
        if body.get("recipient_type") == "group":
            return None
        phone = digits(body.get("to") or "")
        return self.state.person_by_phone(phone) if phone else self.state.person_by_user_id(body["recipient"])

    def check(self, body: dict[str, Any], person: Person | None) -> None:
        """Refuse a message for whom it is to. Raises :class:`Refusal`.

        ``person`` is whom it is for, as :meth:`known` tells; ``to`` wins over ``recipient``.
        """
        if body.get("recipient_type") == "group":
            raise Refusal(131041, "This number is in no group with this id.")
        if phone := digits(body.get("to") or ""):
            if phone == digits(self.account.display_phone_number):
                raise Refusal(131021, "The recipient is the sending number itself.")
            if person is None and self.state.given_up(phone):
                raise Refusal(131026, "The recipient has moved to another phone number.")
        elif person is None:
            raise Refusal(131026, "Nobody has this business-scoped user id.")
        if self._closed_window == "refused" and self._window_closed(body, person):
            raise _window_closed()

    def addressee(self, body: dict[str, Any]) -> Person:
        """Whom a message is for that passed :meth:`check`; somebody who begins to exist when unknown."""
        return self.known(body) or self.person(body["to"])

    def send_to_person(
        self,
        person: Person,
        body: dict[str, Any],
        failure: Refusal | None = None,
        wording: Wording | None = None,
    ) -> Message:
        """The bot sends a message that has passed all checks of form.

        Args:
            failure: what it fails for.
            wording: how it reads, if it is a template that is known.
        """
        kind = body.get("type", "text")
        now = self._clock.now()
        closed = self._closed_window == "failed" and self._window_closed(body, person)
        message = Message(
            id=self._ids.message(),
            user=person.key,
            from_bot=True,
            at=now,
            content={"type": kind, kind: body[kind]},
            reply_to=(body.get("context") or {}).get("message_id"),
            opaque=body.get("biz_opaque_callback_data") or "",
            by_user_id=not body.get("to"),
            price=self.tariff.price(person, body),
            wording=wording,
        )
        if entry_window_open(person, now) and not person.entry_ends:
            person.entry_ends = now + ENTRY_WINDOW
        self.typing.hide(person.key)
        if closed:
            failure = _window_closed()
        failure = failure or self._fate(person, message)
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
        self.typing.stop()

    # --- inside ---

    def _window_closed(self, body: dict[str, Any], person: Person | None) -> bool:
        """Whether this message needs the person to have written within 24 hours, and they have not."""
        open_ = person is not None and service_window_open(person, self._clock.now())
        return body.get("type", "text") != "template" and not open_

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
        known = self.identities.as_known(person)
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

    def _changed(self, message: Message) -> None:
        self.tell({"type": "message", "message": message.to_json()})


def _window_closed() -> Refusal:
    return Refusal(131047, "More than 24 hours have passed since the recipient last wrote; send a template.")
