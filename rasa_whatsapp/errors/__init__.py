"""Every exception of rasa_whatsapp, in one tree.

WhatsAppError
├── SettingsError            a key of credentials.yml (or its environment variable) is missing or wrong
├── RequestError             an HTTP request to the webhook that is refused; knows its HTTP ``status``
│   ├── PayloadError         400: not JSON, or not a JSON object
│   ├── SignatureMissing     401: nothing says who sent it: no signature, no credentials
│   ├── SignatureWrong       403: the signature does not fit the body, or the credentials are not ours
│   └── BodyTooLarge         413: over 4 MiB
├── MessageError             a message that WhatsApp is known to reject (also a ValueError)
├── StoreError               the store cannot be read or written just now
│   └── LeaseLost            another worker has taken the conversation over
├── MediaError               a file that cannot be fetched, or must not be
└── SendError                a message that did not, or perhaps did not, reach WhatsApp
    ├── NotSent              the connection failed before the body left: safe to send again
    ├── SendTimeout          no answer in time: WhatsApp may have accepted it
    └── GraphError           Meta, or Serpro, answered with an error; knows ``code``, ``details``, ``help``
        ├── TokenError       0, 190: the access token is invalid or has expired
        ├── PermissionDenied 3, 10, 200-299, 131005: the token may not do this
        ├── RateLimited      4, 80007, 130429, 131056, …, HTTP 429: too fast; resent later
        ├── WindowClosed     131047: the 24-hour window is closed, only a template may be sent
        ├── Undeliverable    131026, 131030, 130403, …: this recipient cannot be reached
        ├── InvalidMessage   100, 131008, 131009, 131051, 132xxx, …: Meta does not accept the content
        ├── MediaRejected    131052, 131053: Meta could not fetch or store the media
        ├── AccountProblem   368, 131031, 131042, 131045, 133xxx, …: the account or number is restricted
        └── ServiceUnavailable 1, 2, 131000, 131016, HTTP 5xx: Meta has a problem; the outcome is unknown

The error codes are those of Meta's page "WhatsApp Cloud API, Error codes". The class is chosen by the code
alone: Meta deprecates titles and subcodes, and answers one code with several HTTP statuses. Serpro's own
errors have no code; there the HTTP status decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rasa_whatsapp.errors import codes as _codes


class WhatsAppError(Exception):
    """The root of all errors that rasa_whatsapp raises on purpose."""


class SettingsError(WhatsAppError):
    """A setting is missing or wrong, or several are; it prints as one line for each.

    Attributes:
        key: the key as it stands in credentials.yml, for example ``numbers[1].access_token``.
        problem: what is wrong with it.
        remedy: what to do.
        mistakes: all of them, this one first; each has its own key, problem and remedy.
    """

    def __init__(self, key: str, problem: str, remedy: str, others: Sequence[SettingsError] = ()) -> None:
        super().__init__("\n".join([f"{key}: {problem} {remedy}", *map(str, others)]))
        self.key = key
        self.problem = problem
        self.remedy = remedy
        alone = SettingsError(key, problem, remedy) if others else self
        self.mistakes: tuple[SettingsError, ...] = (alone, *others)


class RequestError(WhatsAppError):
    """A request to the webhook is refused; ``status`` is the HTTP status to answer with."""

    status = 400


class PayloadError(RequestError):
    """The body is not JSON, or not a JSON object."""

    status = 400


class SignatureMissing(RequestError):
    """The request carries no ``X-Hub-Signature-256`` header or, from Serpro, no ``Authorization``."""

    status = 401


class SignatureWrong(RequestError):
    """The signature was not made with any of our secrets over exactly this body.

    From Serpro: the token, the password or the path is not the one that was registered.
    """

    status = 403


class BodyTooLarge(RequestError):
    """The body is larger than 4 MiB; Meta sends at most 3."""

    status = 413


class MessageError(WhatsAppError, ValueError):
    """A message breaks one of WhatsApp's rules and would be rejected.

    Attributes:
        field: the place in the message, for example ``buttons[2].title``.
        problem: what is wrong, with the limit and the actual value's length.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class StoreError(WhatsAppError):
    """The store cannot be read or written just now; nothing was kept."""


class LeaseLost(StoreError):
    """This worker was silent for too long, and another one has taken the conversation over."""


class MediaError(WhatsAppError):
    """A media file cannot be fetched, or must not be: it is too large, or lies on a foreign host."""


class SendError(WhatsAppError):
    """A message did not, or perhaps did not, reach WhatsApp."""


class NotSent(SendError):
    """The connection failed before the request's body left this machine: sending again is safe."""


class SendTimeout(SendError):
    """The request left but no answer came in time: WhatsApp may have accepted the message."""


