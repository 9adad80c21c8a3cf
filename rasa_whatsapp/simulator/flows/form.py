"""A Flow in a person's hands, as Python sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa_whatsapp.simulator.flows.sessions import PICKED, FlowSession, FlowSessions
from rasa_whatsapp.simulator.media.shelf import MediaShelf
from rasa_whatsapp.simulator.state import Message


class FlowForm:
    """An opened Flow; made by ``User.opens_flow``.

    Attributes:
        screen: the id of the screen that is shown.
        data: what that screen was given.
        reply: the message to the bot, once the Flow is complete.
    """

    def __init__(
        self, sessions: FlowSessions, shelf: MediaShelf, session: FlowSession, shown: dict[str, Any]
    ) -> None:
        self._sessions = sessions
        self._shelf = shelf
        self._session = session
        self.screen: str = session.screen
        self.data: dict[str, Any] = shown.get("data") or {}
        self.reply: Message | None = None

    async def exchanges(self, payload: dict[str, Any], *, action: str = "data_exchange") -> FlowForm:
        """Asks the endpoint with this payload; the form shows the answer.

        Raises:
            FlowTrouble: the endpoint gave no usable answer.
        """
        self._shows(await self._sessions.exchange(self._session, action, payload))
        return self

    async def completes(self, payload: dict[str, Any]) -> Message:
        """Ends the Flow with this payload; returns the reply that the bot gets.

        Raises:
            FlowTrouble: it is complete already.
        """
        self._shows(await self._sessions.complete(self._session, payload))
        assert self.reply is not None
        return self.reply

    def goes_to(self, screen: str, **data: Any) -> FlowForm:
        """Goes to another screen without asking the endpoint.

        Raises:
            FlowTrouble: there is no such screen.
        """
        self._sessions.navigate(self._session, screen)
        self.screen, self.data = screen, data
        return self

    def picks(
        self, file: bytes | str | Path, mime_type: str = "image/png", filename: str = ""
    ) -> dict[str, str]:
        """Picks a file; returns what stands for it in a payload's list."""
        data = file if isinstance(file, bytes) else Path(file).read_bytes()
        name = filename or ("" if isinstance(file, bytes) else Path(file).name)
        media = self._shelf.receive(data, mime_type, name)
        return {PICKED: self._sessions.pick(self._session, media)}

    def _shows(self, answer: dict[str, Any]) -> None:
        self.reply = self._session.done
        if self.reply is None:
            self.screen, self.data = answer["screen"], answer["data"]


def has_flow(message: Message) -> bool:
    """Whether a message of the bot has a Flow's button."""
    interactive = message.content.get("interactive")
    return message.from_bot and isinstance(interactive, dict) and interactive.get("type") == "flow"
