"""What Serpro's gateway says of a number and its credentials."""

from __future__ import annotations

from rasa_whatsapp.cli.doctor.finding import Finding, good, note, refused
from rasa_whatsapp.errors import SendError
from rasa_whatsapp.serpro.gateway import client_of
from rasa_whatsapp.settings import NumberSettings, Settings

TIMEOUT = 15.0


async def number(settings: NumberSettings, common: Settings) -> list[Finding]:
    """Gets a token as the channel would and asks which addresses get the number's webhooks."""
    about = f"number {settings.phone_number_id}"
    async with client_of(settings, common.ca_bundle, timeout=TIMEOUT) as client:
        try:
            webhooks = await client.webhooks()
        except SendError as error:
            return [refused(about, settings.base_url, error, serpro=True)]
    if not webhooks:
        remedy = "`rasa-whatsapp webhook register --url https://<your host>/webhooks/whatsapp/webhook`."
        return [good(about, "Serpro takes the credentials"), note("webhook", "none is registered", remedy)]
    return [good(about, f"Serpro takes the credentials and has {len(webhooks)} webhook address(es)")]
