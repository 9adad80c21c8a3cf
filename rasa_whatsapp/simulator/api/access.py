"""What every Graph route asks first: who is calling, about which object, and with what."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timezone
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.calls import read_json
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.limits.admission import Admission
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.switches.restrictions import Restrictions

_SCOPES = {"management": "whatsapp_business_management", "messaging": "whatsapp_business_messaging"}
_MESSAGES = re.compile(r"/(messages|media)$")
# Where a resolved media id leads, which is not Graph.
_ADDRESS = re.compile(r"/attachments/$")
# A file is known by its bare id.
_FILE = re.compile(r"/attachments/$|^(/v\d+\.\d+)?/\d{16}$")


class Access:
    """Refuses, as Meta does, callers without the token and objects that the token does not reach."""

    def __init__(self, account: Account, clock: Clock, admission: Admission) -> None:
        self._account = account
        self._clock = clock
        self._admission = admission

    @property
    def expires_at(self) -> int:
        """When the token expires, in seconds since 1970; 0, as Meta puts it: never."""
        return self._admission.token_ends

    @property
    def scopes(self) -> list[str]:
        """The permissions that the token has."""
        allowed = self.restrictions.permissions
        return [_SCOPES[kind] for kind in _SCOPES if allowed in ("all", kind)]

    @property
    def restrictions(self) -> Restrictions:
        """What is restricted at present."""
        return self._admission.restrictions

    def authorize(self, request: web.Request) -> None:
        """The access token, in the header or in the query, and the proof that comes with it."""
        if _token(request) != self._account.access_token:
            raise Refusal(190, "Invalid OAuth access token.")
        self._check_proof(request)
        if self.expires_at and self.expires_at <= self._clock.now():
            end = datetime.fromtimestamp(self.expires_at, timezone.utc)
            raise Refusal(190, f"The session has expired on {end:%Y-%m-%d %H:%M:%S} UTC.", subcode=463)
        if not request.path.endswith("/debug_token"):
            own = request.match_info.get("id") in (self._account.phone_number_id, self._account.waba_id)
            pattern = _MESSAGES if own else _FILE
            self._admission.check_call(manages=not pattern.search(request.path))

    def app(self, request: web.Request) -> None:
        """The app's own token, ``id|secret``, and the id of the app in the path."""
        app_id, token = self._account.app_id, _token(request)
        if token != f"{app_id}|{self._account.app_secret}":
            if token == self._account.access_token:
                raise Refusal(15, "The token is a system user's.")
            signed = token.startswith(f"{app_id}|")
            raise Refusal(190, f"Invalid OAuth access token{' signature' if signed else ''}.")
        self._check_proof(request)
        if request.match_info["id"] != app_id:
            raise no_such_object(request)

    def _check_proof(self, request: web.Request) -> None:
        """A proof need not be given unless the app demands it of Graph's calls, but it must not be wrong.

        Source: Meta, Graph API, Securing requests.
        """
        demanded = self.restrictions.require_app_secret and not _ADDRESS.search(request.path)
        given = request.query.get("appsecret_proof")
        if given is None and demanded:
            told = "API calls from the server require an appsecret_proof argument"
        elif given in (None, proof_of(self._account.app_secret, _token(request))):
            return
        else:
            told = "Invalid appsecret_proof provided in the API argument"
        raise Refusal(100, told, message=told)

    def number(self, request: web.Request) -> None:
        """The token, and the id of the number in the path."""
        self._reach(request, self._account.phone_number_id)

    def waba(self, request: web.Request) -> None:
        """The token, and the id of the account in the path."""
        self._reach(request, self._account.waba_id)

    def _reach(self, request: web.Request, object_id: str) -> None:
        self.authorize(request)
        if request.match_info["id"] != object_id:
            raise no_such_object(request)


def proof_of(app_secret: str, token: str) -> str:
    """What proves that whoever calls with this token knows the app's secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "oauth"):
        token = request.query.get("access_token", "")
    return token.strip()


def no_such_object(request: web.Request) -> Refusal:
    """The object in the path does not exist for this token."""
    details = f"Object with ID '{request.match_info['id']}' does not exist or may not be used by this token."
    return Refusal(100, details, subcode=33)


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body, which must be a JSON object."""
    try:
        body = read_json(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refusal(100, "The body must be a JSON object.")
    return body


def fields(request: web.Request, node: dict[str, Any]) -> dict[str, Any]:
    """The fields asked for, always with the id; all of them when none is named."""
    asked = request.query.get("fields")
    return {key: value for key, value in node.items() if not asked or key in asked.split(",") or key == "id"}
