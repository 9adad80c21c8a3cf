"""The registered webhooks; the one that was registered last gets the deliveries.

Source: the two forms of registration that public clients use, a bare URL as text and JSON with a token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.api.access import json_object
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.ids import Ids
from rasa_whatsapp.simulator.limits.rules import text, url
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.serpro.access import SerproAccess
from rasa_whatsapp.simulator.serpro.refusal import Refused

_RULES = (text("uri", 2048), url("uri"), text("jwtToken?", 2048))


@dataclass
class Hook:
    """One webhook; ``token`` comes back as a bearer token with each delivery."""

    id: str
    uri: str
    token: str


class Hooks:
    """Where deliveries go, and what they bring along.

    Args:
        uri, token: of the webhook that is registered from the start.
        on_change: is told where deliveries go from now on; an empty string: nowhere.
    """

    def __init__(self, uri: str, token: str, ids: Ids, on_change: Callable[[str], None]) -> None:
        self._ids = ids
        self._on_change = on_change
        self._hooks = [Hook(ids.request(), uri, token)]

    @property
    def token(self) -> str:
        """The bearer token of deliveries; empty when none was told."""
        return self._hooks[-1].token if self._hooks else ""

    def move(self, uri: str) -> None:
        """The bot listens somewhere else, with the same token."""
        self._hooks = [Hook(self._ids.request(), uri, self.token)]

    def table(self, access: SerproAccess, number: str) -> list[tuple[str, str, Handler]]:
        """The routes below ``/client/{id}/v2``.

        Args:
            number: the id of the phone number, which the list repeats.
        """

        async def show(request: web.Request) -> web.Response:
            access.number(request)
            return web.json_response([_shown(hook, number) for hook in self._hooks])

        async def create(request: web.Request) -> web.Response:
            access.number(request)
            uri, token = await _read(request)
            hook = Hook(self._ids.request(), uri, token)
            self._hooks.append(hook)
            self._changed()
            return web.json_response({"id": hook.id}, status=201)

        async def update(request: web.Request) -> web.Response:
            access.number(request)
            hook = self._find(request)
            hook.uri, hook.token = await _read(request)
            self._changed()
            return web.json_response(_shown(hook, number))

        async def delete(request: web.Request) -> web.Response:
            access.number(request)
            self._hooks.remove(self._find(request))
            self._changed()
            return web.Response(status=204)

        async def clear(request: web.Request) -> web.Response:
            access.number(request)
            self._hooks.clear()
            self._changed()
            return web.Response(status=204)

        return [
            ("GET", "/webhook", show),
            ("POST", "/webhook", create),
            ("DELETE", "/webhook", clear),
            ("PUT", "/webhook/{hook}", update),
            ("DELETE", "/webhook/{hook}", delete),
        ]

    def _find(self, request: web.Request) -> Hook:
        wanted = request.match_info["hook"]
        found = next((hook for hook in self._hooks if hook.id == wanted), None)
        if found is None:
            raise Refused(404, "There is no webhook with this id.")
        return found

    def _changed(self) -> None:
        self._on_change(self._hooks[-1].uri if self._hooks else "")


async def _read(request: web.Request) -> tuple[str, str]:
    """Address and token: JSON, or the older form, the bare URL as text, which has no token."""
    try:
        as_text = request.content_type == "text/plain"
        body = {"uri": (await request.text()).strip()} if as_text else await json_object(request)
        for rule in _RULES:
            rule.check(body)
    except Refusal as refusal:
        raise Refused(400, refusal.details) from None
    return body["uri"], body.get("jwtToken") or ""


def _shown(hook: Hook, number: str) -> dict[str, Any]:
    return {"id": hook.id, "uri": hook.uri, "jwtToken": hook.token or None, "fromPhoneNumberId": number}
