"""What Serpro's error answers mean: a typed error, however odd the answer is.

Serpro passes Meta's errors on, which have a code; its own have a text and an HTTP status at most. Their JSON
is described nowhere, so that nothing of it is relied upon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rasa_whatsapp.errors import (
    GraphError,
    InvalidMessage,
    PermissionDenied,
    RateLimited,
    ServiceUnavailable,
    TokenError,
    graph_error,
)
from rasa_whatsapp.masking import mask_phone
from rasa_whatsapp.transport import Answer
from rasa_whatsapp.wire import loads

LONGEST = 300
"""Characters of Serpro's own text that an error shows."""
_TELLING = 6
"""Characters from which a text is worth hiding: "oi" says nothing, and would tear holes into every word."""

CREDENTIALS = (
    "Serpro does not accept the credentials: check `client_id` and `client_secret`, which belong together,"
    " and that they are those of this host."
)

_PHONE = re.compile(r"(?<!\w)\d{10,15}(?!\w)")
"""What may be a person's number; Serpro may write it otherwise than it was given, without a ninth digit."""

_BY_STATUS: dict[int, tuple[type[GraphError], str]] = {
    401: (TokenError, CREDENTIALS),
    403: (
        PermissionDenied,
        "Serpro does not let this client do that: `phone_number_id` and `waba_id` must be those that"
        " `client_id` was made for.",
    ),
    429: (RateLimited, "Too many requests in a short time: send more slowly, and lower `throughput`."),
    503: (RateLimited, "Serpro takes no requests just now: the same request will do later."),
    **dict.fromkeys(
        (400, 404, 405, 406, 409, 413, 415, 422),
        (
            InvalidMessage,
            "Serpro does not accept the request: sending it again unchanged will not help. Check"
            " `base_url`, `api_version` and `phone_number_id` if everything is refused.",
        ),
    ),
}
_OUTAGE = (ServiceUnavailable, "Serpro has a problem; whether the request was carried out is unknown.")
_FOREIGN = (GraphError, "The answer is not Serpro's: check `base_url`, and any proxy on the way.")


def refusal(answer: Answer, private: Iterable[str] = ()) -> GraphError:
    """The typed error for an answer that is not a success.

    Args:
        private: texts to keep out of the error, even if Serpro repeats them.
    """
    secrets = sorted({text for text in private if len(text) >= _TELLING}, key=len, reverse=True)
    text = _hidden(answer.text, secrets)
    body = _hidden(_decoded(answer.text), secrets)
    error = body.get("error") if isinstance(body, dict) else None
    meta = error if isinstance(error, dict) else body
    if isinstance(meta, dict) and "code" in meta and ("fbtrace_id" in meta or meta is error):
        typed = graph_error({"error": meta}, http_status=answer.status, retry_after=answer.retry_after)
        if typed.code is not None:
            return typed
    outage = _OUTAGE if answer.status >= 500 else _FOREIGN
    kind, help = _BY_STATUS.get(answer.status, outage)
    return kind(
        None,
        _message(body, text)[:LONGEST],
        http_status=answer.status,
        retry_after=answer.retry_after,
        help=help,
        gateway="Serpro",
    )


def _decoded(text: str) -> Any:
    try:
        return loads(text)
    except ValueError:
        return None


def _hidden(value: Any, secrets: Sequence[str]) -> Any:
    """The same without the secrets, wherever they stand, and without anything like a phone number."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "…")
        return _PHONE.sub(lambda found: mask_phone(found[0]), value)
    if isinstance(value, dict):
        return {name: _hidden(item, secrets) for name, item in value.items()}
    return [_hidden(item, secrets) for item in value] if isinstance(value, list) else value


def _message(body: Any, text: str) -> str:
    """Serpro's own words: ``error.message``, ``message``, ``mensagem``, else the answer as it is."""
    if isinstance(body, dict):
        error = body.get("error")
        holder = error if isinstance(error, dict) else {}
        places = (holder.get("message"), body.get("message"), body.get("mensagem"))
        said = next((place for place in places if isinstance(place, str) and place.strip()), "")
        if said:
            return said.strip()
    return " ".join(text.split())
