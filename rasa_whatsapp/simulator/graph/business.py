"""What a business may set up by the Graph API, for its account and its number.

Webhooks go to an override on this machine, the number's before the account's; one elsewhere is only
remembered, since a local WhatsApp has nothing to tell there.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.access import Access, json_object, no_such_object
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.api.paging import page
from rasa_whatsapp.simulator.api.protection import is_loopback
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.flows.crypto import public_key
from rasa_whatsapp.simulator.flows.endpoint import FlowEndpoint
from rasa_whatsapp.simulator.graph.block_list import BlockList
from rasa_whatsapp.simulator.graph.flows import Flows
from rasa_whatsapp.simulator.graph.qr_codes import QrCodes
from rasa_whatsapp.simulator.graph.registration import Registration
from rasa_whatsapp.simulator.graph.templates import Templates
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import State
from rasa_whatsapp.simulator.templates.book import TemplateBook
from rasa_whatsapp.simulator.webhook.deliveries import Webhook

_USERNAME = re.compile(r"[A-Za-z0-9._]{3,35}")
_PROFILE_LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}
_PROFILE = (*_PROFILE_LIMITS, "websites", "vertical")
_PROMPTS, _PROMPT, _COMMANDS = 4, 80, 30


class Business:
    """The routes of management, and what was set by them."""

    def __init__(
        self,
        account: Account,
        access: Access,
        templates: TemplateBook,
        endpoint: FlowEndpoint,
        state: State,
        clock: Clock,
        webhook: Webhook,
    ) -> None:
        self.templates = Templates(access, templates)
        self.flows = Flows(access, endpoint)
        self._account = account
        self._access = access
        self.registration = Registration(access, clock)
        blocked = BlockList(access, state, clock)
        self._parts = (self.templates, self.flows, self.registration, QrCodes(access), blocked)
        self._state = state
        self._profile: dict[str, Any] = {"messaging_product": "whatsapp"}
        self._automation: dict[str, Any] = {}
        self._webhook = webhook
        self._overrides: dict[str, str] = {}
        self._key = ""
        self._username = ""

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes; they stand before the ones of single objects."""
        routes: dict[str, dict[str, Handler]] = {
            "subscribed_apps": {"GET": self.apps, "POST": self.subscribe, "DELETE": self.unsubscribe},
            "whatsapp_business_profile": {"GET": self.profile, "POST": self.set_profile},
            "conversational_automation": {"POST": self.set_automation},
            "whatsapp_business_encryption": {"GET": self.key, "POST": self.set_key},
            "username": {"GET": self.username, "POST": self.set_username, "DELETE": self.delete_username},
            "username_suggestions": {"GET": self.suggestions},
        }
        own = [
            (method, rf"/{{id:\d+}}/{name}", handler)
            for name, handlers in routes.items()
            for method, handler in handlers.items()
        ]
        parts = [route for part in self._parts for route in part.table()]
        return [*parts, *own, ("POST", r"/{id:\d+}", self.change)]

    def of_number(self, request: web.Request) -> dict[str, Any]:
        """What `GET /{phone_number_id}` tells beside the number's own fields, if it is asked for by name."""
        extra: dict[str, Any] = {} if self.registration.registered else {"status": "DISCONNECTED"}
        asked = request.query.get("fields", "")
        if "conversational_automation" in asked:
            extra["conversational_automation"] = self._automation
        if "webhook_configuration" in asked:
            extra["webhook_configuration"] = dict(self._overrides)
        return extra

    async def change(self, request: web.Request) -> web.Response:
        """``POST /{id}``: a template's content, a Flow's metadata, the number's PIN or override."""
        self._access.authorize(request)
        if template := self.templates.book.find(request.match_info["id"]):
            return await self.templates.edit(request, template)
        if flow := self.flows.book.find(request.match_info["id"]):
            return await self.flows.change(request, flow)
        if request.match_info["id"] != self._account.phone_number_id:
            raise no_such_object(request)
        body = await json_object(request)
        if "webhook_configuration" in body:
            self._override("phone_number", body["webhook_configuration"])
        elif "pin" in body:
            self.registration.set_pin(body)
        else:
            raise Refusal(100, "There is nothing to change.")
        return _success()

    # --- webhooks ---

    async def apps(self, request: web.Request) -> web.Response:
        """``GET /{waba_id}/subscribed_apps``."""
        self._access.waba(request)
        app = {"id": self._account.app_id, "name": self._account.verified_name, "link": ""}
        item: dict[str, Any] = {"whatsapp_business_api_data": app}
        if override := self._overrides.get("whatsapp_business_account"):
            item["override_callback_uri"] = override
        return page(request, [item] if self._webhook.subscribed else [])

    async def subscribe(self, request: web.Request) -> web.Response:
        """``POST /{waba_id}/subscribed_apps``; without an override in the body, an earlier one is removed."""
        self._access.waba(request)
        body = await json_object(request) if await request.read() else {}
        self._override("whatsapp_business_account", body)
        self._webhook.subscribed = True
        return _success()

    async def unsubscribe(self, request: web.Request) -> web.Response:
        """``DELETE /{waba_id}/subscribed_apps``."""
        self._access.waba(request)
        self._override("whatsapp_business_account", None)
        self._webhook.subscribed = False
        return _success()

    def _override(self, level: str, configuration: Any) -> None:
        url = configuration.get("override_callback_uri") if isinstance(configuration, dict) else None
        if not url:
            self._overrides.pop(level, None)
        elif not _may_get_webhooks(str(url)):
            raise Refusal(100, "The parameter override_callback_uri must be an https URL.")
        elif configuration.get("verify_token") != self._account.verify_token:
            raise Refusal(2200, "The callback did not answer the handshake with this verify_token.")
        else:
            self._overrides[level] = str(url)
        levels = (self._overrides.get(level, "") for level in ("phone_number", "whatsapp_business_account"))
        self._webhook.override = next(filter(is_loopback, levels), "")

    # --- how the number looks ---

    async def profile(self, request: web.Request) -> web.Response:
        """``GET /{phone_number_id}/whatsapp_business_profile``."""
        self._access.number(request)
        asked = request.query.get("fields", "about").split(",")
        shown = {key: value for key, value in self._profile.items() if key in (*asked, "messaging_product")}
        return web.json_response({"data": [shown]})

    async def set_profile(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/whatsapp_business_profile``."""
        self._access.number(request)
        body = await json_object(request)
        for field, limit in _PROFILE_LIMITS.items():
            if len(str(body.get(field, ""))) > limit:
                raise Refusal(100, f"The parameter {field} has more than {limit} characters.")
        self._profile |= {key: value for key, value in body.items() if key in _PROFILE}
        return _success()

    async def set_automation(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/conversational_automation``."""
        self._access.number(request)
        body = await json_object(request)
        prompts, commands = body.get("prompts", []), body.get("commands", [])
        if not isinstance(prompts, list) or not isinstance(commands, list):
            raise Refusal(100, "The parameters prompts and commands must be arrays.")
        if len(prompts) > _PROMPTS or any(len(str(prompt)) > _PROMPT for prompt in prompts):
            raise Refusal(100, f"Up to {_PROMPTS} prompts of up to {_PROMPT} characters are allowed.")
        if len(commands) > _COMMANDS:
            raise Refusal(100, f"Up to {_COMMANDS} commands are allowed.")
        self._automation |= body
        return _success()

    async def username(self, request: web.Request) -> web.Response:
        """``GET /{phone_number_id}/username``."""
        self._access.number(request)
        return web.json_response({"username": self._username, "status": "approved"} if self._username else {})

    async def set_username(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/username``."""
        self._access.number(request)
        name = str((await json_object(request)).get("username", ""))
        if not _USERNAME.fullmatch(name):
            raise Refusal(100, "The parameter username is not a possible one.")
        if name.lower() in {person.username.lower() for person in self._state.people.values()}:
            raise Refusal(147001, "Somebody has this username.")
        self._username = name
        return web.json_response({"status": "approved"})

    async def delete_username(self, request: web.Request) -> web.Response:
        """``DELETE /{phone_number_id}/username``."""
        self._access.number(request)
        self._username = ""
        return _success()

    async def suggestions(self, request: web.Request) -> web.Response:
        """``GET /{phone_number_id}/username_suggestions``."""
        self._access.number(request)
        return web.json_response({"data": [{"username_suggestions": ["local_whatsapp", "local.club"]}]})

    # --- encryption ---

    @property
    def public_key(self) -> str:
        """The public key for Flows, PEM; empty where none was uploaded."""
        return self._key

    async def key(self, request: web.Request) -> web.Response:
        """``GET /{phone_number_id}/whatsapp_business_encryption``."""
        self._access.number(request)
        known = {"business_public_key": self._key, "business_public_key_signature_status": "VALID"}
        return web.json_response({"data": [known] if self._key else []})

    async def set_key(self, request: web.Request) -> web.Response:
        """``POST /{phone_number_id}/whatsapp_business_encryption``, as JSON or as a form."""
        self._access.number(request)
        as_json = request.content_type == "application/json"
        body: Any = await json_object(request) if as_json else await request.post()
        pem = str(body.get("business_public_key", ""))
        try:
            public_key(pem)
        except ValueError:
            raise Refusal(100, "The parameter business_public_key must be an RSA key, as PEM.") from None
        self._key = pem
        return _success()


def _may_get_webhooks(url: str) -> bool:
    """Whether it is an address as Meta takes it, or a bot's on this machine, which needs no https."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))


def _success() -> web.Response:
    return web.json_response({"success": True})
