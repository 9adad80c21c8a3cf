"""Plain text, and what is done to a message: a reaction, a pin."""

from typing import ClassVar

from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Message, filled
from rasa_whatsapp.messages.reader import Json, Reader


class Text(Message, frozen=True):
    """A text of at most 4096 UTF-16 code units.

    Attributes:
        body: the text; WhatsApp's own markup (``*bold*``, ``_italic_``) is understood.
        preview_url: show a preview of the first http(s) URL in the body.

    Raises:
        MessageError: the body is blank or too long.

    Source: Meta, Cloud API, Text messages.
    """

    TYPE: ClassVar[str] = "text"

    body: str
    preview_url: bool = False

    def _check(self) -> None:
        checks.text("body", self.body, limits.TEXT)

    def _content(self) -> Json:
        return filled(body=self.body, preview_url=self.preview_url)

    @classmethod
    def _read(cls, body: Reader) -> "Text":
        text = body.object("text")
        return cls(text.text("body"), text.flag("preview_url"))


class Reaction(Message, frozen=True):
    """An emoji on a message of the conversation; it only ever gets the status ``sent``.

    Attributes:
        message_id: the message (wamid) that is reacted to, not older than 30 days and not itself a reaction.
        emoji: one emoji; the empty string takes our reaction back.

    Raises:
        MessageError: the message id is missing.

    Source: Meta, Cloud API, Reaction messages.
    """

    TYPE: ClassVar[str] = "reaction"

    message_id: str
    emoji: str = ""

    def _check(self) -> None:
        checks.identifier("message_id", self.message_id)
        checks.optional("emoji", self.emoji)

    def _content(self) -> Json:
        # The one place where the empty string has a meaning: it removes the reaction.
        return {"message_id": self.message_id, "emoji": self.emoji}

    @classmethod
    def _read(cls, body: Reader) -> "Reaction":
        reaction = body.object("reaction")
        return cls(reaction.text("message_id"), reaction.text("emoji"))


class Pin(Message, frozen=True):
    """Pins a message of a group; at most 3 are, the oldest gives way.

    Attributes:
        message_id: the message (wamid) to pin.
        days: how long, 1 to 30; 0 takes the pin off.

    Raises:
        MessageError: the message id is missing, or the days are out of range.

    Source: Meta, Cloud API, Groups, Pin messages.
    """

    TYPE: ClassVar[str] = "pin"

    message_id: str
    days: int

    def _check(self) -> None:
        checks.identifier("message_id", self.message_id)
        checks.integer("days", self.days, 0, limits.PIN_DAYS)

    def _content(self) -> Json:
        kind = "pin" if self.days else "unpin"
        return filled(type=kind, message_id=self.message_id, expiration_days=self.days)

    @classmethod
    def _read(cls, body: Reader) -> "Pin":
        pin = body.object("pin")
        kind = pin.text("type")
        checks.one_of("type", kind, ("pin", "unpin"))
        days = pin.integer("expiration_days")
        if kind == "pin":
            checks.integer("days", days, 1, limits.PIN_DAYS)
        return cls(pin.text("message_id"), days if kind == "pin" else 0)
