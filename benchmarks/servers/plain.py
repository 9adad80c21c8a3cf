"""Connectors as most are written: they verify nothing, keep nothing, and post each text by itself.

``PlainInput`` answers Meta after the turn, ``TaskInput`` before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse


class PlainOutput(OutputChannel):
    """Posts every text at once."""

    def __init__(self, credentials: dict[str, Any]) -> None:
        super().__init__()
        self._url = f"{credentials['base_url']}/v26.0/{credentials['phone_number_id']}/messages"
        self._headers = {"Authorization": f"Bearer {credentials['access_token']}"}

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """One message."""
        message = {
            "messaging_product": "whatsapp",
            "to": recipient_id,
            "type": "text",
            "text": {"body": text},
        }
        async with aiohttp.ClientSession(headers=self._headers, raise_for_status=True) as session:
            await session.post(self._url, json=message)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """The text alone, so that both connectors send as many messages."""
        await self.send_text_message(recipient_id, text)


class PlainInput(InputChannel):
    """Takes text messages and awaits their turns."""

    def __init__(self, credentials: dict[str, Any]) -> None:
        self._output = PlainOutput(credentials)

    @classmethod
    def name(cls) -> str:
        """The route is ``/webhooks/plain/webhook``."""
        return "plain"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> PlainInput:
        """The keys are those of the channel."""
        return cls(credentials or {})

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The webhook."""
        plain = Blueprint(self.name())

        @plain.get("/webhook")
        async def handshake(request: Request) -> HTTPResponse:
            return response.text(request.args.get("hub.challenge", ""))

        @plain.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            value = request.json["entry"][0]["changes"][0]["value"]
            for message in value.get("messages", ()):
                text, sender = message["text"]["body"], message["from"]
                message = UserMessage(text, self._output, sender, input_channel=self.name())
                await self._take(on_new_message(message))
            return response.text("")

        return plain

    async def _take(self, turn: Awaitable[Any]) -> None:
        await turn


class TaskInput(PlainInput):
    """Answers at once and lets each turn run in a task, with a reference to it so that none is lost."""

    def __init__(self, credentials: dict[str, Any]) -> None:
        super().__init__(credentials)
        self._tasks: set[asyncio.Future[Any]] = set()

    @classmethod
    def name(cls) -> str:
        """The route is ``/webhooks/tasks/webhook``."""
        return "tasks"

    async def _take(self, turn: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(turn)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
