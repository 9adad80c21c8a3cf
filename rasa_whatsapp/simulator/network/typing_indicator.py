"""The three dots: shown until the bot's next message, or for 25 seconds.

Source: Meta, Cloud API, Typing indicators.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from rasa_whatsapp.simulator.clock import Clock

TYPING_LASTS = 25.0


class TypingIndicator:
    """To whom the bot types; ``tell`` hears when it begins and ends."""

    def __init__(self, clock: Clock, tell: Callable[[dict[str, Any]], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._typing: dict[str, asyncio.Task[None]] = {}

    @property
    def people(self) -> list[str]:
        """The keys of the people."""
        return list(self._typing)

    def show(self, person_key: str) -> None:
        """The bot begins to type."""
        self.hide(person_key)
        self._typing[person_key] = asyncio.get_running_loop().create_task(self._last(person_key))

    def hide(self, person_key: str) -> None:
        """The bot types no more."""
        if task := self._typing.pop(person_key, None):
            task.cancel()
            self._tell({"type": "typing", "user": person_key, "on": False})

    def stop(self) -> None:
        """Hide it from everybody."""
        for person_key in self.people:
            self.hide(person_key)

    async def _last(self, person_key: str) -> None:
        self._tell({"type": "typing", "user": person_key, "on": True})
        await self._clock.sleep(TYPING_LASTS)
        self._typing.pop(person_key, None)
        self._tell({"type": "typing", "user": person_key, "on": False})
