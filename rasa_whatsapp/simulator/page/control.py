"""What the page talks to: itself, its files, and one WebSocket that shows everything and takes commands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.calls import CallLog, read_json
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import slug
from rasa_whatsapp.simulator.media.forms import read_form
from rasa_whatsapp.simulator.media.links import Links
from rasa_whatsapp.simulator.media.shelf import KINDS, MediaShelf, bare
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.page.pytest_export import as_pytest
from rasa_whatsapp.simulator.page.story import as_story
from rasa_whatsapp.simulator.people.reader import Unexpected
from rasa_whatsapp.simulator.people.user import User
from rasa_whatsapp.simulator.state import Person
from rasa_whatsapp.simulator.webhook.deliveries import Webhook
from rasa_whatsapp.simulator.webhook.handshake import Handshake

STATIC = Path(__file__).parent / "static"
_SHOWN = frozenset[str]().union(*(KINDS[kind][0] for kind in ("image", "video", "audio", "sticker")))
_LOG_SHOWN = 200
_PACKETS_WAITING = 10_000
_BREATH = 0.02
"""Seconds from one list of packets to the next; no screen shows more."""
_MOST_HOURS = 24 * 365
# Somebody to write as, for a page that is opened before anybody else is there.
_FIRST_PERSON = ("5561999990001", "Maria")


class _Page:
    """One open page, and what it is still to be told.

    Args:
        together: it takes lists of packets, so that what has come up meanwhile is told at once. With many
            pages open, and everything told to all of them, that is what keeps them quick.
    """

    def __init__(self, socket: web.WebSocketResponse, *, together: bool) -> None:
        self.socket = socket
        self._together = together
        self._packets: asyncio.Queue[str] = asyncio.Queue(_PACKETS_WAITING)
        self._sending = asyncio.get_running_loop().create_task(self._send_all())

    def show(self, packet: str) -> None:
        """Tell it soon."""
        try:
            self._packets.put_nowait(packet)
        except asyncio.QueueFull:  # a page that stopped reading; it will connect again and start afresh
            self._sending.cancel()

    async def leave(self) -> None:
        """Tell it nothing more."""
        self._sending.cancel()
        await asyncio.gather(self._sending, return_exceptions=True)

    async def _send_all(self) -> None:
        try:
            while True:
                packets = [await self._packets.get()]
                while self._together and not self._packets.empty():
                    packets.append(self._packets.get_nowait())
                await self.socket.send_str(f"[{','.join(packets)}]" if self._together else packets[0])
                if self._together:
                    await asyncio.sleep(_BREATH)
        except ConnectionError:
            return
        finally:
            await self.socket.close()


class Control:
    """The page's side of the simulator. Whatever comes from the page is data: checked, and never run."""

    def __init__(
        self,
        account: Account,
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
        self._account = account
        self._network = network
        self._shelf = shelf
        self._links = links
        self._webhook = webhook
        self._handshake = handshake
        self._calls = calls
        self._clock = clock
        self._user_of = user_of
        self._exchanges = exchanges
        self._pages: set[_Page] = set()
        network.listeners.append(self._show)
        self._commands: dict[str, Callable[[User, dict[str, Any]], Awaitable[object]]] = {
            "text": lambda user, command: user.says(
                _need(command, "text"), reply_to=_text(command, "reply_to")
            ),
            "tap": lambda user, command: user.taps_id(_need(command, "message"), _need(command, "id")),
            "media": _media,
            "location": _location,
            "contacts": _contacts,
            "forward": lambda user, command: user.forwards(
                _need(command, "message"), often=command.get("often") is True
            ),
            "order": _order,
            "address": _address,
            "calls": lambda user, command: user.allows_calls(
                command.get("allowed") is True, reply_to=_need(command, "reply_to")
            ),
            "number": lambda user, command: user.changes_number(_need(command, "phone")),
            "ad": lambda user, command: user.comes_by_ad(
                _need(command, "text"), headline=_text(command, "headline")
            ),
            "marketing": lambda user, command: user.stops_marketing(command.get("stopped") is True),
            "reaction": lambda user, command: user.reacts(
                _text(command, "message"), command.get("emoji") or ""
            ),
            "read": lambda user, command: user.reads(),
        }

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
        return _file("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A file of the page."""
        return _file(request.match_info["path"])

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A file of the conversation, by its media id."""
        media = self._shelf.find(request.match_info["id"])
        if media is None:
            raise web.HTTPNotFound
        return _content(request, media.mime_type, media.data)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A file that the bot sent by link: ``?url=…``."""
        found = await self._links.fetch(request.query.get("url", ""))
        if found is None:
            raise web.HTTPNotFound
        return _content(request, *found)

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
        return _saved(as_story(self._account, self._person(user), user.messages), "{}.yml", user)

    async def test(self, request: web.Request) -> web.Response:
        """The conversation as a test for pytest."""
        user = self._user_of_path(request)
        assert request.transport  # there is one as long as the request is being answered
        port = request.transport.get_extra_info("sockname")[1]  # a Host need not name one
        test = as_pytest(self._person(user), user.messages, port=port, webhook_url=self._webhook.url)
        return _saved(test, "test_{}.py", user)

    async def websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A snapshot, then every event; commands the other way. With ``?together`` in lists."""
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024 * 1024)
        await socket.prepare(request)
        if not self._network.state.people:
            phone, name = _FIRST_PERSON
            self._network.person(phone, name=name)
        page = _Page(socket, together="together" in request.query)
        page.show(json.dumps(self._snapshot()))
        self._pages.add(page)
        try:
            async for packet in socket:
                if packet.type is WSMsgType.TEXT and (problem := await self._obey(packet.data)):
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
                "phone_number_id": self._account.phone_number_id,
                "display_phone_number": self._account.display_phone_number,
                "name": self._account.verified_name,
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

    async def _obey(self, packet: str) -> str:
        """Carry out a command of the page; what was wrong with it, or an empty string."""
        try:
            command = read_json(packet)
            if not isinstance(command, dict):
                return "A command is a JSON object."
            if command.get("do") == "user":
                self._network.person(_need(command, "phone"), name=_text(command, "name"))
                return ""
            if command.get("do") == "advance":
                self._clock.advance(hours=_hours(command))
                return ""
            do = self._commands.get(_need(command, "do"))
            if do is None:
                return f"The simulator knows no command {command['do']!r}."
            await do(self._user_of(_need(command, "user")), command)
        except KeyError as missing:
            return f"The command needs {missing}."
        except (ValueError, TypeError, OverflowError, RecursionError, Unexpected) as problem:
            return str(problem)
        return ""


def _text(command: dict[str, Any], key: str) -> str:
    """A text of the command; empty when it is not there."""
    value = command.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"The command's {key!r} must be a text.")
    return value


def _need(command: dict[str, Any], key: str) -> str:
    value = _text(command, key)
    if not value:
        raise ValueError(f"The command needs {key!r}.")
    return value


def _hours(command: dict[str, Any]) -> float:
    hours = float(command["hours"])
    if not 0 < hours <= _MOST_HOURS:
        raise ValueError(f"The time can be moved ahead by up to {_MOST_HOURS} hours.")
    return hours


async def _media(user: User, command: dict[str, Any]) -> None:
    await user.sends_media(
        _need(command, "kind"),
        _need(command, "media"),
        caption=_text(command, "caption"),
        filename=_text(command, "filename"),
        voice=command.get("voice") is True,
        reply_to=_text(command, "reply_to"),
    )


async def _location(user: User, command: dict[str, Any]) -> None:
    latitude, longitude = float(command["latitude"]), float(command["longitude"])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("There is no such place.")
    await user.sends_location(
        latitude,
        longitude,
        name=_text(command, "name"),
        address=_text(command, "address"),
        reply_to=_text(command, "reply_to"),
    )


async def _contacts(user: User, command: dict[str, Any]) -> None:
    contacts = command.get("contacts")
    if not isinstance(contacts, list) or not contacts or not all(isinstance(item, dict) for item in contacts):
        raise ValueError("The command needs a list of contacts.")
    await user.sends_contacts(*contacts, reply_to=_text(command, "reply_to"))


async def _order(user: User, command: dict[str, Any]) -> None:
    items = command.get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise ValueError("The command needs a list of items.")
    await user.orders(
        *items,
        catalog_id=_text(command, "catalog"),
        text=_text(command, "text"),
        reply_to=_text(command, "reply_to"),
    )


async def _address(user: User, command: dict[str, Any]) -> None:
    values = command.get("values")
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise ValueError("The command needs an address: an object of texts.")
    await user.gives_address(values, reply_to=_need(command, "reply_to"))


def _file(path: str) -> web.StreamResponse:
    file = (STATIC / path).resolve()
    if not file.is_relative_to(STATIC.resolve()) or not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file, headers={"Cache-Control": "no-cache"})


def _saved(text: str, pattern: str, user: User) -> web.Response:
    """A text that the browser saves as a file."""
    name = pattern.format(slug(user.name) or "conversation")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, headers=headers)


def _content(request: web.Request, mime_type: str, data: bytes) -> web.Response:
    """A file for the page, or the part that it asks for: players find the length of a sound at its end.

    What a browser could run is only ever offered for saving.
    """
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Type": mime_type,
    }
    if bare(mime_type) not in _SHOWN:
        headers |= {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
    try:
        wanted = request.http_range
    except ValueError:
        wanted = slice(len(data), None)
    start, stop, _ = wanted.indices(len(data))
    if wanted == slice(None, None, 1):
        return web.Response(body=data, headers=headers)
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(status=206, body=data[start:stop], headers=headers)
