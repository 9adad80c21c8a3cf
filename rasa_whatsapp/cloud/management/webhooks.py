"""Where Meta posts an account's or a number's events, when not to the app's own callback URL.

Source: Meta, Cloud API, Webhooks, Override callback URLs.
"""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from rasa_whatsapp.cloud.management.node import Node, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.fields import mapping
from rasa_whatsapp.messages import checks

URL = 200


class SubscribedApp(Result, frozen=True):
    """An app that gets the account's events, at ``override_callback_uri`` if it is not empty."""

    id: str = ""
    name: str = ""
    link: str = ""
    override_callback_uri: str = ""


class WebhookAddresses(Result, frozen=True):
    """Callback URLs of three levels: the number's goes before the account's, and that before the app's."""

    number: str = msgspec.field(name="phone_number", default="")
    account: str = msgspec.field(name="whatsapp_business_account", default="")
    app: str = msgspec.field(name="application", default="")

    @property
    def in_use(self) -> str:
        """Where the number's messages go."""
        return self.number or self.account or self.app


class Webhooks:
    """The subscription of the token's app to the account, and other addresses than the app's own.

    An override holds for messages and some other fields only; the rest still goes to the app's address.
    Meta asks a new address for the handshake, with the verify token, before it accepts it.
    Source: Meta, WhatsApp Business Platform, Webhooks, Override.
    """

    def __init__(self, number: Node, account: Node) -> None:
        self._number = number
        self._account = account

    async def apps(self) -> AsyncIterator[SubscribedApp]:
        """Each app that gets the account's events."""
        async for item in self._account.items("subscribed_apps"):
            yield read(SubscribedApp, {**item, **mapping(item, "whatsapp_business_api_data")})

    async def addresses(self) -> WebhookAddresses:
        """Where the number's events go."""
        answer = await self._number.get(fields="webhook_configuration")
        return read(WebhookAddresses, mapping(answer, "webhook_configuration"))

    async def subscribe(self) -> None:
        """Let the token's app get the account's events, at its own address: an override is taken away."""
        await self._account.post("subscribed_apps", json={})

    async def unsubscribe(self) -> None:
        """Let the token's app get no more events of the account."""
        await self._account.delete("subscribed_apps")

    async def override_account(self, url: str, verify_token: str) -> None:
        """Subscribe the token's app to the account, with the events going to ``url``.

        Args:
            url: https only, up to 200 characters.

        Raises:
            MessageError: another URL, or the token is blank.
        """
        await self._account.post("subscribed_apps", json=_override(url, verify_token), private=verify_token)

    async def override_number(self, url: str, verify_token: str) -> None:
        """Let the events of this number alone go to ``url``; the app must be subscribed to the account.

        Raises:
            MessageError: as `override_account`.
        """
        body = {"webhook_configuration": _override(url, verify_token)}
        await self._number.post(json=body, private=verify_token)

    async def clear_number(self) -> None:
        """Take the number's override away; the account's is taken away by `subscribe`."""
        await self._number.post(json={"webhook_configuration": {"override_callback_uri": ""}})


def _override(url: str, verify_token: str) -> dict[str, Any]:
    checks.text("url", url, URL)
    checks.url("url", url)
    if not url.lower().startswith("https://"):
        raise MessageError("url", "must begin with https://, Meta posts to nothing else.")
    checks.text("verify_token", verify_token)
    return {"override_callback_uri": url, "verify_token": verify_token}
