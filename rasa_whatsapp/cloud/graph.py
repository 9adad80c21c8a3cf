"""Meta's Graph API as plain HTTP calls: JSON in, JSON or a typed error out.

This is the one place that attaches the access token, so it also decides where the token may go.
"""

from __future__ import annotations

import asyncio
import json as jsonlib
import math
import ssl
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import msgspec
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload, Payload
from yarl import URL

from rasa_whatsapp import __version__
from rasa_whatsapp.errors import (
    GraphError,
    MediaError,
    NotSent,
    SendError,
    SendTimeout,
    SettingsError,
    graph_error,
)

#: Seconds until a connection, DNS and TLS included, must stand, or a free one must be found in the pool.
CONNECT_TIMEOUT = 10.0
#: Seconds that one upload or download may take in all.
TRANSFER_TIMEOUT = 600.0
#: Seconds an idle connection is kept. Short, because a request that meets a connection which the server
#: is just closing has an unknown outcome, and that costs far more than a new TLS handshake.
KEEP_ALIVE = 20.0
#: Connections at once: at 1000 messages a second, Meta's highest throughput, with 200 ms for each.
CONNECTIONS = 200
#: Seconds that TLS connections get to say goodbye; aiohttp before 3.12 does not wait for them.
TLS_GOODBYE = 0.25
#: Hops that one download may take from the address Meta gave.
MAX_REDIRECTS = 5
#: Bytes of a download handled at a time.
CHUNK = 256 * 1024

#: Hosts of Meta that serve media. Source: Meta, Cloud API, Media ("lookaside.fbsbx.com").
_MEDIA_HOSTS = ("fbsbx.com", "fbcdn.net", "whatsapp.net", "facebook.com")


