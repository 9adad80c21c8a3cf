"""The page's way to Flows: open one, ask the endpoint, pick a file, send the reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.api.access import json_object
from rasa_whatsapp.simulator.flows.endpoint import FlowTrouble
from rasa_whatsapp.simulator.flows.sessions import FlowSession, FlowSessions
from rasa_whatsapp.simulator.media.forms import read_form
from rasa_whatsapp.simulator.media.shelf import MediaShelf
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.people.user import User
from rasa_whatsapp.simulator.refusal import Refusal


class FormRoutes:
    """Answers with ``trouble`` (what a person reads) and ``error`` where a Flow cannot go on."""

    def __init__(
        self, sessions: FlowSessions, network: Network, shelf: MediaShelf, user_of: Callable[[str], User]
    ) -> None:
        self._sessions = sessions
        self._network = network
        self._shelf = shelf
        self._user_of = user_of

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        session = "/control/flows/{session}"
        return [
            web.post("/control/users/{phone}/flows", self._guarded(self.open)),
            web.post(f"{session}/exchange", self._guarded(self.exchange)),
            web.post(f"{session}/navigate", self._guarded(self.navigate)),
            web.post(f"{session}/complete", self._guarded(self.complete)),
            web.post(f"{session}/files", self._guarded(self.pick)),
            web.get(r"/flows/media/{id:\d+}", self.file),
        ]

    async def open(self, request: web.Request) -> dict[str, Any]:
        """``{"message": id}``: the Flow's JSON, and its first screen."""
        user = self._user_of(request.match_info["phone"])
        message = self._network.state.messages.get(str((await _body(request)).get("message")))
        if message is None:
            raise FlowTrouble("There is no such message.")
        session, shown = await self._sessions.open(user, message)
        return {"session": session.id, "name": session.flow["name"], "flow": session.document, **shown}

    async def exchange(self, request: web.Request) -> dict[str, Any]:
        """``{"action": …, "screen": …, "payload": …}``: the next screen, or that it is done."""
        session, body = self._session(request), await _body(request)
        if screen := body.get("screen"):
            self._sessions.navigate(session, str(screen))
        return await self._sessions.exchange(session, str(body.get("action")), _payload(body))

    async def navigate(self, request: web.Request) -> dict[str, Any]:
        """``{"screen": …}``."""
        self._sessions.navigate(self._session(request), str((await _body(request)).get("screen")))
        return {}

    async def complete(self, request: web.Request) -> dict[str, Any]:
        """``{"payload": …}``."""
        return await self._sessions.complete(self._session(request), _payload(await _body(request)))

    async def pick(self, request: web.Request) -> dict[str, Any]:
        """A form with a file: what stands for it in a payload. A file that is refused is trouble."""
        session = self._session(request)
        _, file = await read_form(request)
        if file is None:
            raise ValueError("The form has no file.")
        try:
            media = self._shelf.receive(file.data, file.mime_type, file.filename)
        except ValueError as problem:
            raise FlowTrouble(str(problem)) from problem
        return {"$picked": self._sessions.pick(session, media), "name": media.filename}

    async def file(self, request: web.Request) -> web.Response:
        """A picked file, encrypted, for the bot; without a token, as at Meta's."""
        data = self._sessions.file(request.match_info["id"])
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="application/octet-stream")

    def _session(self, request: web.Request) -> FlowSession:
        return self._sessions.find(request.match_info["session"])

    def _guarded(self, handler: Any) -> Any:
        async def guarded(request: web.Request) -> web.Response:
            try:
                return web.json_response(await handler(request))
            except FlowTrouble as trouble:
                return web.json_response({"trouble": str(trouble), "error": trouble.error})
            except (ValueError, Refusal) as problem:
                return web.json_response({"trouble": str(problem), "error": ""}, status=400)

        return guarded


async def _body(request: web.Request) -> dict[str, Any]:
    return await json_object(request)


def _payload(body: dict[str, Any]) -> dict[str, Any]:
    payload = body.get("payload")
    return payload if isinstance(payload, dict) else {}
