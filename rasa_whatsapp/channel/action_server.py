"""Whether Rasa's action server is there before a turn needs it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog

logger = structlog.get_logger()

TRUSTED_FOR = 5.0
"""Seconds for which an action server that answered, or was given up, is not asked again."""
LOOK_AGAIN = 0.5
"""Seconds between two looks at one that does not."""
CONNECT_TIMEOUT = 2.0
"""Seconds that a connection may take."""


class ActionServer:
    """Holds turns while the action server accepts no connection.

    Rasa hides a dead action server: it records the action as executed and goes on, so that the person gets
    half an answer and the turn cannot be run again.

    Args:
        wait: seconds for which turns are held at most; then they are run without it.
    """

    def __init__(self, wait: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._wait = wait
        self._clock = clock
        self._seen = float("-inf")
        self._missed: float | None = None
        self._given_up = float("-inf")
        self._looking = asyncio.Lock()

    async def there(self, url: str | None) -> None:
        """Returns when the server accepts connections, or has been away for so long that waiting is no use.

        Args:
            url: the action endpoint's address; None when Rasa has none, or runs actions in its own process.
        """
        if not url or not self._wait:
            return
        async with self._looking:
            if self._clock() - self._given_up <= TRUSTED_FOR:
                return
            while self._clock() - self._seen > TRUSTED_FOR:
                if await _accepts(url):
                    self._back(url)
                    return
                if self._missed is None:
                    self._missed = self._clock()
                    logger.warning(
                        "whatsapp.action_server.away",
                        url=url,
                        hint=f"Turns wait for it, at most {self._wait:g} s. "
                        "Start it with `rasa run actions`, or correct endpoints.yml.",
                    )
                if self._clock() - self._missed > self._wait:
                    self._given_up = self._clock()
                    return
                await asyncio.sleep(LOOK_AGAIN)

    def _back(self, url: str) -> None:
        self._seen = self._clock()
        if self._missed is not None:
            logger.info("whatsapp.action_server.back", url=url, seconds=round(self._clock() - self._missed))
            self._missed = None


async def _accepts(url: str) -> bool:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        connecting = asyncio.open_connection(parts.hostname, port)
        _, writer = await asyncio.wait_for(connecting, CONNECT_TIMEOUT)
    except (OSError, asyncio.TimeoutError):
        return False
    writer.close()
    return True
