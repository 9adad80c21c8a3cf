"""The real channel in a real Sanic, with a bot in Rasa's place and the local WhatsApp behind it.

The blueprint is registered by Rasa's own function, so that the same tests hold on both Rasas.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import aiohttp
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from sanic import Sanic
from sanic.touchup.service import TouchUp

from rasa_whatsapp import WhatsAppInput
from rasa_whatsapp.simulator import CLIENT_SECRET, WABA_ID, Provider, Simulator

SECRET = "app-secret"

_touch_up = TouchUp.run
_touched_up: list[Sanic] = []


def _touch_up_once(app: Sanic) -> None:
    """Sanic 21.12 rewrites its own functions at each start, which works only once per process."""
    if not _touched_up:
        _touched_up.append(app)
        _touch_up(app)


NUMBER = "100200300"
PERSON = "5561999990001"
NOWHERE = "http://127.0.0.1:9/nobody/listens/here"
ACCOUNTS: dict[Provider, dict[str, Any]] = {
    "cloud": {
        "phone_number_id": NUMBER,
        "access_token": "token",
        "app_secret": SECRET,
        "verify_token": "verify",
    },
    "serpro": {
        "provider": "serpro",
        "client_id": NUMBER,
        "client_secret": CLIENT_SECRET,
        "webhook_token": SECRET,
        "waba_id": WABA_ID,
    },
}
"""What credentials.yml says for each provider."""


class Domain:
    """What the model declares."""

    def __init__(self, intents: list[str], entities: list[str]) -> None:
        self.intents = intents
        self.entities = entities


class Bot:
    """Stands where Rasa's agent stands; a test says what a turn does."""

    def __init__(self, turn: Callable[[UserMessage], Awaitable[None]] | None = None) -> None:
        self.turn = turn
        self.heard: list[UserMessage] = []
        self.remembered: list[tuple[str, list[str]]] = []
        self.loaded = True
        self.changed = asyncio.Condition()
        self.lock_store = InMemoryLockStore()
        self.tracker_store = self
        self.domain = Domain(
            ["whatsapp_location", "whatsapp_image"], ["latitude", "longitude", "media_id", "caption"]
        )

    def is_ready(self) -> bool:
        return self.loaded

    async def retrieve_full_tracker(self, sender_id: str) -> Any:
        """What a tracker store would tell of an earlier process's turns."""
        events = [
            SimpleNamespace(message_id=id, metadata={"whatsapp": {"message_ids": ids}})
            for id, ids in self.remembered
        ]
        return SimpleNamespace(events=events)

    async def handle_message(self, message: UserMessage) -> None:
        if self.turn is not None:
            await self.turn(message)
        else:
            await message.output_channel.send_response(message.sender_id, {"text": f"echo: {message.text}"})
        async with self.changed:
            self.heard.append(message)
            self.changed.notify_all()

    async def until(self, count: int, seconds: float = 10.0) -> list[UserMessage]:
        """Waits until so many turns are over."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: len(self.heard) >= count), seconds)
        return self.heard


class WhatsApp:
    """The local WhatsApp, behind Meta's or Serpro's API: what the channel sends arrives there.

    It keeps to itself what it would report: the test is the one who posts webhooks.
    """

    def __init__(self, provider: Provider, number: str) -> None:
        self.provider = provider
        self.simulator = Simulator(
            port=0,
            provider=provider,
            webhook_url=NOWHERE,
            phone_number_id=number,
            access_token="token",
            app_secret=SECRET,
            verify_token="verify",
            webhook_token=SECRET,
            status_delay=0,
            closed_window="ignored",
        )
        self.news = asyncio.Event()

    @property
    def url(self) -> str:
        return self.simulator.url

    @property
    def posts(self) -> list[dict[str, Any]]:
        """The messages that have arrived, in order, as the Cloud API's bodies."""
        return [
            {
                **({"recipient": self._user_id(sent.user)} if sent.by_user_id else {"to": f"+{sent.user}"}),
                **sent.content,
                "biz_opaque_callback_data": sent.opaque,
            }
            for sent in self.simulator.state.messages.values()
            if sent.from_bot
        ]

    @property
    def receipts(self) -> list[str]:
        """The ids of the messages that were shown as read."""
        read = "/informacao-de-leitura" if self.provider == "serpro" else "/messages"
        bodies = [call.body or {} for call in self.simulator.calls if call.path.endswith(read)]
        return [body["message_id"] for body in bodies if body.get("status") == "read" or "message_id" in body]

    async def until(self, posts: int = 0, receipts: int = 0, seconds: float = 10.0) -> list[dict[str, Any]]:
        """Waits until so many messages and receipts have come."""

        async def enough() -> None:
            while len(self.posts) < posts or len(self.receipts) < receipts:
                self.news.clear()
                await self.news.wait()

        await asyncio.wait_for(enough(), seconds)
        return self.posts

    def _user_id(self, key: str) -> str:
        return self.simulator.state.people[key].user_id


