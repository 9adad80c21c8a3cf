"""What all events, and all messages of people, have in common.

Source: Meta, Cloud API, Webhooks, "messages".
"""

from typing import Any

import msgspec

from rasa_whatsapp.events.values import Context, Number, Person, Referral, Value, WireError, snake_case


class Event(Value, frozen=True, kw_only=True, tag_field="event", tag=snake_case):
    """Something that WhatsApp tells us.

    Attributes:
        id: WhatsApp's message id (``wamid.…``). Where WhatsApp gives none it is ``content:`` and a hash of
            the content, so that a repeated delivery has the same id.
        timestamp: seconds since 1970, UTC; 0 when the webhook gives none that can be read.
        sender: who caused the event; empty where that is nobody or the business itself.
        number: the business number it belongs to.
        raw: the object as received, unknown fields included.
    """

    id: str
    timestamp: int = 0
    sender: Person = Person()
    number: Number = Number()
    raw: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def key(self) -> str:
        """What "once" is keyed by: two deliveries of the same event have the same key.

        A message's key is its id. Every other event puts its kind before the id, so that the history's copy
        of a message, or a colleague's echo, can never make the message itself look already handled.
        """
        return f"{self.__struct_config__.tag}:{self.id}"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("id", self.id), ("sender", self.sender)]


class Message(Event, frozen=True, kw_only=True):
    """A person wrote to us.

    Attributes:
        context: what it answers, or that it was forwarded.
        referral: the advertisement the person came from.
        group_id: the group it was written in; empty in an ordinary chat.
        identity: ``acknowledged``, ``created_timestamp`` and ``hash`` when the identity check is enabled.
        errors: errors that WhatsApp attached to this message.
    """

    context: Context | None = None
    referral: Referral | None = None
    group_id: str = ""
    identity: dict[str, Any] | None = None
    errors: tuple[WireError, ...] = ()

    @property
    def key(self) -> str:
        """The message id."""
        return self.id
