"""The endpoints of Flows, as WhatsApp calls them: sealed, signed, and with ten seconds for an answer.

Source: Meta, WhatsApp Flows, Implementing endpoints, Health check; Error codes.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.flows.crypto import Sealed, signed

TIMEOUT = 10.0
"""Seconds that the endpoint has for an answer."""
_LOGGED = 200
_HEALTHY = {"data": {"status": "active"}}

Json = dict[str, Any]


class FlowTrouble(Exception):
    """The Flow cannot go on; says what a person reads, and ``error`` as Meta calls it."""

    def __init__(self, message: str, error: str = "") -> None:
        super().__init__(message)
        self.error = error


class FlowEndpoint:
    """Asks the endpoint of a Flow.

    Args:
        key: the public key that was uploaded; empty where none was.
        tell: hears of each exchange with an endpoint, for the developer.
    """

    def __init__(
        self, account: Account, clock: Clock, key: Callable[[], str], tell: Callable[[Json], None]
    ) -> None:
        self._account = account
        self._clock = clock
        self._key = key
        self._tell = tell
        self._session: aiohttp.ClientSession | None = None
        self._count = 0
        self.exchanges: deque[Json] = deque(maxlen=_LOGGED)
        """The latest ones, as the page is told them, oldest first."""

    async def close(self) -> None:
        """Hangs up."""
        if self._session is not None:
            await self._session.close()

    async def ping(self, flow: Json, version: str) -> None:
        """The health check, which Meta makes before a Flow is published.

        Raises:
            FlowTrouble: it is not answered as it must be; says why.
        """
        answer = await self.ask(flow, {"version": version, "action": "ping"})
        if answer.get("data") != _HEALTHY["data"]:
            raise FlowTrouble(f"The endpoint must answer ping with {json.dumps(_HEALTHY)}.")

    async def ask(self, flow: Json, request: Json, *, user: str = "") -> Json:
        """What the endpoint answers.

        Args:
            user: the key of the person who has the Flow open.

        Raises:
            FlowTrouble: there is no usable answer; says why.
        """
        return await self._ask(flow, request, user, again=True)

    async def _ask(self, flow: Json, request: Json, user: str, *, again: bool) -> Json:
        uri, key = flow.get("endpoint_uri"), self._key()
        if not uri:
            problem = f"The Flow {flow['name']} has no endpoint_uri."
            raise FlowTrouble(problem, "no_http_response_error")
        if not key:
            raise FlowTrouble("No public key was uploaded: rasa-whatsapp keys upload.", "public-key-missing")
        sealed = Sealed()
        body = sealed.body(json.dumps(request).encode(), key)
        began = time.perf_counter()
        status, text, problem = await self._post(uri, body)
        content: Any = None
        try:
            content = sealed.opened(text) if status in (200, 427) else None
        except ValueError as error:
            try:
                content = json.loads(text) if status == 427 else None
            except ValueError:
                content = None
            problem = problem or (str(error) if content is None else "")
        self._note(flow, user, request, status, content, problem, time.perf_counter() - began)
        if status == 421 and again:  # a phone fetches the public key anew, and tries once more
            return await self._ask(flow, request, user, again=False)
        if status == 427:
            words = content.get("error_msg") if isinstance(content, dict) else ""
            raise FlowTrouble(words or "This form is no longer valid.", "flow-token-invalid")
        if problem == "timeout":
            raise FlowTrouble("The endpoint gave no answer within 10 seconds.", "timeout_error")
        if status is None:
            raise FlowTrouble(f"The endpoint cannot be reached: {problem}", "no_http_response_error")
        if status != 200:
            raise FlowTrouble(f"The endpoint answered {status}.", "unexpected_http_status_code")
        if not isinstance(content, dict):
            raise FlowTrouble(problem or "The answer is no JSON object.", "response-decryption-error")
        return content

    async def _post(self, uri: str, body: bytes) -> tuple[int | None, str, str]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {"Content-Type": "application/json", **signed(body, self._account.app_secret)}
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        try:
            async with self._session.post(uri, data=body, headers=headers, timeout=timeout) as response:
                return response.status, await response.text(errors="replace"), ""
        except asyncio.TimeoutError:
            return None, "", "timeout"
        except (aiohttp.ClientError, ValueError) as error:
            return None, "", str(error)

    def _note(
        self,
        flow: Json,
        user: str,
        request: Json,
        status: int | None,
        content: Any,
        problem: str,
        seconds: float,
    ) -> None:
        self._count += 1
        exchange = {
            "id": self._count,
            "at": self._clock.now(),
            "flow": flow["name"],
            "user": user,
            "request": request,
            "status": status,
            "response": content,
            "error": problem,
            "seconds": seconds,
        }
        self.exchanges.append(exchange)
        self._tell({"type": "exchange", "exchange": exchange})