@asynccontextmanager
async def local_whatsapp(provider: Provider = "cloud", number: str = NUMBER) -> AsyncIterator[WhatsApp]:
    """A local WhatsApp on a free port."""
    whatsapp = WhatsApp(provider, number)
    async with whatsapp.simulator:
        whatsapp.simulator.listen(lambda _: whatsapp.news.set())
        yield whatsapp


class Server:
    """A running channel: what the gateway sees of it, and its inside for the test."""

    def __init__(
        self, url: str, channel: WhatsAppInput, session: aiohttp.ClientSession, whatsapp: WhatsApp | None
    ) -> None:
        self.url = url
        self._whatsapp = whatsapp
        self._provider = whatsapp.provider if whatsapp else "cloud"
        self.channel = channel
        self._session = session

    async def deliver(self, body: bytes | dict[str, Any], **headers: str) -> int:
        """Posts a webhook, proved unless a signature is given, and returns the HTTP status.

        A body is written as Meta writes it; where Serpro carries it, it comes as Serpro writes it.
        """
        if self._whatsapp is not None and isinstance(body, dict):
            self._whatsapp.simulator.overhear(body)
            body = as_serpro(body) if self._provider == "serpro" else body
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._provider == "serpro":
            headers.setdefault("Authorization", f"Bearer {SECRET}")
        else:
            headers.setdefault("X-Hub-Signature-256", signature(data))
        async with self._session.post(
            f"{self.url}/webhook", data=data, headers={"Content-Type": "application/json", **headers}
        ) as response:
            assert await response.read() == b""
            return response.status

    async def get(self, path: str = "/", **params: str) -> tuple[int, str]:
        """Gets a page of the channel and returns status and text."""
        async with self._session.get(f"{self.url}{path}", params=params) as response:
            return response.status, await response.text()


@asynccontextmanager
async def serving(bot: Bot, whatsapp: WhatsApp | str = "", **credentials: Any) -> AsyncIterator[Server]:
    """The channel in a Sanic on a free port; stopped as the real server stops it.

    Args:
        whatsapp: what it talks to, or the address of a Graph API of the test's own; empty where
            ``credentials`` say it all.
    """
    local = None if isinstance(whatsapp, str) else whatsapp
    url = whatsapp if isinstance(whatsapp, str) else whatsapp.url
    channel = WhatsAppInput.from_credentials(
        {
            **({**ACCOUNTS[local.provider if local else "cloud"], "base_url": url} if url else {}),
            "store": "memory://",
            "pacing": False,
            "shutdown_grace": 2,
            **credentials,
        }
    )
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = bot
    register([channel], app, route="/webhooks/")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with mock.patch.object(TouchUp, "run", _touch_up_once):
        server = await app.create_server(
            host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False
        )
        assert server is not None
        await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Server(f"http://127.0.0.1:{port}/webhooks/whatsapp", channel, session, local)
    finally:
        await server.before_stop()
        server.close()
        await server.after_stop()


def signature(body: bytes, secret: str = SECRET) -> str:
    """What Meta sends in X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def webhook(*messages: dict[str, Any], number: str = NUMBER) -> dict[str, Any]:
    """Meta's envelope around messages, with a contact for each sender."""
    contacts = [
        {"profile": {"name": "Ação 👍"}, "wa_id": message["from"]}
        for message in messages
        if "from" in message
    ]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100000", "phone_number_id": number},
        "contacts": contacts,
        "messages": list(messages),
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def as_serpro(body: dict[str, Any]) -> Any:
    """Meta's envelope as Serpro writes it: bare values, an array where there are several."""
    values = [change["value"] for entry in body["entry"] for change in entry["changes"]]
    bare = []
    for value in values:
        opaque = [status.get("biz_opaque_callback_data") for status in value.get("statuses", ())]
        empty: dict[str, Any] = {"contacts": [], "messages": [], "statuses": [], "errors": [], "delay": 0}
        bare.append({**empty, **value, **({"idRequisicao": opaque[0]} if any(opaque) else {})})
    return bare[0] if len(bare) == 1 else bare


def text(body: str, id: str, sender: str = PERSON, timestamp: int | None = None) -> dict[str, Any]:
    """A text message as it stands in a webhook."""
    return {
        "from": sender,
        "id": id,
        "timestamp": str(timestamp or int(time.time())),
        "type": "text",
        "text": {"body": body},
    }


def message(kind: str, content: Any, id: str, sender: str = PERSON) -> dict[str, Any]:
    """Any other message as it stands in a webhook."""
    return {**text("", id, sender), "type": kind, kind: content} | ({} if kind == "text" else {"text": None})
