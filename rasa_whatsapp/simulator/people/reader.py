"""What a person sees of the conversation, and waits for."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.state import Message, Person

_T = TypeVar("_T")
_UNREAD = 10_000


class Unexpected(AssertionError):
    """The bot did not answer, or not as expected; the message shows the conversation so far."""


class Reader:
    """One person as a reader: the conversation so far, and the next message of the bot.

    All waiting is for at most ``timeout`` seconds.
    """

    def __init__(self, person: Person, network: Network) -> None:
        self._person = person
        self._network = network
        self._unread: deque[Message] = deque(maxlen=_UNREAD)
        self._news = asyncio.Event()

    @property
    def messages(self) -> list[Message]:
        """The conversation so far, both sides, oldest first."""
        return self._network.state.conversation(self._person.key)

    def transcript(self) -> str:
        """The conversation in plain words, one line or more for each message."""
        return "\n".join(_line(message) for message in self.messages)

    async def receives(
        self, text: str | None = None, *, type: str | None = None, timeout: float = 10.0
    ) -> Message:
        """The next message of the bot that has not been received yet, waiting for it when necessary.

        Args:
            timeout: seconds to wait.

        Raises:
            Unexpected: none comes, its words do not contain ``text``, or it is not of this ``type``.
        """
        message = await self._wait(self._next, timeout, "no message from the bot")
        if text is not None and text not in message.text:
            raise Unexpected(f"expected {text!r} in:\n{_line(message)}\n\n{self.transcript()}")
        if type is not None and type != message.type:
            raise Unexpected(
                f"expected a message of type {type!r}, not:\n{_line(message)}\n\n{self.transcript()}"
            )
        return message

    async def expects(
        self,
        text: str | None = None,
        *,
        type: str | None = None,
        buttons: Sequence[str] | None = None,
        list_with: str | Sequence[str] | None = None,
        timeout: float = 10.0,
    ) -> Message:
        """The next message of the bot, which must look like this.

        Args:
            text: is among its words.
            type: as WhatsApp calls it, such as ``image``; for ``interactive`` its kind, such as ``cta_url``.
            buttons: the titles of all its buttons, in order.
            list_with: titles of rows, or one, that its list offers among others.
            timeout: seconds to wait.

        Raises:
            Unexpected: none comes, or it is another; with the conversation so far.
        """
        message = await self.receives(text, timeout=timeout)
        kind = str((message.content.get("interactive") or {}).get("type", ""))
        titles = [offer.title for offer in message.offers]
        rows = [list_with] if isinstance(list_with, str) else list(list_with or ())
        wrong = [
            f"a message of type {type}" * (type not in (None, message.type, kind)),
            f"the buttons {buttons}" * (buttons is not None and (kind == "list" or titles != list(buttons))),
            f"a list with {rows}" * (bool(rows) and (kind != "list" or not set(rows) <= set(titles))),
        ]
        if any(wrong):
            expected = " and ".join(filter(None, wrong))
            raise Unexpected(f"expected {expected}, not:\n{_line(message)}\n\n{self.transcript()}")
        return message

    async def reads(self) -> None:
        """Open the chat: everything the bot sent is read."""
        self._network.read_by_person(self._person)

    def arrived(self, message: Message) -> None:
        """A message of the bot is here."""
        kept_since = self._network.state.since
        while self._unread and self._unread[0].at < kept_since:
            self._unread.popleft()
        self._unread.append(message)
        self._news.set()

    # --- inside ---

    def _next(self) -> Message | None:
        return self._unread.popleft() if self._unread else None

    async def _wait(self, find: Callable[[], _T | None], timeout: float, missing: str) -> _T:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while (found := find()) is None:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), deadline - loop.time())
            except asyncio.TimeoutError:
                raise Unexpected(f"{missing} within {timeout:g} s\n\n{self.transcript()}") from None
        return found


def _line(message: Message) -> str:
    who = "bot" if message.from_bot else "user"
    kind = "" if message.type == "text" else f"[{message.type}] "
    choices = "".join(f"\n      ({offer.title})" for offer in message.offers)
    return f"{who:>4}: {kind}{message.text}{choices}".rstrip()
