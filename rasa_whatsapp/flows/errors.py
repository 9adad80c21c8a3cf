"""Why a request to the Flow endpoint is not answered with a screen.

RequestError (rasa_whatsapp.errors)
└── FlowRequestError                              knows its HTTP ``status``
    ├── FlowRequestMalformed                 400: not what Meta sends
    ├── FlowRequestCannotBeDecrypted         421: made with another public key; WhatsApp fetches ours again
    ├── FlowTokenNoLongerValid               427: the button in the chat is switched off
    └── FlowRequestSignatureAuthenticationFailed 432: not signed by the Flow's Meta app

Source: Meta, WhatsApp Flows, Error codes, Business endpoint error codes.
"""

from __future__ import annotations

from rasa_whatsapp.errors import RequestError


class FlowRequestError(RequestError):
    """A request to the Flow endpoint is refused."""


class FlowRequestMalformed(FlowRequestError):
    """The request, or what was encrypted in it, is not of the form that Meta sends."""

    status = 400


class FlowRequestCannotBeDecrypted(FlowRequestError):
    """None of the private keys opens the request.

    WhatsApp fetches the public key again and repeats the request once.
    """

    status = 421


class FlowTokenNoLongerValid(FlowRequestError):
    """The Flow cannot be used any more: raise or return it in a handler.

    WhatsApp shows ``error_message`` and switches off the button that opened the Flow.
    """

    status = 427

    def __init__(self, error_message: str) -> None:
        super().__init__(error_message)
        self.error_message = error_message


class FlowRequestSignatureAuthenticationFailed(FlowRequestError):
    """The request, or its token, was not signed with the app secret of the Flow's Meta app."""

    status = 432

    def __init__(self, reason: str = "The signature does not fit.") -> None:
        super().__init__(reason)
