"""The Meta app: which webhooks it gets.

Source: Meta, Graph API, App subscriptions; Access tokens (an app's own is ``id|secret``). The codes of the
refusals, 15 and 190, are not documented there; they are those that Graph is known to answer.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.access import Access
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.webhook.deliveries import Webhook

FIELDS = ("messages", "message_template_status_update", "flows", "user_preferences")
"""What the local WhatsApp tells by webhook."""
_VERSION = "v26.0"


class App:
    """The routes of the app, which answer to its own token alone."""

    def __init__(self, account: Account, access: Access, webhook: Webhook) -> None:
        self._account = account
        self._access = access
        self._webhook = webhook

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes."""
        return [("GET", r"/{id:\d+}/subscriptions", self.subscriptions)]

    async def subscriptions(self, request: web.Request) -> web.Response:
        """``GET /{app_id}/subscriptions``: the webhook of its form, once there is one."""
        self._access.app(request)
        subscription: dict[str, Any] = {
            "object": "whatsapp_business_account",
            "callback_url": self._webhook.url,
            "active": True,
            "fields": [{"name": name, "version": _VERSION} for name in FIELDS],
        }
        return web.json_response({"data": [subscription] if self._webhook.url else []})
