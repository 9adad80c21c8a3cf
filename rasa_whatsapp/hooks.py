"""Functions of the bot's own project, which credentials.yml names as ``module:function``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from rasa_whatsapp import modules
from rasa_whatsapp.threads import call


class Hook:
    """A function, async or not, that has a limited time.

    Args:
        function: one that is not async runs in a thread, see `rasa_whatsapp.threads`.
        seconds: for one call.
    """

    def __init__(self, function: Callable[..., Any], seconds: float) -> None:
        self._function = function
        self._seconds = seconds

    @classmethod
    def named(cls, reference: str, key: str, seconds: float) -> Hook:
        """The function that ``module:function`` names; the module may lie in the working directory.

        Args:
            key: the setting, for the error.

        Raises:
            SettingsError: the module cannot be imported, or has no such function.
        """
        return cls(modules.named(reference, key), seconds)

    async def __call__(self, *arguments: Any) -> Any:
        """Calls the function and waits for what it returns.

        Raises:
            asyncio.TimeoutError: it took too long; one that is not async goes on in its thread.
            Exception: whatever the function raises.
        """
        return await asyncio.wait_for(call(self._function, *arguments), self._seconds)
