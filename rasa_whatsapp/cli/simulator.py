"""`rasa-whatsapp simulator`: the local WhatsApp alone, for a bot of your own."""

from __future__ import annotations

import asyncio
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasa_whatsapp.cli.output import refuse

if TYPE_CHECKING:
    from rasa_whatsapp.simulator import BadDay, Options, Restrictions, Simulator


class Provider(str, Enum):
    """Who carries the messages."""

    cloud = "cloud"
    serpro = "serpro"


def _bad_day(text: str) -> BadDay:
    from rasa_whatsapp.simulator import BadDay

    try:
        return BadDay.parse(text)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _restrictions(text: str) -> Restrictions:
    from rasa_whatsapp.simulator import Restrictions

    try:
        return Restrictions.parse(text)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None


BadDayOption = Annotated[
    Any,
    typer.Option(
        "--bad-day",
        parser=_bad_day,
        metavar="TROUBLE=CHANCE,…",
        help="What goes wrong, and how likely: duplicates=0.3,slow=0.1. The testing guide has their names.",
    ),
]
RestrictOption = Annotated[
    Any,
    typer.Option(
        "--restrict",
        parser=_restrictions,
        metavar="NAME=VALUE,…",
        help="What Meta restricts: pair_burst=45,standing=spam. The testing guide has their names.",
    ),
]
StateOption = Annotated[
    Path | None,
    typer.Option("--state", dir_okay=False, help="A file that keeps the conversations until the next start."),
]
SeedOption = Annotated[int, typer.Option(help="The same seed gives the same bad day.")]


def _webhook_url(url: str) -> str:
    from rasa_whatsapp.simulator.options import check_webhook_url

    try:
        check_webhook_url(url)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None
    return url


def simulator(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the chat page and the API are; 0 for a free port.")
    ] = 8765,
    webhook_url: Annotated[
        str, typer.Option(callback=_webhook_url, help="Where the bot listens.")
    ] = "http://127.0.0.1:5005/webhooks/whatsapp/webhook",
    provider: Annotated[
        Provider, typer.Option(help="Whose API the bot calls: Meta's Cloud API or Serpro's gateway.")
    ] = Provider.cloud,
    bad_day: BadDayOption = None,
    seed: SeedOption = 0,
    restrict: RestrictOption = None,
    state: StateOption = None,
) -> None:
    """Run WhatsApp on your own machine: a chat page for you, an API for your bot."""
    from rasa_whatsapp.simulator import Simulator
    from rasa_whatsapp.simulator.state.file import StateFileError

    options = options_of(
        restrict, port=port, webhook_url=webhook_url, provider=provider.value, state_file=state
    )
    try:
        whatsapp = Simulator.of(options)
    except StateFileError as problem:
        raise typer.BadParameter(str(problem), param_hint="--state") from None
    whatsapp.bad_day(bad_day, seed=seed)
    try:
        asyncio.run(_stay(whatsapp))
    except OSError as error:
        refuse(f"Port {port} cannot be opened ({error.strerror}). Choose another with --port.")


def options_of(restrictions: Restrictions | None, **others: Any) -> Options:
    """What the local WhatsApp is started with; restrictions that the provider has not end the command."""
    from rasa_whatsapp.simulator import Options

    try:
        return Options(**others, **(restrictions.named if restrictions else {}))
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--restrict") from None


async def _stay(whatsapp: Simulator) -> None:
    from rasa_whatsapp.cli.signals import stop_requested

    asked = stop_requested()
    async with whatsapp:
        typer.echo(
            f"WhatsApp on your own machine: {whatsapp.url}\n"
            f"It posts to {whatsapp.webhook_url}\n\n"
            f"For credentials.yml:\n\n{_credentials(whatsapp)}\n\nCtrl-C ends it."
        )
        await asked.wait()


def _credentials(whatsapp: Simulator) -> str:
    lines = [
        f'  {key}: "{value}"' if value.isdecimal() else f"  {key}: {value}"
        for key, value in whatsapp.credentials.items()
    ]
    return "\n".join(["rasa_whatsapp.WhatsAppInput:", *lines])
