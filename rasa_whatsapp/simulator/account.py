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


@dataclass(frozen=True)
class Account:
    """What credentials.yml must say to talk to this simulator. All of it is public and opens nothing else."""

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
