"""What Meta's Graph API says of the app: whether the secret is its own, and where its webhooks go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from rasa_whatsapp.cli.doctor.finding import Finding, bad, good, note
from rasa_whatsapp.cloud.gateway import client_of
from rasa_whatsapp.errors import SendError, TokenError
from rasa_whatsapp.fields import items, text
from rasa_whatsapp.settings import NumberSettings

WEBHOOK = "/webhooks/whatsapp/webhook"
_FORM = f"WhatsApp > Configuration: give https://<your host>{WEBHOOK}, `verify_token`, the field messages."


async def app(settings: NumberSettings, ca_bundle: str, app_id: str, timeout: float) -> list[Finding]:
    """Asks about the app with its own token, which is made of its id and the secret.

    Source: Meta, Graph API, App subscriptions.

    Args:
        app_id: the app that the access token was made for; empty where Meta does not tell.
    """
    if not settings.app_secret:
        return [_unseen()]
    about = f"app {app_id}" if app_id else "app"
    try:
        found = await _subscriptions(settings, ca_bundle, app_id, timeout) if app_id else None
    except TokenError:
        remedy = "Copy it from App settings > Basic of this app, which the token was made for."
        return [bad(about, "`app_secret` is not its secret: every webhook would be refused", remedy)]
    except SendError:
        found = None
    if found is None:
        return [note(about, "Meta does not tell whether `app_secret` is its secret"), _unseen()]
    return [good(about, "`app_secret` is its secret"), _webhook(found)]


async def _subscriptions(
    settings: NumberSettings, ca_bundle: str, app_id: str, timeout: float
) -> list[Mapping[str, Any]]:
    token = f"{app_id}|{settings.app_secret[0]}"
    own = msgspec.structs.replace(settings, access_token=token)
    async with client_of(own, ca_bundle, timeout=timeout) as client:
        return list(items(await client.request("GET", f"{app_id}/subscriptions"), "data"))


def _webhook(subscriptions: list[Mapping[str, Any]]) -> Finding:
    """Whether messages go anywhere. A number's or an account's own address needs the app's fields too."""
    for subscription in subscriptions:
        if subscription.get("object") == "whatsapp_business_account" and subscription.get("active"):
            url = urlsplit(text(subscription, "callback_url"))
            where = f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"
            if not any(text(field, "name") == "messages" for field in items(subscription, "fields")):
                found = f"the field messages is not subscribed: {where} gets none"
                return bad("webhook", found, "Subscribe to it under WhatsApp > Configuration.")
            found = f"messages go to {where}, unless `rasa-whatsapp webhook show` names another address"
            return good("webhook", found)
    # No fault yet: Meta takes an address only when the bot runs there.
    return note("webhook", "the app has none for WhatsApp", _FORM)


def _unseen() -> Finding:
    return note("webhook", "whether Meta has one and reaches it cannot be seen from here", _FORM)
