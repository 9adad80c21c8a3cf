"""A pool of connections to a gateway, and the calls and downloads that are made with it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.payload import Payload
from yarl import URL

from rasa_whatsapp import __version__
from rasa_whatsapp.errors import MediaError, NotSent, SettingsError
from rasa_whatsapp.transport.answer import Answer, Incoming, content, read_answer, read_refusal
from rasa_whatsapp.transport.body import body_of
from rasa_whatsapp.transport.failure import lost, unsent
from rasa_whatsapp.transport.proxy import proxy_for

CONNECT_TIMEOUT = 10.0
"""Seconds until a connection, DNS and TLS included, must stand, or a free one must be found in the pool."""
TRANSFER_TIMEOUT = 600.0
"""Seconds that one upload or download may take in all."""
KEEP_ALIVE = 20.0
"""Seconds an idle connection is kept. Short, because a request that meets a connection which the server
is just closing has an unknown outcome, and that costs far more than a new TLS handshake."""
CONNECTIONS = 200
"""Connections at once: at 1000 messages a second, Meta's highest throughput, with 200 ms for each."""
TLS_GOODBYE = 0.25
"""Seconds that TLS connections get to say goodbye; aiohttp before 3.12 does not wait for them."""
MAX_REDIRECTS = 5
"""Hops that one download may take from the address it begins at."""


class Transport:
    """A pool of connections for one gateway, for one event loop.

    Nothing is opened before the first call, which binds the pool to the running event loop. Proxies are
    taken from the environment (``HTTPS_PROXY``, ``NO_PROXY``) when an address is first called.

    Args:
        base_url: the gateway's address.
        example: what `base_url` usually is, for the error.
        session: an open session to use instead; it stays the caller's to close.
        ca_bundle: a PEM file of certificate authorities to trust besides the system's, as of a proxy.
        timeout: seconds for one whole call.

    Raises:
        SettingsError: the base URL cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        *,
        example: str,
        session: aiohttp.ClientSession | None = None,
        ca_bundle: str = "",
        timeout: float = 30.0,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError("base_url", "is not an http(s) address.", f"Give {example}")
        self.base = URL(base_url.rstrip("/"))
        self._session = session
        self._owns_session = session is None
        self._closed = False
        self._ca_bundle = ca_bundle
        self._ssl: ssl.SSLContext | None = None
        self._timeout = timeout
        self._proxies: dict[URL, tuple[URL | None, aiohttp.BasicAuth | None]] = {}

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        data: aiohttp.FormData | Payload | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one call and return the answer, whatever its status. Nothing is ever repeated silently.

        Args:
            json: a body to send as JSON. data: a body to send as it is, instead.

        Raises:
            NotSent: the connection failed before the body left; trying again is safe.
            SendTimeout: the request left, but no answer came, or one of more than 8 MiB; the outcome is
                unknown.
        """
        body = body_of(json, data)
        target = URL(url)
        total = TRANSFER_TIMEOUT if data is not None else self._timeout
        try:
            async with self._open().request(
                method,
                target,
                data=body,
                params=params,
                headers={**_HEADERS, **(_ALONE if data is not None else {}), **(headers or {})},
                timeout=aiohttp.ClientTimeout(total=total, connect=CONNECT_TIMEOUT, sock_read=self._timeout),
                allow_redirects=False,
                **self._way_to(target),
            ) as response:
                return await read_answer(response)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, UnicodeError) as error:
            # The cause is left out on purpose: aiohttp puts the whole URL, with its query, into some of them.
            raise unsent(error, body) from None

    @contextlib.asynccontextmanager
    async def download(
        self,
        url: str,
        headers: Callable[[URL], Mapping[str, str]],
        refusal: Callable[[Answer], Exception],
        max_bytes: int,
    ) -> AsyncIterator[Incoming]:
        """Open a file for reading, over redirects.

        Args:
            headers: says for each address on the way which headers go there; raises for one that must not
                be opened.
            refusal: the error for an answer that is not 200.
            max_bytes: more than these are not read.

        Raises:
            MediaError: the connection failed, or there were too many redirects.
        """
        async with await self._follow(url, headers, refusal) as response:
            yield Incoming(response.headers.get("Content-Type", ""), content(response, max_bytes))

    async def _follow(
        self,
        url: str,
        headers: Callable[[URL], Mapping[str, str]],
        refusal: Callable[[Answer], Exception],
    ) -> aiohttp.ClientResponse:
        timeout = aiohttp.ClientTimeout(
            total=TRANSFER_TIMEOUT, connect=CONNECT_TIMEOUT, sock_read=self._timeout
        )
        try:
            for _ in range(MAX_REDIRECTS + 1):
                target = _address(url)
                response = await self._open().get(
                    target,
                    # Compressed answers are not asked for: size and checksum are those of the file itself.
                    headers={**_HEADERS, **headers(target), "Accept-Encoding": "identity"},
                    timeout=timeout,
                    allow_redirects=False,
                    **self._way_to(target),
                )
                if response.status == 200:
                    return response
                async with response:
                    if response.status not in (301, 302, 303, 307, 308):
                        raise refusal(await read_refusal(response))
                    url = urljoin(url, response.headers.get("Location", ""))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, UnicodeError) as error:
            raise lost(error) from None
        raise MediaError(f"The media could not be fetched: more than {MAX_REDIRECTS} redirects.")

    async def close(self) -> None:
        """Close the pool and wait until its connections are gone. Calls made later raise `NotSent`."""
        self._closed = True
        if self._session is None or not self._owns_session or self._session.closed:
            return
        await self._session.close()
        await asyncio.sleep(TLS_GOODBYE if self.base.scheme == "https" else 0)

    def _open(self) -> aiohttp.ClientSession:
        if self._closed or (self._session is not None and self._session.closed):
            raise NotSent("The client is closed.")
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=60
            )
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _way_to(self, url: URL) -> dict[str, Any]:
        """Proxy and trust for an address. Somebody else's session knows its own proxies."""
        if not self._owns_session:
            return self._tls()
        # aiohttp's `trust_env` would look through the environment, and for a file `~/.netrc`, at every call:
        # that takes longer than all the rest of it, and what stands in `.netrc` would replace our token.
        origin = url.origin()
        if origin not in self._proxies:
            self._proxies[origin] = proxy_for(url)
        proxy, auth = self._proxies[origin]
        return {"proxy": proxy, "proxy_auth": auth, **self._tls()}

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


_HEADERS = {"User-Agent": f"rasa-whatsapp/{__version__}"}
_ALONE = {"Connection": "close"}
"""For uploads. A server may refuse one before it has read it; aiohttp 3.9 then stops writing but keeps the
connection, and the next request on it would be taken for the rest of the file."""


def _address(url: str) -> URL:
    try:
        target = URL(url)
        target.origin()
    except ValueError:
        raise MediaError("The media's address is not an http(s) URL.") from None
    return target
