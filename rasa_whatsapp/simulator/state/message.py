"""One message of a conversation: what stands in it, what it costs, and what became of it."""

from typing import Any, Literal

import msgspec

from rasa_whatsapp.simulator.state.content import Offer, offers, plain_text


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
