"""The command: its options, and what must be there before anything is started."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from rasa_whatsapp.cli.output import refuse
from rasa_whatsapp.cli.simulator import (
    BadDayOption,
    Provider,
    RestrictOption,
    SeedOption,
    StateOption,
    options_of,
)


def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            exists=True,
            file_okay=False,
            help="A bot made by `rasa-whatsapp init`; by default this folder, else the sample bot itself.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Play a scripted conversation, print it, and exit with 0 or 1.")
    ] = False,
    browser: Annotated[bool, typer.Option(help="Open the chat in the browser.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the chat is; 0 for a free port.")] = 0,
    provider: Annotated[
        Provider, typer.Option(help="Who carries the messages: Meta's Cloud API or Serpro's gateway.")
    ] = Provider.cloud,
    model: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, resolve_path=True, help="The bot's model; trains none."),
    ] = None,
    bad_day: BadDayOption = None,
    seed: SeedOption = 0,
    restrict: RestrictOption = None,
    state: StateOption = None,
) -> None:
    """Try the sample bot on a WhatsApp of your own: starts everything, until Ctrl-C."""
    from rasa_whatsapp.cli.demo.project import NotReady, find_bot, model_path, require_rasa

    options = options_of(restrict, port=port, provider=provider.value, state_file=state)
    try:
        version = require_rasa()
        bot = find_bot(folder)
    except NotReady as problem:
        refuse(str(problem))

    from rich.console import Console

    from rasa_whatsapp.cli.demo.show import Show

    show = Show(
        Console(highlight=False),
        bot=bot,
        model=model or model_path(bot, version),
        options=options,
        check=check,
        browser=browser and not check,
        bad_day=bad_day,
        seed=seed,
    )
    raise typer.Exit(asyncio.run(show.run()))
