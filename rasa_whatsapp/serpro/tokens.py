"""The token that every call to Serpro needs, and that lives for ten minutes.

Source: Serpro, WhatsApp API, "Como autenticar"; the form and the lifetime from public clients and captures.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import msgspec
import structlog

from rasa_whatsapp.errors import NotSent, SendTimeout, StoreError, TokenError
from rasa_whatsapp.header_value import fits_header
from rasa_whatsapp.serpro.refusal import CREDENTIALS, refusal
from rasa_whatsapp.shelf import Shelf
from rasa_whatsapp.transport import Answer, Transport

logger = structlog.get_logger()

LIFETIME = 600.0
"""Seconds a token lives when Serpro does not say."""
MARGIN = 60.0
"""Seconds before its end from which a token is no longer used."""


class _Token(msgspec.Struct, frozen=True):
    value: str
    until: float

    def __repr__(self) -> str:
        return f"_Token(until={self.until})"


_NONE = _Token("", 0.0)


class Tokens:
    """One client's tokens: kept while they last, and asked for by one call at a time.

    Args:
        transport: the way to Serpro.
        client_id, client_secret: what Serpro handed out.
        shelf: shares the token with other processes that serve the same client.
    """

    def __init__(
        self,
        transport: Transport,
        client_id: str,
        client_secret: str,
        shelf: Shelf | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport = transport
        self._client_id = client_id
        self._client_secret = client_secret
        self._shelf = shelf
        self._clock = clock
        self._token = _NONE
        self._lock = asyncio.Lock()
        # The secret is part of the key, so that a rotated one does not meet tokens of the old.
        digest = hashlib.blake2b(f"{transport.base}\0{client_id}\0{client_secret}".encode(), digest_size=16)
        self._key = f"serpro:token:{digest.hexdigest()}"

    async def get(self, refused: str = "") -> str:
        """A token with at least a minute to live.

        Args:
            refused: a token that Serpro did not accept; never returned again.

        Raises:
            NotSent: Serpro cannot be reached, or gives no token just now.
            TokenError: Serpro does not accept the credentials.
        """
        if self._good(self._token, refused):
            return self._token.value
        async with self._lock:
            if not self._good(self._token, refused):
                self._token = await self._shared()
            if not self._good(self._token, refused):
                self._token = await self._ask()
                await self._share(self._token)
            return self._token.value

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not stand in an error, even if Serpro repeats it."""
        return self._client_secret, self._token.value

    def _good(self, token: _Token, refused: str) -> bool:
        return bool(token.value) and token.value != refused and self._clock() < token.until

    async def _ask(self) -> _Token:
        try:
            answer = await self._post()
        except SendTimeout:
            # Unlike a message, a token may be asked for twice: often a kept connection was just being closed.
            answer = await self._post_again()
        if answer.status in (400, 401, 403):
            raise self._refused(answer)
        found = answer.json()
        value = found.get("access_token") if isinstance(found, dict) else None
        if not answer.accepted or not isinstance(value, str) or not fits_header(value):
            raise NotSent(
                f"Not sent: Serpro gave no token (HTTP {answer.status}). If this does not pass, check"
                " `base_url` and any proxy on the way."
            )
        lifetime = _seconds(found)
        return _Token(value, self._clock() + lifetime - min(MARGIN, lifetime / 2))

    async def _post(self) -> Answer:
        credentials = {"client_id": self._client_id, "client_secret": self._client_secret}
        return await self._transport.call(
            "POST",
            f"{self._transport.base}/oauth2/token",
            headers={"Accept": "application/json"},
            data=aiohttp.FormData(credentials),
        )

    async def _post_again(self) -> Answer:
        try:
            return await self._post()
        except SendTimeout as error:
            raise NotSent(f"Not sent: Serpro gave no token. {error}") from None

    def _refused(self, answer: Answer) -> TokenError:
        said = refusal(answer, self.secrets)
        return TokenError(None, said.message, http_status=answer.status, help=CREDENTIALS, gateway="Serpro")

    async def _shared(self) -> _Token:
        """What another process has put on the shelf."""
        if self._shelf is None:
            return _NONE
        try:
            kept = await self._shelf.get(self._key)
            return msgspec.json.decode(kept, type=_Token) if kept else _NONE
        except (StoreError, msgspec.DecodeError):
            return _NONE

    async def _share(self, token: _Token) -> None:
        left = token.until - self._clock()
        if self._shelf is not None and left > 0:
            try:
                await self._shelf.set(self._key, msgspec.json.encode(token), left)
            except StoreError as error:
                logger.debug("whatsapp.token.not_shared", error=str(error))


def _seconds(found: Any) -> float:
    try:
        seconds = float(found.get("expires_in"))
    except (TypeError, ValueError):
        return LIFETIME
    return seconds if math.isfinite(seconds) and seconds > 0 else LIFETIME
