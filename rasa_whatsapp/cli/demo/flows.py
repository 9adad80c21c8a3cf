"""The bot's Flows in the local WhatsApp: a key, and what is in `flows/`, created and published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.flows import generate_keys
from rasa_whatsapp.simulator import Simulator

ENDPOINT = "/webhooks/whatsapp/flow"


def prepared(given: Any, folder: Path, whatsapp: Simulator) -> dict[str, Any] | None:
    """The bot's ``flows`` setting with a key of this run alone; for Serpro without an endpoint."""
    if not isinstance(given, dict):
        return None
    if whatsapp.provider == "serpro":
        return {"intents": given.get("intents") or {}}
    key = folder / "flows.pem"
    key.touch(mode=0o600)
    key.write_text(generate_keys().private_key, encoding="ascii")
    return {**given, "private_key": str(key), "passphrase": ""}


async def published(bot: Path, settings: dict[str, Any] | None, whatsapp: Simulator, rasa_url: str) -> None:
    """Does by the API what a developer does once for each Flow, with `rasa-whatsapp keys` and `flows`.

    Raises:
        SendError: the local WhatsApp refuses a Flow.
        OSError: a file cannot be read.
    """
    if not settings or "private_key" not in settings:
        return
    from rasa_whatsapp.flows import FlowKeys

    account = whatsapp.account
    async with CloudClient(
        account.access_token, account.phone_number_id, waba_id=account.waba_id, base_url=whatsapp.url
    ) as client:
        await client.encryption.set_public_key(FlowKeys(settings["private_key"]).public_keys[0])
        for file in sorted((bot / "flows").glob("*.json")):
            asks = "data_api_version" in json.loads(file.read_text(encoding="utf-8"))
            endpoint = f"{rasa_url}{ENDPOINT}/{file.stem}" if asks else ""
            flow = await client.flows.create(file.stem, json=file, endpoint_uri=endpoint)
            await client.flows.publish(flow.id)
