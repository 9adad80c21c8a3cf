"""What Meta's Graph API says of a number and its token."""

from __future__ import annotations

import time
from typing import Any

from rasa_whatsapp.cli.doctor.app import WEBHOOK, app
from rasa_whatsapp.cli.doctor.finding import Finding, bad, good, note, refused
from rasa_whatsapp.cli.keys import problem_of
from rasa_whatsapp.cloud.client import CloudClient
from rasa_whatsapp.cloud.gateway import client_of
from rasa_whatsapp.errors import InvalidMessage, SendError
from rasa_whatsapp.fields import items, mapping, text
from rasa_whatsapp.flows.crypto import FlowKeys
from rasa_whatsapp.settings import FlowSettings, NumberSettings, Settings

MESSAGING, MANAGEMENT = "whatsapp_business_messaging", "whatsapp_business_management"
TIMEOUT = 15.0

_REGISTER = (
    "Register it: WhatsApp Manager > Phone numbers, or `await client.numbers.register(pin)` of CloudClient."
)
_ANOTHER = "Copy the `phone_number_id` of a number that is in use from WhatsApp > API Setup."
CANNOT_SEND = {
    **dict.fromkeys(("DISCONNECTED", "OFFLINE", "PENDING", "UNVERIFIED"), _REGISTER),
    **dict.fromkeys(("DELETED", "MIGRATED"), _ANOTHER),
    "BANNED": "Read why in WhatsApp Manager > Account quality, and appeal there.",
}
"""What to do about a number with such a ``status``, for which Meta refuses what is sent.

The others limit what a bot may begin, as ``FLAGGED`` and ``RESTRICTED`` do, and let it answer.
Source: Meta, Cloud API, Business phone numbers; Quality rating and messaging limits.
"""


async def number(settings: NumberSettings, common: Settings) -> list[Finding]:
    """Reaches the Graph API as the channel would, and asks about number, token, account and app."""
    about = f"number {settings.phone_number_id}"
    async with client_of(settings, common.ca_bundle, timeout=TIMEOUT) as client:
        try:
            answer = await client.phone_number()
        except SendError as error:
            return [refused(about, settings.base_url, error)]
        token = await _debugged(client)
        app_id = text(token, "app_id")
        manages = MANAGEMENT in (token.get("scopes") or [])
        return [
            _known(about, answer),
            *_token(about, token),
            *await _key(settings.phone_number_id, client, common.flows),
            *await _subscription(settings.waba_id, client, app_id, manages=manages),
            *await app(settings, common.ca_bundle, app_id, TIMEOUT),
        ]


def _known(about: str, answer: dict[str, Any]) -> Finding:
    told = {"name": "verified_name", "quality": "quality_rating", "status": "status"}
    words = [f"{word} {answer[key]}" for word, key in told.items() if isinstance(answer.get(key), str)]
    found = ", ".join(["Graph knows it", *words])
    status = answer.get("status")
    if not isinstance(status, str) or status == "CONNECTED":
        return good(about, found)
    if status in CANNOT_SEND:
        return bad(about, f"it can send nothing: {found}", CANNOT_SEND[status])
    return note(about, found, "WhatsApp Manager > Phone numbers says what it may send, and since when.")


async def _key(phone_number_id: str, client: CloudClient, flows: FlowSettings | None) -> list[Finding]:
    """Whether Meta encrypts the exchanges of Flows for a private key of the settings."""
    if flows is None or not flows.private_key:
        return []
    about = f"Flows of number {phone_number_id}"
    try:
        known = await client.encryption.public_key()
    except SendError:
        return [note(about, "Meta does not tell whose key it has")]
    problem = problem_of(known, FlowKeys(flows.private_key, flows.passphrase).public_keys)
    if not problem:
        return [good(about, "Meta has the public half of the private key")]
    remedy = f"`rasa-whatsapp keys upload --number {phone_number_id}` gives it yours."
    # Not every number of a bot has Flows, and a key that was never given has no exchange yet.
    return [(bad if known.pem else note)(about, problem, remedy)]


async def _debugged(client: CloudClient) -> dict[str, Any]:
    """What Meta tells about the token; nothing where it does not."""
    try:
        return await client.debug_token()
    except SendError:
        return {}


def _token(about: str, token: dict[str, Any]) -> list[Finding]:
    about = f"token of {about}"
    if not token:
        return [note(about, "Meta does not tell what it may do")]
    if token.get("is_valid") is False:
        return [bad(about, "not valid", "Make a new one for a system user and put it into `access_token`.")]
    scopes = token.get("scopes") or []
    if MESSAGING not in scopes:
        return [bad(about, f"may not send: {MESSAGING} is missing", "Make a token with this permission.")]
    findings = [_expiry(about, token.get("expires_at"))]
    if MANAGEMENT not in scopes:
        remedy = "Only templates, Flows, `webhook --for account` and account events need it."
        findings.append(note(about, f"{MANAGEMENT} is missing", remedy))
    return findings


def _expiry(about: str, expires_at: object) -> Finding:
    if not isinstance(expires_at, int) or expires_at == 0:
        return good(about, "may send, does not expire")
    days = max(0, int(expires_at - time.time()) // 86400)
    remedy = "For production make a system user's token, which does not expire."
    return note(about, f"may send, expires in {days} day{'' if days == 1 else 's'}", remedy)


async def _subscription(waba_id: str, client: CloudClient, app_id: str, *, manages: bool) -> list[Finding]:
    """Whether the app gets the account's webhooks; Meta sends none before it subscribes.

    Args:
        app_id: the token's app; empty where Meta does not tell, then any app will do.
        manages: the token has the permission to ask. Without it Meta calls an account that exists unknown.
    """
    if not waba_id:
        return []
    about = f"account {waba_id}"
    try:
        apps = items(await client.request("GET", f"{waba_id}/subscribed_apps"), "data")
    except SendError as error:
        if manages and isinstance(error, InvalidMessage):
            remedy = "Copy `waba_id` from WhatsApp > API Setup, and give its system user this account."
            return [bad(about, f"Meta knows no such account for the token (error {error.code})", remedy)]
        return [note(about, "Meta does not tell who gets its webhooks", "Check `waba_id`.")]
    ids = [text(mapping(each, "whatsapp_business_api_data"), "id") for each in apps]
    if app_id in ids or (apps and not app_id):
        return [good(about, "the app gets its webhooks")]
    command = f"rasa-whatsapp webhook register --for account --url https://<your host>{WEBHOOK}"
    remedy = f"`{command}` subscribes yours."
    # An account for tests begins with an app of Meta's own.
    return [bad(about, "another app gets its webhooks" if apps else "no app gets its webhooks", remedy)]