class Graph:
    """One access token's way to the Graph API, over one pool of connections.

    Nothing is opened before the first call, which binds the pool to the running event loop.

    Args:
        access_token: sent as ``Authorization: Bearer`` to ``base_url`` and Meta's own hosts, nowhere else.
        base_url: ``https://graph.facebook.com``, or a simulator's address.
        api_version: for example ``v26.0``.
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
        session: aiohttp.ClientSession | None = None,
        ca_bundle: str = "",
        timeout: float = 30.0,
    ) -> None:
        self._token = access_token.strip()
        if (
            not self._token
            or not self._token.isascii()
            or not self._token.isprintable()
            or " " in self._token
        ):
            raise SettingsError(
                "access_token", "is empty or holds characters no token has.", "Copy it again."
            )
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError("base_url", "is not an http(s) address.", "Give https://graph.facebook.com")
        self._base = URL(base_url.rstrip("/"))
        self._root = f"{base_url.rstrip('/')}/{api_version.strip('/')}"
        self._session = session
        self._owns_session = session is None
        self._closed = False
        self._ca_bundle = ca_bundle
        self._ssl: ssl.SSLContext | None = None
        self._timeout = timeout

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
        """Make one call and return the answer's JSON object. Nothing is ever repeated silently.

        Args:
            path: below the version, for example ``106540352242922/messages``.
            json: a body to send as JSON. data: a body to send as it is, instead.
            private: a text, such as a phone number, to keep out of errors even if Meta repeats it.

        Raises:
            GraphError: Meta answered with an error.
            NotSent: the connection failed before the body left; trying again is safe.
            SendTimeout: the request left, but no readable answer came; the outcome is unknown.
        """
        body = _body(json, data)
        total = TRANSFER_TIMEOUT if data is not None else self._timeout
        timeout = aiohttp.ClientTimeout(total=total, connect=CONNECT_TIMEOUT, sock_read=self._timeout)
        try:
            async with self._open().request(
                method,
                f"{self._root}/{path.lstrip('/')}",
                data=body,
                params=params,
                headers=self._headers(),
                timeout=timeout,
                allow_redirects=False,
                **self._tls(),
            ) as response:
                text = (await response.read()).decode("utf-8", "replace")
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            # The cause is left out on purpose: aiohttp puts the whole URL, with its query, into some of them.
            raise _failure(error, body) from None
        answer = _decode(text)
        if response.status // 100 == 2:
            if not isinstance(answer, dict):
                raise SendTimeout(f"HTTP {response.status} without a JSON object: the outcome is unknown.")
            if "error" not in answer:
                return answer
        raise self._graph_error(response, text, private)

    async def chunks(self, url: str, max_bytes: int) -> AsyncGenerator[bytes, None]:
        """Yield the content of a media URL; the token goes along, so only trusted hosts are followed.

        Raises:
            MediaError: the URL, or a redirect, leads elsewhere; there are more than ``max_bytes``; or the
                connection failed.
            GraphError: the answer is an error.
        """
        timeout = aiohttp.ClientTimeout(
            total=TRANSFER_TIMEOUT, connect=CONNECT_TIMEOUT, sock_read=self._timeout
        )
        # Compressed answers are not asked for: size and checksum are those of the file itself.
        headers = {**self._headers(), "Accept-Encoding": "identity"}
        try:
            for _ in range(MAX_REDIRECTS + 1):
                target = self._trusted(url)
                async with self._open().get(
                    target, headers=headers, timeout=timeout, allow_redirects=False, **self._tls()
                ) as response:
                    if response.status in (301, 302, 303, 307, 308):
                        url = urljoin(url, response.headers.get("Location", ""))
                        continue
                    if response.status != 200:
                        raise self._graph_error(response, await response.text(errors="replace"))
                    received = 0
                    async for chunk in response.content.iter_chunked(CHUNK):
                        received += len(chunk)
                        if max(received, response.content_length or 0) > max_bytes:
                            raise MediaError(f"The media is larger than the {max_bytes} bytes allowed.")
                        yield chunk
                    return
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise MediaError(f"The media could not be fetched: {_reason(error)}.") from None
        raise MediaError(f"The media could not be fetched: more than {MAX_REDIRECTS} redirects.")

    async def close(self) -> None:
        """Close the pool and wait until its connections are gone. Calls made later raise `NotSent`."""
        self._closed = True
        if self._session is None or not self._owns_session or self._session.closed:
            return
        await self._session.close()
        await asyncio.sleep(TLS_GOODBYE if self._base.scheme == "https" else 0)

    def _open(self) -> aiohttp.ClientSession:
        if self._closed or (self._session is not None and self._session.closed):
            raise NotSent("The client is closed.")
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=60
            )
            self._session = aiohttp.ClientSession(
                connector=connector, trust_env=True, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def _graph_error(self, response: aiohttp.ClientResponse, text: str, private: str = "") -> GraphError:
        # Meta repeats what it was given: "Malformed access token …".
        for secret in filter(None, (self._token, private)):
            text = text.replace(secret, "…")
        retry_after = _retry_after(response.headers.get("Retry-After", ""))
        return graph_error(_decode(text), http_status=response.status, retry_after=retry_after)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "User-Agent": f"rasa-whatsapp/{__version__}"}

    def _tls(self) -> dict[str, Any]:
        if not self._ca_bundle:
            return {}
        if self._ssl is None:
            self._ssl = ssl.create_default_context()
            try:
                self._ssl.load_verify_locations(cafile=self._ca_bundle)
            except OSError as error:
                self._ssl = None
                raise SettingsError("ca_bundle", f"cannot be read ({error}).", "Name a PEM file.") from error
        return {"ssl": self._ssl}

    def _trusted(self, url: str) -> URL:
        try:
            target = URL(url)
            origin = target.origin()
        except ValueError:
            raise MediaError("The media's address is not an http(s) URL.") from None
        host = target.host or ""
        meta = target.scheme == "https" and any(
            host == known or host.endswith(f".{known}") for known in _MEDIA_HOSTS
        )
        if not meta and origin != self._base.origin():
            raise MediaError(f"The media's address is on {host!r}, which is not Meta's: it was not opened.")
        return target


class _Body(Payload):
    """A request body that remembers whether it began to leave: what makes sending again safe or not."""

    def __init__(self, inner: Payload) -> None:
        super().__init__(inner, headers=inner.headers, content_type=inner.content_type)
        self._size = inner.size
        self.left = False

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Required by newer aiohttp, for middlewares that read the body; none is used here."""
        raise TypeError("the body is only ever written")

    async def write(self, writer: AbstractStreamWriter) -> None:
        self.left = True
        await self._value.write(writer)


def _body(json: object, data: aiohttp.FormData | Payload | None) -> _Body | None:
    if json is not None:
        return _Body(BytesPayload(msgspec.json.encode(json), content_type="application/json"))
    if data is None:
        return None
    return _Body(data() if isinstance(data, aiohttp.FormData) else data)


def _decode(text: str) -> object:
    try:
        return jsonlib.loads(text)
    except (ValueError, RecursionError):
        return None


def _failure(error: Exception, body: _Body | None) -> SendError:
    left = body.left if body is not None else not isinstance(error, aiohttp.ClientConnectorError)
    if left:
        return SendTimeout(f"No answer: {_reason(error)}. WhatsApp may have accepted the request.")
    return NotSent(f"Not sent: {_reason(error)}. Check the network and `HTTPS_PROXY`.")


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"{error.host}'s certificate is not trusted; if a proxy opens TLS, name its CA in `ca_bundle`"
    if isinstance(error, aiohttp.ClientConnectorError):
        return str(error)
    if isinstance(error, asyncio.TimeoutError):
        return "it took too long"
    return f"the connection broke ({type(error).__name__})"


def _retry_after(value: str) -> float | None:
    """Seconds from a ``Retry-After`` header, which holds seconds or an HTTP date; None if neither."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(timezone.utc)).total_seconds()
        except (TypeError, ValueError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None
