"""Flow tokens: who was sent which Flow.

A token is random, so that nobody can guess another one; what it stands for is kept on a shelf, under the
token's hash, so that who reads the shelf cannot use the tokens.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from rasa_whatsapp.flows.errors import FlowRequestSignatureAuthenticationFailed
from rasa_whatsapp.shelf import Shelf

LIFETIME = 7 * 24 * 3600.0
"""Seconds for which a token is valid unless told."""
REMEMBERED = 30 * 24 * 3600.0
"""Seconds for which it is known at least, so that whoever opens an old form can be told in their language."""
_BYTES = 24
_LONGEST = 512


class FlowToken(msgspec.Struct, frozen=True, kw_only=True):
    """What a token of ours stands for.

    Attributes:
        conversation: in which the Flow was sent.
        flow: the name, or the id, that it was sent with; empty where nobody told.
        template: the name of the template that it was sent with, whose Flow is known to Meta alone.
        expired: the token is no longer valid.
    """

    conversation: str
    flow: str = ""
    template: str = ""
    expired: bool = False

    def __repr__(self) -> str:
        return f"FlowToken(flow={self.flow!r})"


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """What the shelf keeps of a token; one without an end is valid as long as it is there."""

    conversation: str
    flow: str = ""
    template: str = ""
    until: float = math.inf


class FlowTokens:
    """Makes and recognises tokens.

    Args:
        shelf: where they are kept, for at least 30 days.
        lifetime: seconds for which a token is valid.
        clock: seconds since 1970.
    """

    def __init__(
        self, shelf: Shelf, lifetime: float = LIFETIME, clock: Callable[[], float] = time.time
    ) -> None:
        self._shelf = shelf
        self._lifetime = lifetime
        self._clock = clock

    async def issue(self, conversation: str, flow: str = "", template: str = "") -> str:
        """A new token for one message.

        Raises:
            StoreError: it could not be kept, so it must not be sent.
        """
        token = secrets.token_urlsafe(_BYTES)
        until = self._clock() + self._lifetime
        record = _Record(conversation=conversation, flow=flow, template=template, until=until)
        kept_for = max(self._lifetime, REMEMBERED)
        await self._shelf.set(_key(token), msgspec.json.encode(record), kept_for, conversation)
        return token

    async def verify(self, token: str) -> FlowToken | None:
        """What the token stands for; None when it is not ours or has expired.

        Raises:
            StoreError: nobody can tell just now.
        """
        known = await self.find(token)
        return None if known is None or known.expired else known

    async def find(self, token: str) -> FlowToken | None:
        """What the token stands for, also when it has expired; None when it is not ours, or long forgotten.

        Raises:
            StoreError: nobody can tell just now.
        """
        if not token or len(token) > _LONGEST:
            return None
        kept = await self._shelf.get(_key(token))
        if not kept:
            return None
        record = msgspec.json.decode(kept, type=_Record)
        expired = self._clock() >= record.until
        return FlowToken(
            conversation=record.conversation, flow=record.flow, template=record.template, expired=expired
        )


def check_token_signature(signature: str, token: str, secrets: Sequence[str]) -> None:
    """Checks that Meta has signed the token: a JWT, HS256 with the app secret.

    The JWT's own ``exp`` and ``nbf`` are obeyed, and a ``flow_token`` in it must be this one.

    Raises:
        FlowRequestSignatureAuthenticationFailed: none of the secrets signed it, or not for this token.

    Source: Meta, WhatsApp Flows, Implementing endpoints, flow_token_signature (data API 4.0, Flow JSON 7.3).
    """
    head, _, tail = signature.rpartition(".")
    given = _decoded(tail)
    made = [
        hmac.new(each.encode(), head.encode("utf-8", "replace"), hashlib.sha256).digest() for each in secrets
    ]
    # All are compared, so that the time taken does not tell which secret is the current one.
    matches = [hmac.compare_digest(given, each) for each in made]
    header, _, payload = head.partition(".")
    if not any(matches) or _json(header).get("alg") != "HS256":
        raise FlowRequestSignatureAuthenticationFailed("flow_token_signature was not made by Meta.")
    claims, now = _json(payload), time.time()
    if not _seconds(claims.get("nbf"), 0.0) <= now < _seconds(claims.get("exp"), now + 1):
        raise FlowRequestSignatureAuthenticationFailed("flow_token_signature is not valid at this time.")
    if claims.get("flow_token", token) != token:
        raise FlowRequestSignatureAuthenticationFailed("flow_token_signature is for another token.")


def _key(token: str) -> str:
    return f"flow_token:{hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()}"


def _decoded(part: str) -> bytes:
    """A part of a JWT: base64 in its URL form, without padding."""
    try:
        return base64.urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    except (binascii.Error, UnicodeEncodeError):
        return b""


def _json(part: str) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(_decoded(part))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _seconds(value: Any, otherwise: float) -> float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else otherwise
