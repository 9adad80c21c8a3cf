"""Meta's webhook at the door: the handshake, the signature, the bytes.

Source: Meta, Graph API Webhooks, Getting Started (verification requests, validating payloads).
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rasa_whatsapp.errors import PayloadError, SignatureMissing, SignatureWrong
from rasa_whatsapp.wire import loads

_PREFIX = "sha256="


def handshake(query: Mapping[str, str], verify_tokens: str | Collection[str]) -> str | None:
    """Answers Meta's verification request.

    Args:
        query: the request's query parameters, ``hub.mode``, ``hub.verify_token`` and ``hub.challenge``.
        verify_tokens: the token, or several of which one must be given; an empty one never matches.

    Returns:
        The challenge, to be sent back as the whole body, or None: refuse with 403.
    """
    given = query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(given, token.encode()) for token in _each(verify_tokens)]
    if query.get("hub.mode") != "subscribe" or not any(matches):
        return None
    return query.get("hub.challenge", "")


def check_signature(body: bytes, header: str | None, secrets: str | Sequence[str]) -> None:
    """Checks that Meta signed exactly these bytes with one of the app secrets, in constant time.

    Args:
        body: the raw body; JSON that was read and written again has another signature.
        header: the value of ``X-Hub-Signature-256``.
        secrets: the app secret; several while it is rotated. An empty one signs nothing.

    Raises:
        SignatureMissing: there is no header.
        SignatureWrong: the header is no SHA-256 signature, or none of the secrets made it.
    """
    if not header:
        raise SignatureMissing(
            "The request has no X-Hub-Signature-256 header, so it does not come from Meta."
        )
    if not header.startswith(_PREFIX):
        raise SignatureWrong("The X-Hub-Signature-256 header does not begin with sha256=.")
    given = header[len(_PREFIX) :].strip().lower().encode("utf-8", "replace")
    made = [hmac.digest(secret.encode(), body, "sha256").hex().encode() for secret in _each(secrets)]
    # All are compared, so that the time taken does not tell which secret is the current one.
    matches = [hmac.compare_digest(given, signature) for signature in made]
    if not any(matches):
        raise SignatureWrong(
            "The signature does not fit the body: app_secret is not that of the Meta app, "
            "or something between Meta and here changes the body."
        )


def _each(secrets: str | Collection[str]) -> list[str]:
    """The secrets that are worth comparing with: an empty one is known to everybody."""
    return [secret for secret in ([secrets] if isinstance(secrets, str) else secrets) if secret]


def read(body: bytes) -> dict[str, Any]:
    """Reads the body of an authentic request.

    Raises:
        PayloadError: it is not JSON, or not a JSON object.
    """
    try:
        document = loads(body)
    except ValueError as error:
        raise PayloadError(f"The body is not JSON: {error}.") from None
    if not isinstance(document, dict):
        raise PayloadError(f"The body is JSON but no object: {type(document).__name__}.")
    return document
