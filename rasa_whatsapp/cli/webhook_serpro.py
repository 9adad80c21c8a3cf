"""`rasa-whatsapp webhook` for a number that Serpro carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from rasa_whatsapp.cli.calling import Chosen, client_of
from rasa_whatsapp.cli.output import print_table

if TYPE_CHECKING:
    from rasa_whatsapp.serpro import SerproClient
    from rasa_whatsapp.serpro.registration import RegisteredWebhook


async def register(chosen: Chosen, url: str) -> dict[str, Any]:
    """Has Serpro post to the address, with the settings' token and path token."""
    from rasa_whatsapp.serpro import registration

    number = chosen.settings
    if number.webhook_username:
        typer.echo("! Serpro is told webhook_username and webhook_password in its own panel.", err=True)
    async with _client(chosen) as client:
        found = await registration.register(client, url, number.webhook_token, number.webhook_path_token)
    return _told(found)


async def show(chosen: Chosen) -> dict[str, Any]:
    """What Serpro knows."""
    from rasa_whatsapp.serpro import registration

    async with _client(chosen) as client:
        return _told(await registration.show(client, chosen.settings.webhook_path_token))


async def delete(chosen: Chosen) -> dict[str, Any]:
    """Removes all addresses of the number; what is left is told."""
    from rasa_whatsapp.serpro import registration

    async with _client(chosen) as client:
        return _told(await registration.delete(client, chosen.settings.webhook_path_token))


def print_hooks(known: dict[str, Any]) -> None:
    """The addresses as a table."""
    rows = [
        [hook["url"], "bearer" if hook["has_token"] else "none", hook["id"] or "not told"]
        for hook in known["webhooks"]
    ]
    print_table(["Address", "Token", "Id"], rows)


def _client(chosen: Chosen) -> SerproClient:
    return client_of(chosen)  # type: ignore[return-value]


def _told(hooks: list[RegisteredWebhook]) -> dict[str, Any]:
    return {"webhooks": [hook._asdict() for hook in hooks]}
