"""A started simulator, a bot's webhook that records what it gets, and a Graph client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from rasa_whatsapp.simulator import ACCESS_TOKEN, PHONE_NUMBER_ID, VERIFY_TOKEN, Simulator, User


class Bot:
    """A webhook that answers as it is told, 200 by default, and keeps everything."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[bytes] = []
        self.headers: list[Any] = []
        self.answers: list[int] = []
        self._news = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            good = request.query.get("hub.verify_token") == VERIFY_TOKEN
            return web.Response(text=request.query["hub.challenge"]) if good else web.Response(status=403)
        self.bodies.append(await request.read())
        self.headers.append(request.headers)
        self._news.set()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    @property
    def values(self) -> list[dict[str, Any]]:
        return [json.loads(body)["entry"][0]["changes"][0]["value"] for body in self.bodies]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values for message in value.get("messages", ())]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values for status in value.get("statuses", ())]

    async def has(self, count: int) -> None:
        """Wait until so many webhooks are here."""
        while len(self.bodies) < count:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 5)


class Graph:
    """The bot's way to the Graph API."""

    def __init__(self, session: aiohttp.ClientSession, simulator: Simulator) -> None:
        self.session = session
        self.simulator = simulator
        self.token = ACCESS_TOKEN

    async def call(self, method: str, path: str, **kwargs: Any) -> tuple[int, Any]:
        url = path if path.startswith("http") else f"{self.simulator.url}{path}"
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        async with self.session.request(method, url, headers=headers, **kwargs) as response:
            if response.content_type == "application/json":
                return response.status, await response.json()
            return response.status, await response.read()

    async def send(self, message: dict[str, Any], to: str = "+5561999990001", **more: Any) -> tuple[int, Any]:
        body = {"messaging_product": "whatsapp", "to": to, **message, **more}
        return await self.call("POST", f"/v26.0/{PHONE_NUMBER_ID}/messages", json=body)

    async def says(self, text: str, **more: Any) -> str:
        status, answer = await self.send({"type": "text", "text": {"body": text}}, **more)
        assert status == 200, answer
        return str(answer["messages"][0]["id"])


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_route("*", "/webhook", bot.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    yield bot
    await runner.cleanup()


@pytest.fixture
async def simulator(bot: Bot) -> AsyncIterator[Simulator]:
    async with Simulator(port=0, webhook_url=bot.url, status_delay=0, retry_after=(0,), seed=1) as simulator:
        yield simulator


@pytest.fixture
def maria(simulator: Simulator) -> User:
    return simulator.user("+55 61 99999-0001", name="María José 👩‍🦰")


@pytest.fixture
async def graph(simulator: Simulator) -> AsyncIterator[Graph]:
    async with aiohttp.ClientSession() as session:
        yield Graph(session, simulator)
