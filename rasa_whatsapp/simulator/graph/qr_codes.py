"""QR codes and the short links behind them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.api.access import Access, json_object
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.api.paging import page
from rasa_whatsapp.simulator.refusal import Refusal

_LONGEST = 140
_IMAGES = ("PNG", "SVG")


class QrCodes:
    """The number's QR codes, by code."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._messages: dict[str, str] = {}
        self._made = 0

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes."""
        path = r"/{id:\d+}/message_qrdls"
        one = path + r"/{code:\w+}"
        return [
            ("GET", path, self.list),
            ("POST", path, self.keep),
            ("GET", one, self.get),
            ("DELETE", one, self.delete),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """``GET /{phone_number_id}/message_qrdls``."""
        self._access.number(request)
        return page(request, [self._shown(code) for code in self._messages])

    async def get(self, request: web.Request) -> web.Response:
        """``GET …/message_qrdls/{code}``: a list of one, or an empty one."""
        self._access.number(request)
        code = request.match_info["code"]
        return web.json_response({"data": [self._shown(code)] if code in self._messages else []})

    async def keep(self, request: web.Request) -> web.Response:
        """``POST …/message_qrdls``: a new code, or with ``code`` another message for an old one."""
        self._access.number(request)
        body = await json_object(request)
        message = body.get("prefilled_message")
        if not isinstance(message, str) or not 0 < len(message) <= _LONGEST:
            raise Refusal(100, f"The parameter prefilled_message must have 1 to {_LONGEST} characters.")
        if "code" in body:
            if body["code"] not in self._messages:
                raise Refusal(100, "There is no such code.")
            self._messages[body["code"]] = message
            return web.json_response(self._shown(body["code"]))
        if body.get("generate_qr_image") not in _IMAGES:
            raise Refusal(100, f"The parameter generate_qr_image must be one of {', '.join(_IMAGES)}.")
        self._made += 1
        code = f"LOCAL{self._made:09d}"
        self._messages[code] = message
        image = f"{request.scheme}://{request.host}/qr/{code}.{body['generate_qr_image'].lower()}"
        return web.json_response(self._shown(code) | {"qr_image_url": image})

    async def delete(self, request: web.Request) -> web.Response:
        """``DELETE …/message_qrdls/{code}``."""
        self._access.number(request)
        if self._messages.pop(request.match_info["code"], None) is None:
            raise Refusal(100, "There is no such code.")
        return web.json_response({"success": True})

    def _shown(self, code: str) -> dict[str, Any]:
        link = f"https://wa.me/message/{code}"
        return {"code": code, "prefilled_message": self._messages[code], "deep_link_url": link}
