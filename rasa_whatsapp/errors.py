"""Every exception of rasa_whatsapp, in one tree.

WhatsAppError
├── SettingsError            a key of credentials.yml (or its environment variable) is missing or wrong
├── RequestError             an HTTP request to the webhook that is refused; knows its HTTP ``status``
│   ├── PayloadError         400: not JSON, or not a JSON object
│   ├── SignatureMissing     401: no X-Hub-Signature-256 header
│   ├── SignatureWrong       403: the signature does not fit the body
│   └── BodyTooLarge         413: over 4 MiB
├── MessageError             a message that WhatsApp is known to reject (also a ValueError)
├── StoreError               the store cannot be read or written just now
└── SendError                a message that did not, or perhaps did not, reach WhatsApp
    ├── NotSent              the connection failed before the body left: safe to send again
    ├── SendTimeout          no answer in time: WhatsApp may have accepted it
    └── GraphError           Meta answered with an error; knows ``code``, ``details``, ``help``
        ├── TokenError       0, 190: the access token is invalid or has expired
        ├── PermissionDenied 3, 10, 200-299, 131005: the token may not do this
        ├── RateLimited      4, 80007, 130429, 131056, …: too fast; resent later
        ├── WindowClosed     131047: the 24-hour window is closed, only a template may be sent
        ├── Undeliverable    131026, 131030, 130403, …: this recipient cannot be reached
        ├── InvalidMessage   100, 131008, 131009, 131051, 132xxx, …: Meta does not accept the content
        ├── MediaRejected    131052, 131053: Meta could not fetch or store the media
        ├── AccountProblem   368, 131031, 131042, 131045, 133xxx, …: the account or number is restricted
        └── ServiceUnavailable 1, 2, 131000, 131016, HTTP 5xx: Meta has a problem; the outcome is unknown

The error codes are those of Meta's page "WhatsApp Cloud API, Error codes".
"""

from __future__ import annotations


class WhatsAppError(Exception):
    """The root of all errors that rasa_whatsapp raises on purpose."""


class SettingsError(WhatsAppError):
    """A setting is missing or wrong.

    Attributes:
        key: the key as it stands in credentials.yml, for example ``numbers[1].access_token``.
        problem: what is wrong with it.
        remedy: what to do.
    """

    def __init__(self, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{key}: {problem} {remedy}")
        self.key = key
        self.problem = problem
        self.remedy = remedy


class RequestError(WhatsAppError):
    """A request to the webhook is refused; ``status`` is the HTTP status to answer with."""

    status = 400


class PayloadError(RequestError):
    """The body is not JSON, or not a JSON object."""

    status = 400


class SignatureMissing(RequestError):
    """The request carries no ``X-Hub-Signature-256`` header."""

    status = 401


class SignatureWrong(RequestError):
    """The signature was not made with any of our secrets over exactly this body."""

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


class SendError(WhatsAppError):
    """A message did not, or perhaps did not, reach WhatsApp."""


class NotSent(SendError):
    """The connection failed before the request's body left this machine: sending again is safe."""


class SendTimeout(SendError):
    """The request left but no answer came in time: WhatsApp may have accepted the message."""
