"""The command: which examinations it makes, and the exit code."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from rasa_whatsapp.cli.output import refuse


def doctor(
    domain_file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DOMAIN]", help="The bot's domain, a file or a folder; by default domain.yml or domain/."
        ),
    ] = None,
    credentials: Annotated[
        Path | None, typer.Option(help="By default credentials.yml, where there is one.")
    ] = None,
    domain: Annotated[
        bool,
        typer.Option("--domain", help="Instead of the checks: print what [DOMAIN] lacks, to paste into it."),
    ] = False,
) -> None:
    """Check credentials.yml, this machine, the store, and what Meta lets the token do."""
    from rasa_whatsapp.cli.doctor.domain import found_domain
    from rasa_whatsapp.settings import find_credentials

    credentials = find_credentials(credentials)
    domain_file = domain_file or found_domain()
    if domain:
        return _print_domain(credentials, domain_file)

    from rasa_whatsapp.cli.doctor.examination import examine
    from rasa_whatsapp.cli.doctor.table import show

    findings = asyncio.run(examine(credentials, domain_file))
    show(findings)
    raise typer.Exit(any(finding.bad for finding in findings))


def _print_domain(credentials: Path | None, domain_file: Path | None) -> None:
    from rasa_whatsapp.cli.doctor.domain import entries, missing
    from rasa_whatsapp.errors import SettingsError

    try:
        intents, entities = missing(credentials, domain_file)
    except SettingsError as error:
        refuse(*map(str, error.mistakes))
    typer.echo(entries(intents, entities, domain_file), nl=False)
