"""The bot's Flows in the local WhatsApp: a key, and what is in `flows/`, created and published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.flows import FlowJSON, FlowKeys, generate_keys
from rasa_whatsapp.simulator import Simulator

ENDPOINT = "/webhooks/whatsapp/flow"


def prepared(given: Any, folder: Path, whatsapp: Simulator) -> dict[str, Any] | None:
    """The bot's ``flows`` setting, where it has an endpoint with a key of this run alone; Serpro has none."""
    if not isinstance(given, dict):
        return None
    if whatsapp.provider == "serpro":
        return {"intents": given.get("intents") or {}}
    if not (given.get("handlers") or given.get("action")):
        return given
    key = folder / "flows.pem"
    key.touch(mode=0o600)
    key.write_text(generate_keys().private_key, encoding="ascii")
    return {**given, "private_key": str(key), "passphrase": ""}


async def published(bot: Path, settings: dict[str, Any] | None, whatsapp: Simulator, rasa_url: str) -> None:
    """Does by the API what a developer does once for each Flow, with `rasa-whatsapp keys` and `flows`.

    A Flow that asks an endpoint which the bot does not have stays a draft.

    Raises:
        MessageError: a Flow is not as WhatsApp wants it.
        SendError: the local WhatsApp refuses a Flow.
        OSError: a file cannot be read.
    """
    if whatsapp.provider == "serpro":
        return
    key = (settings or {}).get("private_key")
    account = whatsapp.account
    async with CloudClient(
        account.access_token, account.phone_number_id, waba_id=account.waba_id, base_url=whatsapp.url
    ) as client:
        if key:
            await client.encryption.set_public_key(FlowKeys(key).public_keys[0])
        for file in sorted((bot / "flows").glob("*.json")):
            asks = _sound(file).data_api_version is not None
            endpoint = f"{rasa_url}{ENDPOINT}/{file.stem}" if asks and key else ""
            flow = await client.flows.create(file.stem, json=file, endpoint_uri=endpoint)
            if endpoint or not asks:
                await client.flows.publish(flow.id)


def _sound(file: Path) -> FlowJSON:
    try:
        flow = FlowJSON.from_json(file)
    except ValueError as error:
        raise MessageError(str(file), str(error)) from None
    if problems := flow.problems():
        raise MessageError(str(file), "\n".join(map(str, problems)))
    return flow
