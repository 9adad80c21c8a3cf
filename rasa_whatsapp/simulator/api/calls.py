"""The log of API calls, and the faults ordered for them; both stand around every request of the bot."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import Ids
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.switches.bad_day import Luck
from rasa_whatsapp.simulator.switches.faults import Fault, Faults

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_LOGGED = 5_000
_SECRET = re.compile("token|appsecret_proof")
EARLY = 0.3
"""Seconds by which statuses are before the answer, on a day when they are early."""


@dataclass(frozen=True)
class Call:
    """One API call: what came, as JSON (None when it was not JSON), and what was answered.

    ``text`` is the JSON exactly as it came. ``status`` is None when the connection was cut. ``proved`` tells
    whether the call proved the app's secret, with the proof itself left out.
    """

    number: int
    at: float
    method: str
    path: str
    query: dict[str, str]
    body: Any
    text: str
    status: int | None
    response: Any
    seconds: float
    proved: bool

    def to_json(self) -> dict[str, Any]:
        """The entry of the call log, for the page."""
        return {
            "id": self.number,
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": self.body,
            "text": self.text,
            "status": self.status,
            "response": self.response,
            "seconds": self.seconds,
            "proved": self.proved,
        }


class CallLog:
    """Runs the handlers of API calls: logs each, answers refusals, lets ordered faults happen."""

    def __init__(
        self,
        faults: Faults,
        luck: Luck,
        clock: Clock,
        ids: Ids,
        on_call: Callable[[Call], None],
        sending: str,
    ) -> None:
        self.calls: deque[Call] = deque(maxlen=_LOGGED)
        self._faults = faults
        self._luck = luck
        self._sending = sending
        self._clock = clock
        self._ids = ids
        self._on_call = on_call
        self._count = 0

    def around(self, handler: Handler) -> Handler:
        """The handler, logged."""

        async def logged(request: web.Request) -> web.StreamResponse:
            at, began = self._clock.now(), time.perf_counter()
            text = await _text(request)
            body = _json(text)
            fault = self._faults.take(request.path, _recipient(body), status=False)
            fault = fault or self._luck.fault(request.path, self._sending)
            response = await self._answer(handler, request, fault)
            if self._sending in request.path and self._luck.strikes("early_statuses"):
                await self._clock.sleep(EARLY)
            self._count += 1
            call = Call(
                number=self._count,
                at=at,
                method=request.method,
                path=request.path,
                query={key: value for key, value in request.query.items() if not _SECRET.search(key)},
                body=body,
                text=text,
                status=None if fault and fault.cut else response.status,
                response=_shown(response),
                seconds=time.perf_counter() - began,
                proved="appsecret_proof" in request.query,
            )
            self.calls.append(call)
            self._on_call(call)
            return response

        return logged

    def refuse(self, refusal: Refusal) -> web.Response:
        """The HTTP answer for a refusal."""
        return web.json_response(refusal.body(self._ids.trace()), status=refusal.http)

    async def _answer(
        self, handler: Handler, request: web.Request, fault: Fault | None
    ) -> web.StreamResponse:
        if fault is None:
            return await self._handle(handler, request)
        response = await self._handle(handler, request) if fault.accepted else None
        if fault.delay:
            await self._clock.sleep(fault.delay)
        if fault.cut:
            if request.transport:
                request.transport.abort()
            return web.Response(status=500)
        if fault.body is not None:
            return web.Response(
                text=fault.body, status=fault.http or 500, content_type="text/html", headers=fault.headers
            )
        if fault.error is not None:
            refused = self.refuse(fault.error)
            refused.headers.update(fault.headers)
            return refused
        # A response of aiohttp is a mapping, and an empty one is false.
        if response is None:
            return await self._handle(handler, request)
        if fault.http:
            response.set_status(fault.http)
        return response

    async def _handle(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return self.refuse(refusal)


async def _text(request: web.Request) -> str:
    if request.content_type != "application/json":
        return ""
    return (await request.read()).decode("utf-8", "replace")


def _json(text: str) -> Any:
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return None


def read_json(text: str | bytes) -> Any:
    """The JSON in a text, without NaN and Infinity, which Python reads and a page cannot.

    Raises:
        ValueError: it is none.
        RecursionError: it is too deep.
    """
    return json.loads(text, parse_constant=_no_json)


def _no_json(name: str) -> None:
    raise ValueError(f"JSON has no {name}.")


def _recipient(body: Any) -> str:
    if not isinstance(body, dict):
        return ""
    return str(body.get("to") or body.get("recipient") or body.get("destinatario") or "")


def _shown(response: web.StreamResponse) -> Any:
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return None
    if response.content_type == "application/json":
        shown = json.loads(response.body)
        secret = isinstance(shown, dict) and "access_token" in shown
        return {**shown, "access_token": "…"} if secret else shown
    return response.text if response.content_type == "text/html" else None
