"""Meta's errors: the one table of codes, and how an error looks in an HTTP answer and in a webhook.

Source: Meta, WhatsApp Cloud API, Error codes. A client should branch on ``code`` alone: Meta documents the
HTTP status of only some codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# code: (HTTP status, title)
MEANINGS: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (429, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    15: (400, "This method must be called with an app access_token"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired or is not valid"),
    200: (403, "API Permission"),
    368: (403, "Temporarily blocked for policies violations"),
    2500: (400, "Unknown path components"),
    80007: (429, "Rate limit issues"),
    130403: (400, "Recipient is blocked"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Account has been locked"),
    131037: (400, "Display name approval is needed"),
    131041: (400, "Unknown group"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (429, "Spam rate limit hit"),
    131049: (400, "Message not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (429, "(Business account, consumer account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131059: (400, "Invalid cursor"),
    131062: (400, "Business-scoped user id not allowed for this message"),
    131064: (429, "Limited because of template misclassification"),
    132000: (400, "Template param count mismatch"),
    132001: (404, "Template does not exist"),
    132005: (400, "Template hydrated text too long"),
    132007: (400, "Template format character policy violated"),
    132008: (400, "Template parameter value is not valid"),
    132012: (400, "Template parameter format mismatch"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "Template parameters are not well-formed"),
    132068: (400, "Flow is blocked"),
    132069: (400, "Flow is throttled"),
    133005: (400, "Two step verification PIN mismatch"),
    133006: (400, "Phone number re-verification needed"),
    133008: (400, "Too many two step verification PIN guesses"),
    133016: (400, "Account register deregister rate limit exceeded"),
    133010: (400, "Phone number not registered"),
    135000: (400, "Generic user error"),
    136024: (400, "Request code failed"),
    137000: (400, "Identity key mismatch"),
    139001: (400, "Flow can't be updated"),
    139002: (400, "Publishing Flow failed"),
    139003: (400, "Can't deprecate Flow"),
    139004: (400, "Can't delete Flow"),
    139006: (400, "Not enough data for the metric"),
    139100: (400, "Failed to block or unblock users"),
    139101: (400, "The block list is full"),
    147001: (400, "Username is not available"),
    2388019: (400, "Template limit exceeded"),
    2388040: (400, "Character limit exceeded"),
}

_HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Refusal(Exception):
    """Meta refuses a request, or reports later that a message failed.

    ``beside`` is what the answer says beside the error, where the request was carried out in part;
    ``message`` is for what Graph refuses before anything of WhatsApp looks at it, in words of its own.
    """

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        http: int | None = None,
        subcode: int | None = None,
        beside: Mapping[str, Any] | None = None,
        message: str = "",
    ) -> None:
        status, self.title = MEANINGS.get(code, (400, "Error"))
        super().__init__(f"({code}) {self.title}: {details}")
        self.code = code
        self.details = details or self.title
        self.http = http or status
        self.subcode = subcode
        self._beside = beside or {}
        self._message = message

    def body(self, trace: str) -> dict[str, Any]:
        """The JSON body of the HTTP answer."""
        error: dict[str, Any] = {
            "message": self._message or f"(#{self.code}) {self.title}",
            "type": "GraphMethodException" if self.subcode == 33 or self._message else "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": trace,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {**self._beside, "error": error}

    def in_webhook(self) -> dict[str, Any]:
        """The error as it stands in ``errors`` of a failed status."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details},
            "href": _HELP,
        }
