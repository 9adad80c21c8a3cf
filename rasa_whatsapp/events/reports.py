"""What WhatsApp tells of our messages, of the people we write to, and of what colleagues write.

Source: Meta, Cloud API, Webhooks, "messages".
"""

from typing import Any

from rasa_whatsapp.events.base import Event
from rasa_whatsapp.events.values import Person, WireError

UNDELIVERED = "undelivered:"
"""How the ids of turns begin that tell Rasa of a message which did not arrive."""


class NumberChanged(Event, frozen=True, kw_only=True):
    """The person moved to another phone number. ``old`` and ``new`` are digits; each may be empty.

    ``sender`` is the person as they were known before, ``user_id`` the BSUID after the change when given.
    """

    old: str = ""
    new: str = ""
    user_id: str = ""
    parent_user_id: str = ""


class UserIdChanged(Event, frozen=True, kw_only=True):
    """The person's business-scoped user id was made anew; ``previous`` may be empty when nobody tells it."""

    previous: str = ""
    current: str = ""
    previous_parent: str = ""
    current_parent: str = ""


class IdentityChanged(Event, frozen=True, kw_only=True):
    """The person's security code changed: another device, or another person with the same number.

    ``identity_key_hash`` is the new hash; a message sent with the old one is refused with error 137000.
    """

    identity_key_hash: str = ""
    acknowledged: bool = False


class Status(Event, frozen=True, kw_only=True):
    """What became of one of our messages; ``id`` is our message's wamid and ``sender`` stays empty.

    Attributes:
        status: ``sent``, ``delivered``, ``read``, ``played`` or ``failed``; not always in this order, and
            ``delivered`` may be left out when ``read`` comes. Of a payment: ``pending``, ``captured`` or
            ``failed``.
        recipient: the person it was sent to; in a group, the member.
        recipient_type: ``group`` for a group message, else empty.
        group_id: the group it was sent to.
        type: ``payment`` for payment states, else empty; ``payment`` then holds the details.
        outbox_id: the outbox row that we sent it from, see ``rasa_whatsapp.cloud.payload.wrap``.
        opaque: the caller's own ``biz_opaque_callback_data``.
        errors: why it failed.
        pricing, conversation: WhatsApp's billing details, each on one status of a message only.
    """

    status: str
    recipient: Person = Person()
    recipient_type: str = ""
    group_id: str = ""
    type: str = ""
    payment: dict[str, Any] | None = None
    outbox_id: str = ""
    opaque: str = ""
    identity_key_hash: str = ""
    errors: tuple[WireError, ...] = ()
    pricing: dict[str, Any] | None = None
    conversation: dict[str, Any] | None = None

    @property
    def key(self) -> str:
        """The message's id, the status and the recipient together: a group message has one per member.

        An order may be paid in several tries, each of which may fail: there the time belongs to it too.
        """
        key = f"status:{self.id}:{self.status}"
        if self.type == "payment":
            key = f"{key}:payment:{self.timestamp}"
        return f"{key}:{self.recipient.user_id or self.recipient.phone}"

    @property
    def turn(self) -> str:
        """The id of the turn that tells Rasa of a failure, one however often it is reported."""
        return UNDELIVERED + self.outbox_id

    @property
    def undelivered(self) -> bool:
        """Whether the message did not arrive; one whose payment failed did."""
        return self.status == "failed" and self.type != "payment"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [
            ("id", self.id),
            ("status", self.status),
            ("recipient", self.recipient),
            ("errors", self.errors),
        ]


class Echo(Event, frozen=True, kw_only=True):
    """A colleague wrote to ``recipient`` with the WhatsApp Business app: a sign that a human has taken over.

    ``kind`` is WhatsApp's message type, ``body`` the words of a text; ``sender`` stays empty.
    """

    recipient: Person = Person()
    kind: str = ""
    body: str = ""


class History(Event, frozen=True, kw_only=True):
    """A message from before the number joined the platform, or media belonging to one. Never a live message.

    Attributes:
        sender: the person of the thread, also where the business wrote; empty when the history does not tell.
        outgoing: the business wrote it, not the person.
        kind: WhatsApp's message type; ``media_placeholder`` where the media follow later.
        status: how far it came: ``READ``, ``DELIVERED``, ``PENDING``, ``ERROR``, …
        phase, chunk_order, progress: where in the transfer this part stands; ``progress`` is per cent.
    """

    outgoing: bool = False
    kind: str = ""
    status: str = ""
    phase: int = 0
    chunk_order: int = 0
    progress: int = 0


class OutOfBandError(Event, frozen=True, kw_only=True):
    """WhatsApp reports errors that belong to no message; ``field`` is the webhook field they came in."""

    field: str = "messages"
    errors: tuple[WireError, ...] = ()

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("id", self.id), ("errors", self.errors)]
