"""The handshake: the GET by which Meta makes sure that a webhook wants its events.

Source: Meta, Webhooks, Verification requests: 200 with ``hub.challenge`` as the body.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.webhook.deliveries import Webhook

_ASK_AGAIN_AFTER = 0.5

_log = structlog.get_logger(__name__)


class Handshake:
    """Asks again and again until the bot is there and answers as it should; ``problem`` says why not yet."""

    def __init__(
        self,
        webhook: Webhook,
        verify_token: str,
        clock: Clock,
        on_change: Callable[[Handshake], None],
    ) -> None:
        self.problem = "The bot has not been asked yet."
        self._webhook = webhook
        self._verify_token = verify_token
        self._clock = clock
        self._on_change = on_change
        self._done = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Start to ask, afresh when the webhook has moved."""
        self.stop()
        self._done.clear()
        self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """Ask no more."""
        if self._task:
            self._task.cancel()

    async def wait(self, timeout: float) -> None:
        """Wait until the bot agrees. Raises :class:`TimeoutError` that says why it does not."""
        try:
            await asyncio.wait_for(self._done.wait(), timeout)
        except asyncio.TimeoutError:
            raise TimeoutError(self.problem) from None

    def to_json(self) -> dict[str, Any]:
        """The handshake as the page knows it."""
        return {"done": self._done.is_set(), "problem": self.problem, "url": self._webhook.url}

    async def _run(self) -> None:
        while True:
            problem = await self._ask()
            if not problem:
                self._done.set()
            if problem != self.problem or not problem:
                self.problem = problem
                self._on_change(self)
                if problem:
                    _log.info("whatsapp.simulator.handshake", problem=problem)
                else:
                    _log.info("whatsapp.simulator.connected", webhook=self._webhook.url)
            if not problem:
                return
            await self._clock.sleep(_ASK_AGAIN_AFTER)

    async def _ask(self) -> str:
        """Ask once; what is wrong, or an empty string."""
        challenge = str(secrets.randbelow(10**10))
        query = {"hub.mode": "subscribe", "hub.verify_token": self._verify_token, "hub.challenge": challenge}
        try:
            status, body = await self._webhook.get(query)
        except asyncio.TimeoutError:
            return f"{self._webhook.url} does not answer."
        except (aiohttp.ClientError, ValueError):
            return f"Nothing listens at {self._webhook.url or 'the webhook URL, which is empty'}."
        if status != 200:
            return f"The bot answered {status} to the handshake: do verify_token and the path agree?"
        if body != challenge:
            return "The bot answered the handshake with something else than the challenge."
        return ""
