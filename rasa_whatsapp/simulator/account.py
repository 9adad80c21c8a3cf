"""The business side of the local WhatsApp: one app, one account, one number, and their fixed credentials."""

from __future__ import annotations

from dataclasses import dataclass

PHONE_NUMBER_ID = "100200300400500"
WABA_ID = "200300400500600"
APP_ID = "300400500600700"
ACCESS_TOKEN = "simulator-access-token"
APP_SECRET = "simulator-app-secret"
VERIFY_TOKEN = "simulator-verify-token"
CLIENT_SECRET = "simulator-client-secret"
WEBHOOK_TOKEN = "simulator-webhook-token"
DISPLAY_PHONE_NUMBER = "15550100000"


@dataclass(frozen=True, kw_only=True)
class Account:
    """What credentials.yml must say to talk to this simulator. All of it is public and opens nothing else.

    Attributes:
        phone_number_id: the number's id; with Serpro the client_id.
        waba_id: the account's id.
        app_id: the id of the app that the token belongs to.
        access_token: what the Cloud API asks for.
        app_secret: signs Meta's webhooks.
        verify_token: is told in the handshake.
        client_secret: what Serpro gives tokens for.
        webhook_token: stands in Serpro's webhooks.
        display_phone_number: the number's digits.
        verified_name: what people see.
    """

    phone_number_id: str = PHONE_NUMBER_ID
    waba_id: str = WABA_ID
    app_id: str = APP_ID
    access_token: str = ACCESS_TOKEN
    app_secret: str = APP_SECRET
    verify_token: str = VERIFY_TOKEN
    client_secret: str = CLIENT_SECRET
    webhook_token: str = WEBHOOK_TOKEN
    display_phone_number: str = DISPLAY_PHONE_NUMBER
    verified_name: str = "Local WhatsApp"

    def credentials(self, provider: str, url: str) -> dict[str, str]:
        """What credentials.yml must say, for a bot to talk to the simulator at this URL."""
        if provider == "serpro":
            return {
                "provider": "serpro",
                "client_id": self.phone_number_id,
                "client_secret": self.client_secret,
                "waba_id": self.waba_id,
                "webhook_token": self.webhook_token,
                "base_url": url,
            }
        return {
            "phone_number_id": self.phone_number_id,
            "waba_id": self.waba_id,
            "access_token": self.access_token,
            "app_secret": self.app_secret,
            "verify_token": self.verify_token,
            "base_url": url,
        }
