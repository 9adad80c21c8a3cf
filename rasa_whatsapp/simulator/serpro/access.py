"""Tokens: given out for the client's credentials, and good for ten minutes.

Source: Serpro, WhatsApp API, "Como autenticar"; the form and the lifetime from public clients and captures.
"""

from __future__ import annotations

import secrets

from aiohttp import web

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.access import Access
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.limits.admission import Admission
from rasa_whatsapp.simulator.serpro.refusal import Refused

LIFETIME = 600.0
"""Seconds that a token lives unless told."""


class SerproAccess(Access):
    """Gives tokens out, and refuses callers without one."""

    def __init__(self, account: Account, clock: Clock, admission: Admission) -> None:
        super().__init__(account, clock, admission)
        self._ends: dict[str, float] = {}

    async def token(self, request: web.Request) -> web.Response:
        """``POST /oauth2/token``, a form of ``client_id`` and ``client_secret``."""
        form = await request.post()
        given = (form.get("client_id"), form.get("client_secret"))
        if given != (self._account.phone_number_id, self._account.client_secret):
            raise Refused(401, "The client_id or the client_secret is wrong.")
        return web.json_response(
            {"access_token": self.issue(), "expires_in": int(self._lifetime), "token_type": "Bearer"}
        )

    @property
    def _lifetime(self) -> float:
        """Seconds that a token lives."""
        return self._admission.restrictions.token_lifetime or LIFETIME

    def issue(self) -> str:
        """A new token."""
        now = self._clock.now()
        self._ends = {token: end for token, end in self._ends.items() if end > now}
        token = f"simulator.{secrets.token_urlsafe(24)}"
        self._ends[token] = now + self._lifetime
        return token

    def authorize(self, request: web.Request) -> None:
        """A token that has not expired."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self._ends.get(token.strip(), 0.0) <= self._clock.now():
            raise Refused(401, "The access token is missing, wrong or expired.")

    def _reach(self, request: web.Request, object_id: str) -> None:
        self.authorize(request)
        if request.match_info["id"] != object_id:
            raise Refused(403, "The id in the path is not one of this client's.")
