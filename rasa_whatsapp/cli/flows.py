"""`rasa-whatsapp flows`: the forms inside the chat."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rasa_whatsapp.cli.calling import finish

if TYPE_CHECKING:
    from rasa_whatsapp.flows import FlowJSON

flows = typer.Typer(help="Check Flows.", no_args_is_help=True)


@flows.callback()
def _group() -> None:
    """Check Flows."""


@flows.command()
def validate(
    source: Annotated[
        str, typer.Argument(help="A Flow JSON file, or module:object of a FlowJSON in Python.")
    ],
) -> None:
    """Tell what Meta would reject, without asking Meta; exits with 1 when there is something."""

    async def work() -> FlowJSON:
        return _flow(source)

    problems = finish(work).problems()
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        typer.echo(f"✗ {len(problems)} to mend in {source}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"✓ {source}: nothing to mend.", err=True)


def _flow(source: str) -> FlowJSON:
    """The Flow in a file, or in Python.

    Raises:
        MessageError: the file holds no JSON object.
        SettingsError: there is no such object.
        OSError: the file cannot be read.
    """
    from rasa_whatsapp.errors import MessageError
    from rasa_whatsapp.flows import FlowJSON
    from rasa_whatsapp.flows.importing import imported

    if not Path(source).exists() and re.fullmatch(r"[\w.]+:\w+", source):
        return imported(source, FlowJSON, "FLOW")
    try:
        return FlowJSON.from_json(Path(source))
    except ValueError as error:
        raise MessageError(source, str(error)) from None
