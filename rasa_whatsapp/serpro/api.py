"""Serpro's API as plain HTTP calls: JSON in, JSON or a typed error out, with a token that is kept fresh."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp

from rasa_whatsapp.errors import GraphError, SendTimeout
from rasa_whatsapp.header_value import header_value
from rasa_whatsapp.hosts import SERPRO
from rasa_whatsapp.serpro.refusal import refusal
from rasa_whatsapp.serpro.tokens import Tokens
from rasa_whatsapp.shelf import Shelf
from rasa_whatsapp.transport import Answer, Transport

T = TypeVar("T")


class Api:
    """One client's way to Serpro, over one pool of connections; arguments as `SerproClient` has them.

    Raises:
        SettingsError: the base URL or a credential cannot be used.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        base_url: str,
        session: aiohttp.ClientSession | None = None,
        ca_bundle: str = "",
        timeout: float = 30.0,
        shelf: Shelf | None = None,
    ) -> None:
        self.client_id = header_value("client_id", client_id)
        secret = header_value("client_secret", client_secret)
        self.transport = Transport(
            base_url, example=SERPRO, session=session, ca_bundle=ca_bundle, timeout=timeout
        )
        self._tokens = Tokens(self.transport, self.client_id, secret, shelf)

    def url(self, path: str) -> str:
        """The address of a path below the host."""
        return f"{self.transport.base}/{path}"

    async def authorised(self, call: Callable[[str], Awaitable[T]]) -> T:
        """Make a call with a token and, when Serpro does not accept that any more, once with a new one."""
        token = await self._tokens.get()
        try:
            return await call(token)
        except GraphError as error:
            if error.http_status != 401:
                raise
        return await call(await self._tokens.get(refused=token))

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        text: str = "",
        params: dict[str, str] | None = None,
        private: Iterable[str] = (),
    ) -> object:
        """Make any call and return the answer's JSON; see `SerproClient.request`."""

        async def call(token: str) -> Answer:
            data = aiohttp.payload.StringPayload(text, content_type="text/plain") if text else None
            answer = await self.transport.call(
                method, self.url(path), headers=_headers(token), json=json, data=data, params=params
            )
            if _is_refused(answer):
                raise self._refusal(answer, token, private)
            return answer

        answer = await self.authorised(call)
        body = answer.json()
        if body is None and answer.text.strip():
            raise SendTimeout(f"HTTP {answer.status} without JSON: the outcome is unknown.")
        return body

    async def upload(
        self, path: str, form: Callable[[], AbstractAsyncContextManager[aiohttp.FormData]]
    ) -> object:
        """Post a form and return the answer's JSON; the form is opened anew for a second attempt."""

        async def call(token: str) -> object:
            async with form() as data:
                answer = await self.transport.call("POST", self.url(path), headers=_headers(token), data=data)
            if _is_refused(answer):
                raise self._refusal(answer, token)
            return answer.json()

        return await self.authorised(call)

    async def close(self) -> None:
        """Close the pool and wait until its connections are gone. Calls made later raise `NotSent`."""
        await self.transport.close()

    def _refusal(self, answer: Answer, token: str, private: Iterable[str] = ()) -> GraphError:
        return refusal(answer, [*self._tokens.secrets, token, *private])


def _is_refused(answer: Answer) -> bool:
    """Whether it says so by its status, or within: Serpro passes on what Meta says."""
    body = answer.json()
    return not answer.accepted or (isinstance(body, dict) and bool(body.get("error")) and "id" not in body)


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def segment(text: str) -> str:
    """A text as one part of a path."""
    return quote(text, safe="")


def object_of(value: object) -> dict[str, Any]:
    """The object that an answer is, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> list[dict[str, Any]]:
    """The objects of a list, which may also stand in an envelope, under ``data``."""
    found = value.get("data") if isinstance(value, dict) else value
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
