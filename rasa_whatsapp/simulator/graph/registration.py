"""The number's registration: the code that verifies it, the PIN that guards it.

Source: Meta, Cloud API, Registration; Error codes. Meta names no number of wrong PINs; here it is five.
"""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.api.access import Access, json_object
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.refusal import Refusal

_SIX_DIGITS = re.compile(r"\d{6}")
_CHANGES, _WITHIN = 10, 72 * 60 * 60
_GUESSES, _LOCKED = 5, 60 * 60


class Registration:
    """A number that is verified and registered from the start, without a PIN."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self.registered = True
        self._access = access
        self._clock = clock
        self._pin = ""
        self._unverified = False
        self._changed_at: list[float] = []
        self._guessed_at: list[float] = []

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes."""
        handlers = {
            "register": self.register,
            "deregister": self.deregister,
            "request_code": self.request_code,
            "verify_code": self.verify_code,
        }
        return [("POST", rf"/{{id:\d+}}/{name}", handler) for name, handler in handlers.items()]

    def check(self) -> None:
        """Refuse to send while the number is not registered. Raises :class:`Refusal` 133010."""
        if not self.registered:
            raise Refusal(133010, "Register the number before sending messages.")

    def set_pin(self, body: dict[str, Any]) -> None:
        """Another PIN."""
        self._pin = _pin(body)

    async def register(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/register``; a PIN that was set before must be the same."""
        self._access.number(request)
        pin = _pin(await json_object(request))
        self._change()
        if self._unverified:
            raise Refusal(133006, "A code was requested for the number, and has not been given back yet.")
        now = self._clock.now()
        self._guessed_at = [at for at in self._guessed_at if at > now - _LOCKED]
        if len(self._guessed_at) >= _GUESSES:
            raise Refusal(133008, "Too many wrong PINs. Try again in an hour.")
        if self._pin not in ("", pin):
            self._guessed_at.append(now)
            raise Refusal(133005, "The two-step verification PIN is wrong.")
        self._pin, self.registered, self._guessed_at = pin, True, []
        return web.json_response({"success": True})

    async def deregister(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/deregister``."""
        self._access.number(request)
        self._change()
        self.registered = False
        return web.json_response({"success": True})

    async def request_code(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/request_code``, not for a registered number; any six digits will do."""
        self._access.number(request)
        body = await json_object(request)
        if body.get("code_method") not in ("SMS", "VOICE") or not body.get("language"):
            raise Refusal(100, "The parameters code_method (SMS or VOICE) and language are required.")
        if self.registered:
            raise Refusal(136024, "The number is verified already.")
        self._unverified = True
        return web.json_response({"success": True})

    async def verify_code(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/verify_code``."""
        self._access.number(request)
        if not _SIX_DIGITS.fullmatch(str((await json_object(request)).get("code", ""))):
            raise Refusal(100, "The parameter code must be six digits.")
        self._unverified = False
        return web.json_response({"success": True})

    def _change(self) -> None:
        now = self._clock.now()
        self._changed_at = [at for at in self._changed_at if at > now - _WITHIN]
        if len(self._changed_at) >= _CHANGES:
            raise Refusal(133016, f"Registered or deregistered {_CHANGES} times within 72 hours.")
        self._changed_at.append(now)


def _pin(body: dict[str, Any]) -> str:
    pin = str(body.get("pin", ""))
    if not _SIX_DIGITS.fullmatch(pin):
        raise Refusal(100, "The parameter pin must be six digits.")
    return pin
