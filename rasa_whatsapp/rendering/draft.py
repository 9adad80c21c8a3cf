"""What rendering makes: the finished Rendering, and the Draft that grows into it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Message, Text, limits


@dataclass(frozen=True)
class Options:
    """Words that WhatsApp demands and a Rasa response may lack.

    Attributes:
        list_button: the label that opens a list, at most 20 characters.
        body: the text of buttons, lists and carousels that come without one, at most 1024 characters.

    Raises:
        MessageError: one of them is blank or too long.
    """

    list_button: str = "Menu"
    body: str = "👇"

    def __post_init__(self) -> None:
        for name, limit in (("list_button", limits.LIST_BUTTON), ("body", limits.BODY)):
            text = getattr(self, name)
            if not text.strip():
                raise MessageError(name, "must not be blank")
            if limits.length(text) > limit:
                raise MessageError(name, f"has {limits.length(text)} characters, the limit is {limit}")


@dataclass(frozen=True)
class Rendering:
    """The WhatsApp messages of one Rasa response.

    Attributes:
        messages: what to send, in order; every message keeps WhatsApp's limits.
        payloads: short button id to the payload it stands for; to be kept until the button may be tapped.
        cuts: what was shortened or changed to fit, one log line each, without any text of the message.
        problems: what could not be shown at all and why, one log line each, without any text of the message.
    """

    messages: tuple[Message, ...] = ()
    payloads: dict[str, str] = field(default_factory=dict)
    cuts: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass
class Draft:
    """A Rendering that is being made."""

    options: Options
    conversation: str = ""
    messages: list[Message] = field(default_factory=list)
    payloads: dict[str, str] = field(default_factory=dict)
    cuts: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def send(self, *messages: Message) -> None:
        """Append finished messages."""
        self.messages.extend(messages)

    def say(self, text: str) -> None:
        """Append plain text, in as many messages as it needs."""
        self.send(*(Text(part) for part in limits.split(text, limits.TEXT)))

    def say_head(self, text: str, limit: int) -> str:
        """Return the end of a text that fits in ``limit``; what stands before it is said first."""
        if limits.length(text) <= limit:
            return text
        tail = limits.split(text, limit)[-1]
        self.say(text.rstrip().removesuffix(tail).rstrip())
        return tail

    def cut(self, text: str, limit: int, place: str) -> str:
        """Return the text, shortened and noted where it is over the limit."""
        if limits.length(text) <= limit:
            return text
        self.cuts.append(f"{place}: {limits.length(text)} characters, cut to {limit}")
        return limits.cut(text, limit)

    def finish(self) -> Rendering:
        """Return what was made."""
        return Rendering(tuple(self.messages), dict(self.payloads), tuple(self.cuts), tuple(self.problems))
