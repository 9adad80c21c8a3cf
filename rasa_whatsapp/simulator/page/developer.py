"""What a developer does on the page: post webhooks again, repeat calls, read what an error means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from aiohttp import web

from rasa_whatsapp.errors import explain
from rasa_whatsapp.simulator.api.access import json_object
from rasa_whatsapp.simulator.graph.review import Review
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.switches.bad_day import BadDay
from rasa_whatsapp.simulator.switches.faults import PROXY_PAGE
from rasa_whatsapp.simulator.switches.restrictions import Restrictions
from rasa_whatsapp.simulator.troubles import Troubles
from rasa_whatsapp.simulator.webhook.deliveries import Webhook

_METHODS = frozenset({"GET", "POST", "DELETE"})
_SLOW = 5.0
_TIMEOUT = aiohttp.ClientTimeout(total=30)


class Developer:
    """The routes behind the developer's panel. What they do comes back to the page by the two logs.

    Args:
        url: where this simulator listens.
        credentials: headers and query that let a call pass, as a bot would send them.
        troubles: what can be made to go wrong.
        review: Meta's judgement of templates and Flows.
    """

    def __init__(
        self,
        webhook: Webhook,
        url: Callable[[], str],
        credentials: Callable[[], tuple[dict[str, str], dict[str, str]]],
        troubles: Troubles,
        review: Review,
    ) -> None:
        self._webhook = webhook
        self._troubles = troubles
        self._review = review
        self._url = url
        self._credentials = credentials
        self._next: dict[str, Callable[[str, int], None]] = {
            "refused": lambda to, code: troubles.fail_next(code, recipient=to),
            "failed": lambda to, code: troubles.fail_delivery(code, recipient=to),
            "html": lambda to, _: troubles.fail_next(http=502, body=PROXY_PAGE, recipient=to),
            "cut": lambda to, _: troubles.fail_next(cut=True, accepted=True, recipient=to),
            "slow": lambda to, _: troubles.fail_next(delay=_SLOW, recipient=to),
        }

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [
            web.post("/control/webhooks", self.post),
            web.post(r"/control/webhooks/{number:\d+}", self.post_again),
            web.post("/control/calls", self.call),
            web.post("/control/troubles", self.trouble),
            web.get("/control/bad-day", self.day),
            web.post("/control/bad-day", self.begin_day),
            web.get("/control/restrictions", self.restrictions),
            web.post("/control/restrictions", self.restrict),
            web.get("/control/review", self.review),
            web.post("/control/review", self.judge),
            web.get(r"/control/errors/{code:\d{1,9}}", self.error),
        ]

    async def post(self, request: web.Request) -> web.Response:
        """Post the body of this request to the bot, byte for byte, signed afresh."""
        await self._webhook.post(self._webhook.prepare(await request.read()))
        return web.Response(status=204)

    async def post_again(self, request: web.Request) -> web.Response:
        """Post a webhook once more: the same bytes under the same signature."""
        number = int(request.match_info["number"])
        delivery = next((each for each in self._webhook.deliveries if each.number == number), None)
        if delivery is None:
            raise web.HTTPNotFound(text="This webhook is no longer in the log.")
        await self._webhook.post(delivery)
        return web.Response(status=204)

    async def call(self, request: web.Request) -> web.Response:
        """``{"method": …, "path": …, "query": {…}, "body": text}``: call the API as the bot would."""
        with _complaints():
            method, path, query, body = _call(await json_object(request))
        headers, proof = self._credentials()
        if body:
            headers["Content-Type"] = "application/json"
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as session,
                session.request(
                    method, self._url() + path, params=proof | query, data=body.encode(), headers=headers
                ) as response,
            ):
                await response.read()
        except (aiohttp.ClientError, asyncio.TimeoutError):  # an ordered fault; the log shows it
            pass
        return web.Response(status=204)

    async def trouble(self, request: web.Request) -> web.Response:
        """``{"kind": …, "code": …, "to": …}``: the bot's next message to this person goes wrong."""
        with _complaints():
            wanted = await json_object(request)
            kind, code, to = wanted.get("kind"), wanted.get("code", 0), wanted.get("to")
            if not isinstance(kind, str) or kind not in self._next:
                raise ValueError(f"The kind must be one of {', '.join(self._next)}.")
            if not isinstance(code, int) or isinstance(code, bool) or not isinstance(to, str) or not to:
                raise ValueError("The code must be a number, and somebody must be named under 'to'.")
            self._next[kind](to, code)
        return web.Response(status=204)

    async def day(self, request: web.Request) -> web.Response:
        """How likely each trouble is today."""
        luck = self._troubles.luck
        return web.json_response({"seed": luck.seed, "chances": luck.day.chances})

    async def begin_day(self, request: web.Request) -> web.Response:
        """``{"seed": 0, "chances": {"duplicates": 0.3}}``: from now on so much goes wrong."""
        with _complaints():
            wanted = await json_object(request)
            seed, chances = wanted.get("seed", 0), wanted.get("chances", {})
            if not isinstance(seed, int) or isinstance(seed, bool) or not isinstance(chances, dict):
                raise ValueError("The seed must be a whole number, and the chances an object of numbers.")
            self._troubles.bad_day(BadDay.of(chances), seed=seed)
        return web.Response(status=204)

    async def restrictions(self, request: web.Request) -> web.Response:
        """The restrictions that there are, as they are now."""
        return web.json_response({"restrictions": self._troubles.described_restrictions})

    async def restrict(self, request: web.Request) -> web.Response:
        """``{"pair_burst": 45}``: from now on these restrictions hold, and no others."""
        with _complaints():
            self._troubles.restrict(Restrictions.of(await json_object(request)))
        return web.Response(status=204)

    async def review(self, request: web.Request) -> web.Response:
        """The account's templates and Flows, and the status of each."""
        return web.json_response(self._review.judged)

    async def judge(self, request: web.Request) -> web.Response:
        """``{"kind": "template", "name": …, "language": …, "status": "PAUSED"}``, or the kind "flow".

        Beside the status REJECTED there may be a ``reason``.
        """
        with _complaints():
            wanted = await json_object(request)
            name, status = str(wanted.get("name")), str(wanted.get("status"))
            if wanted.get("kind") == "flow":
                self._review.flow(name, status)
            else:
                language, reason = (str(wanted.get(key) or "") for key in ("language", "reason"))
                self._review.template(name, status, language, reason)
        return web.Response(status=204)

    async def error(self, request: web.Request) -> web.Response:
        """What an error code of Meta's means, and what to do about it."""
        return web.json_response({"text": explain(int(request.match_info["code"]))})


@contextmanager
def _complaints() -> Iterator[None]:
    """What is wrong with a request is told to the page under HTTP 400."""
    try:
        yield
    except (Refusal, ValueError) as problem:
        raise web.HTTPBadRequest(text=str(problem)) from None


def _call(wanted: dict[str, Any]) -> tuple[str, str, dict[str, str], str]:
    method, path = wanted.get("method"), wanted.get("path")
    query, body = wanted.get("query", {}), wanted.get("body", "")
    if not isinstance(method, str) or method not in _METHODS:
        raise ValueError(f"The method must be one of {', '.join(sorted(_METHODS))}.")
    if not isinstance(path, str) or not path.startswith("/") or path.startswith(("//", "/control/")):
        raise ValueError("The path must be one of the API's, and begin with a slash.")
    if not isinstance(query, dict) or not all(isinstance(value, str) for value in query.values()):
        raise ValueError("The query must be an object of texts.")
    if not isinstance(body, str):
        raise ValueError("The body must be a text.")
    return method, path, query, body
