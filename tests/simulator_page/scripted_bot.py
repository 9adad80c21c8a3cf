"""A bot that says what the test tells it to: webhooks are answered 200, messages go through the Graph API."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from aiohttp import web
from every_message import png

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse
from rasa_whatsapp.simulator import ACCESS_TOKEN, PHONE_NUMBER_ID, Simulator

MARIA = "5491155550001"


class ScriptedBot:
    """The business side of a conversation in a test."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[dict[str, Any]] = []
        self.events: list[events.Event] = []
        self._news = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._simulator: Simulator | None = None
        self._session: aiohttp.ClientSession | None = None

    async def listen(self) -> str:
        """Start the webhook; its URL."""
        app = web.Application()
        app.router.add_get("/webhook", self._handshake)
        app.router.add_post("/webhook", self._take)
        app.router.add_get("/picture.png", self._picture)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return f"{self.url}/webhook"

    def use(self, simulator: Simulator) -> None:
        """Talk through this simulator."""
        self._simulator = simulator
        self._session = aiohttp.ClientSession(headers={"Authorization": f"Bearer {ACCESS_TOKEN}"})

    async def close(self) -> None:
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    async def sends(self, content: dict[str, Any], to: str = MARIA, **more: Any) -> str:
        """Send a message object; its id."""
        answer = await self._post("messages", json={**_WRAPPER, "to": f"+{to}", **content, **more})
        return str(answer["messages"][0]["id"])

    async def says(self, text: str, to: str = MARIA, **more: Any) -> str:
        """Send a text; its id."""
        return await self.sends({"type": "text", "text": {"body": text}}, to, **more)

    async def types(self, message_id: str) -> None:
        """Mark a message as read and show the typing indicator."""
        await self._post(
            "messages",
            json={
                **_WRAPPER,
                "status": "read",
                "message_id": message_id,
                "typing_indicator": {"type": "text"},
            },
        )

    async def uploads(self, data: bytes, mime_type: str, filename: str) -> str:
        """Upload a file; its media id."""
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime_type})
        form.add_field("file", data, content_type=mime_type, filename=filename)
        return str((await self._post("media", data=form))["id"])

    async def heard(self, count: int) -> None:
        """Return when so many events, statuses apart, have come."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(self.events) >= count), 10)

    async def _post(self, path: str, **body: Any) -> dict[str, Any]:
        assert self._simulator
        assert self._session
        url = f"{self._simulator.url}/v26.0/{PHONE_NUMBER_ID}/{path}"
        async with self._session.post(url, **body) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, answer
            return answer

    async def _handshake(self, request: web.Request) -> web.Response:
        return web.Response(text=request.query["hub.challenge"])

    async def _picture(self, request: web.Request) -> web.Response:
        return web.Response(body=png(), content_type="image/png")

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.json()
        came = [event for event in parse(body) if not isinstance(event, events.Status)]
        async with self._news:
            self.events += came
            self._news.notify_all()
        self.received += body["entry"][0]["changes"][0]["value"].get("messages", ())
        return web.Response()


_WRAPPER = {"messaging_product": "whatsapp"}
