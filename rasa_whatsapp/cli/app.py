"""The commands, and the options that stand before them."""

from __future__ import annotations

from typing import Annotated

import typer

from rasa_whatsapp import __version__
from rasa_whatsapp.cli.demo import demo
from rasa_whatsapp.cli.doctor import doctor
from rasa_whatsapp.cli.flows import flows
from rasa_whatsapp.cli.inbox import inbox
from rasa_whatsapp.cli.init import init
from rasa_whatsapp.cli.keys import keys
from rasa_whatsapp.cli.media import media
from rasa_whatsapp.cli.send import send
from rasa_whatsapp.cli.simulator import simulator
from rasa_whatsapp.cli.templates import templates
from rasa_whatsapp.cli.webhook import webhook

app = typer.Typer(
    help="WhatsApp for Rasa.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they may hold tokens
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (init, demo, simulator, doctor):
    app.command()(command)
for name, group in (
    ("webhook", webhook),
    ("send", send),
    ("media", media),
    ("templates", templates),
    ("flows", flows),
    ("keys", keys),
    ("inbox", inbox),
):
    app.add_typer(group, name=name)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rasa-whatsapp {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """WhatsApp for Rasa."""
