"""A person's conversation with the bot, printed as it goes, with what is expected of it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from rasa_whatsapp.simulator import Message, User
from rasa_whatsapp.simulator.flows.form import FlowForm

ANSWER_TIMEOUT = 30.0
"""Seconds that one answer may take, on a slow machine too."""
INDENT = 8


class Failed(Exception):
    """The bot did something else than was expected."""


class Dialogue:
    """What one person does and hears. Every message and every expectation is printed at once."""

    def __init__(self, user: User, console: Console) -> None:
        self._user = user
        self._console = console
        self._kept = 0
        self._heard = 0

    @property
    def phone(self) -> str:
        """The person's phone number, digits only: the conversation's id in Rasa."""
        return self._user.phone

    def scene(self, title: str) -> None:
        """Begin another part."""
        self._print(f"\n{title}", "bold")

    async def says(self, text: str) -> Message:
        """Write a text."""
        return self._sent(await self._user.says(text))

    async def taps(self, title: str) -> Message:
        """Tap a button, or a row of a list."""
        return self._sent(await self._user.taps(title))

    async def sends_photo(self, path: Path, caption: str) -> Message:
        """Send a picture."""
        return self._sent(await self._user.sends_image(path, caption=caption))

    async def sends_location(self, latitude: float, longitude: float) -> Message:
        """Share a place."""
        return self._sent(await self._user.sends_location(latitude, longitude))

    async def opens(self) -> FlowForm:
        """Open the latest Flow."""
        form = await self._user.opens_flow(timeout=ANSWER_TIMEOUT)
        self._print(f"{self._user.name:>{INDENT - 2}}  [opens the form]", "cyan")
        return form

    async def hears(self) -> Message:
        """The bot's next message."""
        message = await self._user.receives(timeout=ANSWER_TIMEOUT)
        self._heard += 1
        self._line("Bot", message, "green")
        return message

    async def feels(self) -> None:
        """The bot's next reaction, which is no message in the chat."""
        reaction = await self._user.receives(type="reaction", timeout=ANSWER_TIMEOUT)
        self._line("Bot", reaction, "green")

    def expect(self, holds: bool, what: str) -> None:
        """Tick an expectation.

        Raises:
            Failed: it does not hold.
        """
        if not holds:
            raise Failed(what)
        self._kept += 1
        self._print(f"{' ' * INDENT}✓ {what}", "dim")

    def nothing_unheard(self) -> bool:
        """Whether the bot wrote exactly the messages that were heard."""
        return self._heard == sum(message.from_bot for message in self._user.messages)

    def passed(self) -> None:
        """Say that all went well."""
        self._print(f"\n✓ All {self._kept} expectations hold.", "bold green")

    def failed(self, problem: Exception) -> None:
        """Say what went wrong."""
        kind = "expected: " if isinstance(problem, Failed) else ""
        self._print(f"{' ' * INDENT}✗ {kind}{problem or type(problem).__name__}", "bold red")

    @staticmethod
    def kind(message: Message) -> str:
        """``button``, ``list`` …, and an empty string for what is not interactive."""
        return str(message.content.get("interactive", {}).get("type", ""))

    @staticmethod
    def titles(message: Message) -> list[str]:
        """What can be tapped."""
        return [offer.title for offer in message.offers]

    def _sent(self, message: Message) -> Message:
        self._line(self._user.name, message, "cyan")
        return message

    def _line(self, who: str, message: Message, style: str) -> None:
        lines = message.text.splitlines() or [""]
        if message.type not in ("text", "interactive"):
            lines[0] = f"[{message.type}] {lines[0]}".rstrip()
        titles = self.titles(message) if message.from_bot else []
        if titles:
            lines.append(" ".join(f"[{title}]" for title in titles))
        first, *others = lines
        text = Text(f"{who:>{INDENT - 2}}  ", style=f"bold {style}")
        text.append("\n".join([first, *(" " * INDENT + line for line in others)]), style="not bold default")
        self._console.print(text, soft_wrap=True)

    def _print(self, text: str, style: str) -> None:
        self._console.print(text, style=style, markup=False, soft_wrap=True)
