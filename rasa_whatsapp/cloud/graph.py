"""Meta's Graph API as plain HTTP calls: JSON in, JSON or a typed error out.

This is the one place that attaches the access token, so it also decides where the token may go. With it goes
a proof that the caller has the app's secret, once Meta demands one: where the app is set to *Require App
Secret*. Source: Meta, Graph API, Securing requests (``appsecret_proof``).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import aiohttp
from aiohttp.payload import Payload
from yarl import URL

from rasa_whatsapp.errors import GraphError, MediaError, NotSent, SendTimeout, graph_error
from rasa_whatsapp.files import is_media_host
from rasa_whatsapp.header_value import header_value
from rasa_whatsapp.hosts import GRAPH
from rasa_whatsapp.transport import Answer, Transport, decode


class Graph:
    """One access token's way to the Graph API, over one pool of connections.

    Nothing is opened before the first call, which binds the pool to the running event loop.

    Args:
        access_token: sent as ``Authorization: Bearer`` to ``base_url`` and Meta's own hosts, nowhere else.
        base_url: ``https://graph.facebook.com``, or a simulator's address.
        api_version: for example ``v26.0``.
        app_secret: of the app that the token was made for. It proves calls once Meta has demanded that.
        session: an open session to use instead; it stays the caller's to close.
        ca_bundle: a PEM file of certificate authorities to trust besides the system's, as of a proxy.
        timeout: seconds for one whole call.

    Raises:
        SettingsError: the base URL or the token cannot be used.
    """

    def __init__(
        self,
        access_token: str,
        *,
        base_url: str,
        api_version: str,
        app_secret: str = "",
        session: aiohttp.ClientSession | None = None,
        ca_bundle: str = "",
        timeout: float = 30.0,
    ) -> None:
        self._token = header_value("access_token", access_token)
        self._proof = proof_of(app_secret.strip(), self._token) if app_secret.strip() else ""
        # Not before Meta demands it: webhooks may come from another app than the token's, with its secret.
        self._proves = False
        self.transport = Transport(
            base_url,
            example=GRAPH,
            session=session,
            ca_bundle=ca_bundle,
            timeout=timeout,
        )
        self._root = f"{base_url.rstrip('/')}/{api_version.strip('/')}"

    def __repr__(self) -> str:
        return f"Graph({self._root!r})"

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        data: aiohttp.FormData | Payload | None = None,
        params: Mapping[str, str] | None = None,
        private: str = "",
    ) -> dict[str, Any]:
        """Make one call and return the answer's JSON object.

        Nothing is repeated silently but what Meta refuses for want of a proof, which is then proved.

        Args:
            path: below the version, for example ``106540352242922/messages``.
            json: a body to send as JSON. data: a body to send as it is, instead.
            private: a text, such as a phone number, to keep out of errors even if Meta repeats it.

        Raises:
            GraphError: Meta answered with an error.
            NotSent: the connection failed before the body left; trying again is safe.
            SendTimeout: the request left, but no readable answer came; the outcome is unknown.
        """

        async def call(proved: bool) -> Answer:
            return await self.transport.call(
                method,
                f"{self._root}/{path.lstrip('/')}",
                headers=self._headers(),
                json=json,
                data=data,
                params={**(params or {}), "appsecret_proof": self._proof} if proved else params,
            )

        proved = self._proves
        answer = await call(proved)
        # Asked of this call: others may have been refused meanwhile.
        if self._proof and not proved and _demands_proof(answer):
            self._proves = True
            if data is not None:
                raise NotSent(
                    "Not sent: Meta demands a proof of each call. Try again: from now on it is sent."
                )
            answer = await call(proved=True)
        if answer.accepted:
            body = answer.json()
            if not isinstance(body, dict):
                raise SendTimeout(f"HTTP {answer.status} without a JSON object: the outcome is unknown.")
            if "error" not in body:
                return body
        raise self._refusal(answer, private)

    async def chunks(self, url: str, max_bytes: int) -> AsyncGenerator[bytes, None]:
        """Yield the content of a media URL; the token goes along, so only trusted hosts are followed.

        Raises:
            MediaError: the URL, or a redirect, leads elsewhere; there are more than ``max_bytes``; or the
                connection failed.
            GraphError: the answer is an error.
        """
        async with (
            self.transport.download(url, self._headers_for, self._refusal, max_bytes) as incoming,
            contextlib.aclosing(incoming.chunks) as chunks,
        ):
            async for chunk in chunks:
                yield chunk

    async def close(self) -> None:
        """Close the pool and wait until its connections are gone. Calls made later raise `NotSent`."""
        await self.transport.close()

    def _refusal(self, answer: Answer, private: str = "") -> GraphError:
        text = answer.text
        # Meta repeats what it was given: "Malformed access token …".
        for secret in filter(None, (self._token, self._proof, private)):
            text = text.replace(secret, "…")
        return graph_error(decode(text), http_status=answer.status, retry_after=answer.retry_after)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _headers_for(self, target: URL) -> dict[str, str]:
        if not is_media_host(target) and target.origin() != self.transport.base.origin():
            raise MediaError(
                f"The media's address is on {target.host!r}, which is not Meta's: it was not opened."
            )
        return self._headers()


def proof_of(app_secret: str, token: str) -> str:
    """What only somebody who has the app's secret can say of a token: the HMAC-SHA256 of the token."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _demands_proof(answer: Answer) -> bool:
    """Whether the app is set to *Require App Secret*.

    Source: Meta, Graph API, Securing requests.
    """
    return not answer.accepted and "require an appsecret_proof" in answer.text
