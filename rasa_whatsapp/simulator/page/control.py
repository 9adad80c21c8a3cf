"""What the page talks to: itself, its files, and one WebSocket that shows everything and takes commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from aiohttp import WSMsgType, web

from rasa_whatsapp.simulator.api.calls import CallLog
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.media.forms import read_form
from rasa_whatsapp.simulator.media.links import Links
from rasa_whatsapp.simulator.media.shelf import MediaShelf
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.options import Options
from rasa_whatsapp.simulator.page.commands import Commands
from rasa_whatsapp.simulator.page.files import content, page_file, saved
from rasa_whatsapp.simulator.page.open_page import OpenPage
from rasa_whatsapp.simulator.page.pytest_export import as_pytest
from rasa_whatsapp.simulator.page.story import as_story
from rasa_whatsapp.simulator.people.user import User
from rasa_whatsapp.simulator.state import Person
from rasa_whatsapp.simulator.webhook.deliveries import Webhook
from rasa_whatsapp.simulator.webhook.handshake import Handshake

_LOG_SHOWN = 200
# Somebody to write as, for a page that is opened before anybody else is there.
_FIRST_PERSON = ("5561999990001", "Maria")


class Control:
    """The page's side of the simulator."""

    def __init__(
        self,
        options: Options,
        network: Network,
        shelf: MediaShelf,
        links: Links,
        webhook: Webhook,
        handshake: Handshake,
        calls: CallLog,
        clock: Clock,
        user_of: Callable[[str], User],
        exchanges: Collection[dict[str, Any]],
    ) -> None:
        self._options = options
        self._network = network
        self._shelf = shelf
        self._links = links
        self._webhook = webhook
        self._handshake = handshake
        self._calls = calls
        self._clock = clock
        self._user_of = user_of
        self._exchanges = exchanges
        self._commands = Commands(network, clock, user_of)
        self._pages: set[OpenPage] = set()
        network.listeners.append(self._show)

    def routes(self) -> list[web.RouteDef]:
        """All routes of the page."""
        return [
            web.get("/", self.page),
            web.get("/static/{path:.+}", self.static),
            web.get("/control/ws", self.websocket),
            web.get(r"/control/media/{id:\d+}", self.media),
            web.get("/control/link", self.link),
            web.post("/control/users/{phone}/media", self.receive_file),
            web.get("/control/users/{phone}/story.yml", self.story),
            web.get("/control/users/{phone}/test.py", self.test),
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The page itself."""
        return page_file("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A file of the page."""
        return page_file(request.match_info["path"])

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A file of the conversation, by its media id."""
        media = self._shelf.find(request.match_info["id"])
        if media is None:
            raise web.HTTPNotFound
        return content(request, media.mime_type, media.data)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A file that the bot sent by link: ``?url=…``."""
        found = await self._links.fetch(request.query.get("url", ""))
        if found is None:
            raise web.HTTPNotFound
        return content(request, *found)

    async def receive_file(self, request: web.Request) -> web.Response:
        """A file that a person is about to send; answers with its media id."""
        self._user_of_path(request)
        try:
            _, file = await read_form(request)
            if file is None:
                raise ValueError("The form has no file.")
            media = self._shelf.receive(file.data, file.mime_type, file.filename)
        except ValueError as problem:
            raise web.HTTPBadRequest(text=str(problem)) from None
        return web.json_response({"id": media.id, "mime_type": media.mime_type, "filename": media.filename})

    async def story(self, request: web.Request) -> web.Response:
        """The conversation as a Rasa story."""
        user = self._user_of_path(request)
        return saved(as_story(self._options, self._person(user), user.messages), "{}.yml", user.name)

    async def test(self, request: web.Request) -> web.Response:
        """The conversation as a test for pytest."""
        user = self._user_of_path(request)
        assert request.transport  # there is one as long as the request is being answered
        port = request.transport.get_extra_info("sockname")[1]  # a Host need not name one
        test = as_pytest(
            self._person(user),
            user.messages,
            port=port,
            webhook_url=self._webhook.url,
            provider=self._options.provider,
        )
        return saved(test, "test_{}.py", user.name)

    async def websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A snapshot, then every event; commands the other way. With ``?together`` in lists."""
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024 * 1024)
        await socket.prepare(request)
        if not self._network.state.people:
            phone, name = _FIRST_PERSON
            self._network.person(phone, name=name)
        page = OpenPage(socket, together="together" in request.query)
        page.show(json.dumps(self._snapshot()))
        self._pages.add(page)
        try:
            async for packet in socket:
                if packet.type is WSMsgType.TEXT and (problem := await self._commands.obey(packet.data)):
                    page.show(json.dumps({"type": "error", "text": problem}))
        finally:
            self._pages.discard(page)
            await page.leave()
        return socket

    async def close(self) -> None:
        """Hang up on every page."""
        for page in list(self._pages):
            await page.socket.close()

    def _show(self, event: dict[str, Any]) -> None:
        """Tell every page, in words that are written once for all."""
        if self._pages:
            packet = json.dumps(event)
            for page in self._pages:
                page.show(packet)

    def _person(self, user: User) -> Person:
        return self._network.person(user.phone, user_id=user.user_id)

    def _user_of_path(self, request: web.Request) -> User:
        try:
            return self._user_of(request.match_info["phone"])
        except ValueError:
            raise web.HTTPNotFound from None

    def _snapshot(self) -> dict[str, Any]:
        state = self._network.state
        return {
            "type": "snapshot",
            "number": {
                "phone_number_id": self._options.phone_number_id,
                "display_phone_number": self._options.display_phone_number,
                "name": self._options.verified_name,
            },
            "now": self._clock.now(),
            "window": self._network.window,
            "handshake": self._handshake.to_json(),
            "users": [person.to_json() for person in state.people.values()],
            "messages": [message.to_json() for message in state.messages.values()],
            "typing": self._network.typing.people,
            "deliveries": [delivery.to_json() for delivery in list(self._webhook.deliveries)[-_LOG_SHOWN:]],
            "calls": [call.to_json() for call in list(self._calls.calls)[-_LOG_SHOWN:]],
            "exchanges": list(self._exchanges),
        }