class GraphError(SendError):
    """Meta answered with an error, or Serpro did.

    Attributes:
        code: Meta's error code; None when the answer held none (a proxy's HTML page, an empty body).
        message: Meta's text, as received.
        title: the same without the "(#code)" in front.
        details: Meta's ``error_data.details``, which names the parameter or the reason.
        help: what is wrong and what to do, in plain words.
        fbtrace_id: what Meta's support asks for.
        http_status: the answer's HTTP status; None when the error came in a webhook.
        retry_after: seconds to wait before the next attempt, if Meta said so.
        gateway: who answered, Meta or Serpro. An error with a code is always Meta's, whoever passed it on.
    """

    helps: ClassVar[Mapping[int, str]] = _codes.OTHER

    def __init__(
        self,
        code: int | None,
        message: str = "",
        details: str = "",
        *,
        fbtrace_id: str = "",
        http_status: int | None = None,
        retry_after: float | None = None,
        help: str = "",
        gateway: str = "Meta",
    ) -> None:
        self.code = code
        self.message = message
        self.title = message.removeprefix(f"(#{code})").strip()
        self.details = details
        self.help = help or _help(code)
        self.fbtrace_id = fbtrace_id
        self.http_status = http_status
        self.retry_after = retry_after
        self.gateway = gateway
        super().__init__(self._text())

    @property
    def safe_to_resend(self) -> bool:
        """Whether the request was refused before it was processed, so that a repeat cannot be a duplicate."""
        return self.code in _codes.SAFE_TO_RESEND

    def _text(self) -> str:
        trace = [f"HTTP {self.http_status}"] if self.http_status else []
        trace += [f"fbtrace_id {self.fbtrace_id}"] if self.fbtrace_id else []
        sentence = _sentence(self.code, self.title, self.details, self.help, self.gateway)
        return f"{sentence} [{', '.join(trace)}]" if trace else sentence


class TokenError(GraphError):
    """The access token is invalid or has expired: nothing can be sent until it is replaced."""

    helps = _codes.TOKEN


class PermissionDenied(GraphError):
    """The token may not do this."""

    helps = _codes.PERMISSION


class RateLimited(GraphError):
    """Too fast, or in maintenance: the same request will do later."""

    helps = _codes.RATE

    @property
    def safe_to_resend(self) -> bool:
        """As for every error; without a code the gateway itself has turned the request away unread."""
        return self.code is None or super().safe_to_resend


class WindowClosed(GraphError):
    """The 24-hour customer service window is closed: only a template may be sent."""

    helps = _codes.WINDOW


class Undeliverable(GraphError):
    """This recipient cannot be reached, or not with this message."""

    helps = _codes.UNDELIVERABLE


class InvalidMessage(GraphError):
    """Meta does not accept the content: sending it again unchanged will not help."""

    helps = _codes.INVALID


class MediaRejected(GraphError):
    """Meta could not fetch, store or pass on the media."""

    helps = _codes.MEDIA


class AccountProblem(GraphError):
    """The account or the number is restricted, or not set up for this."""

    helps = _codes.ACCOUNT


class ServiceUnavailable(GraphError):
    """Meta has a problem; whether the request was carried out is unknown."""

    helps = _codes.SERVICE


_KINDS: tuple[type[GraphError], ...] = (GraphError, *GraphError.__subclasses__())
_CLASSES = {code: kind for kind in _KINDS for code in kind.helps}


def graph_error(
    body: object, *, http_status: int | None = None, retry_after: float | None = None
) -> GraphError:
    """The typed error for an answer of the Graph API, however odd the answer is.

    Args:
        body: the decoded JSON body, or None when it was not JSON.
        http_status: decides only where the body holds no error code: 5xx is `ServiceUnavailable`, 429
            `RateLimited`.
        retry_after: seconds, from the ``Retry-After`` header.
    """
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        error = {"message": error} if isinstance(error, str) else {}
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else data
    code = _code(error.get("code"))
    message = _string(error.get("message"))
    kind, help = _without_code(http_status) if code is None else (_CLASSES.get(code, GraphError), "")
    if code == 100 and "appsecret_proof" in message:
        help = _codes.WRONG_PROOF if message.startswith("Invalid") else _codes.NO_PROOF
    return kind(
        code,
        message,
        _string(details) or _string(error.get("error_user_msg")),
        fbtrace_id=_string(error.get("fbtrace_id")),
        http_status=http_status,
        retry_after=retry_after,
        help=help,
    )


def explain(code: int | None, title: str = "", details: str = "") -> str:
    """One readable line about an error that came in a webhook, such as a ``failed`` status.

    Args:
        code: None where none was told.
        title: WhatsApp's name of the error.
        details: WhatsApp's own explanation.
    """
    if code is None:
        words = ": ".join(dict.fromkeys(part.rstrip(".") for part in (title, details) if part))
        return f"WhatsApp says: {words}." if words else "WhatsApp did not say why."
    return _sentence(code, title.removeprefix(f"(#{code})").strip(), details, _help(code))


def _sentence(code: int | None, title: str, details: str, help: str, gateway: str = "Meta") -> str:
    head = f"{gateway} answered without an error code" if code is None else f"Meta's error {code}"
    text = ": ".join(dict.fromkeys(part.rstrip(".") for part in (head, title, details) if part))
    return f"{text}. {help}"


def _help(code: int | None) -> str:
    return _codes.UNKNOWN if code is None else _CLASSES.get(code, GraphError).helps.get(code, _codes.UNKNOWN)


def _without_code(http_status: int | None) -> tuple[type[GraphError], str]:
    if http_status is not None and http_status >= 500:
        return ServiceUnavailable, _codes.SERVICE[2]
    if http_status == 429:
        return RateLimited, _codes.TOO_MANY
    return GraphError, "The answer is not Meta's: check `base_url`, and any proxy on the way."


def _code(value: Any) -> int | None:
    try:
        return None if isinstance(value, (bool, float)) else int(value)
    except (TypeError, ValueError):
        return None


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
