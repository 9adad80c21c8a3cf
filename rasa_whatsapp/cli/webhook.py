"""`rasa-whatsapp webhook`: where WhatsApp posts the messages of the number, or of the whole account."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasa_whatsapp.cli import webhook_serpro
from rasa_whatsapp.cli.calling import (
    Credentials,
    Json,
    Number,
    Yes,
    choose,
    client_of,
    cloud,
    confirm,
    finish,
)
from rasa_whatsapp.cli.output import print_json, print_table

if TYPE_CHECKING:
    from rasa_whatsapp.cloud.management import Webhooks

webhook = typer.Typer(help="Register, show and delete the webhook's address.", no_args_is_help=True)


class Scope(str, Enum):
    """Whose messages go to an address."""

    number = "number"
    account = "account"


For = Annotated[Scope, typer.Option("--for", help="For this number alone, or for all of the account's.")]


@webhook.command()
def register(
    url: Annotated[
        str, typer.Option(help="https://<your host>/webhooks/whatsapp/webhook; Rasa must answer there now.")
    ],
    scope: For = Scope.number,
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Let WhatsApp post to this address, with the settings' verify_token or webhook_token; repeatable."""

    async def work() -> dict[str, Any]:
        chosen = choose(credentials, number, receives=True)
        if chosen.settings.provider == "serpro":
            return await webhook_serpro.register(chosen, url)
        verify_token = chosen.settings.verify_token
        async with client_of(chosen) as any_client:
            client = cloud(any_client)
            if scope is Scope.account:
                await client.webhooks.override_account(url, verify_token)
            else:
                await client.webhooks.override_number(url, verify_token)
                if client.waba_id and not [app async for app in client.webhooks.apps()]:
                    await client.webhooks.subscribe()
            return await _addresses(client.webhooks, client.waba_id)

    _show(finish(work), as_json)


@webhook.command()
def show(credentials: Credentials = None, number: Number = "", as_json: Json = False) -> None:
    """Show where the number's messages go, and which apps get them."""

    async def work() -> dict[str, Any]:
        chosen = choose(credentials, number)
        if chosen.settings.provider == "serpro":
            return await webhook_serpro.show(chosen)
        async with client_of(chosen) as client:
            return await _addresses(cloud(client).webhooks, client.waba_id)

    _show(finish(work), as_json)


@webhook.command()
def delete(
    scope: For = Scope.number,
    yes: Yes = False,
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Take an address away again: messages go to the next level's, at last to the app's own.

    At Serpro every address of the number goes, those of other systems too.
    """
    confirm(f"Delete the {scope.value}'s webhook address (at Serpro: every one, other systems' too)?", yes)

    async def work() -> dict[str, Any]:
        chosen = choose(credentials, number)
        if chosen.settings.provider == "serpro":
            return await webhook_serpro.delete(chosen)
        async with client_of(chosen) as client:
            webhooks = cloud(client).webhooks
            if scope is Scope.number:
                await webhooks.clear_number()
            elif (await webhooks.addresses()).account:
                await webhooks.subscribe()  # without an address, which takes the override away
            return await _addresses(webhooks, client.waba_id)

    _show(finish(work), as_json)


async def _addresses(webhooks: Webhooks, waba_id: str) -> dict[str, Any]:
    known = await webhooks.addresses()
    levels = {"number": known.number, "account": known.account, "app": known.app, "in_use": known.in_use}
    if not waba_id:
        return levels
    return levels | {"apps": [{"id": app.id, "name": app.name} async for app in webhooks.apps()]}


def _show(known: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(known)
        return
    if "webhooks" in known:
        webhook_serpro.print_hooks(known)
        return
    rows = [
        ["→" if known[level] and known[level] == known["in_use"] else "", level, known[level] or "none"]
        for level in ("number", "account", "app")
    ]
    print_table(["", "Level", "Address"], rows)
    if known.get("apps") == []:
        typer.echo("! No app gets the account's messages: register the address again.", err=True)
