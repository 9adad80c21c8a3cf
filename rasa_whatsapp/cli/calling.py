"""What the commands that call WhatsApp share: whose number, which options, and how they end.

Exit codes: 0 done; 1 refused, not reachable or wrong settings, with the reason on stderr; 2 wrong usage.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from rasa_whatsapp import providers
from rasa_whatsapp.cli.output import refuse

if TYPE_CHECKING:
    from rasa_whatsapp.cloud import CloudClient
    from rasa_whatsapp.providers import Client
    from rasa_whatsapp.settings import FlowSettings, NumberSettings

T = TypeVar("T")

Credentials = Annotated[
    Path | None, typer.Option("--credentials", help="By default credentials.yml, where there is one.")
]
Number = Annotated[
    str, typer.Option("--number", help="The phone_number_id, where the settings have several numbers.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


class Chosen(NamedTuple):
    """The number that a command is about, and what holds for all numbers."""

    settings: NumberSettings
    ca_bundle: str
    flows: FlowSettings | None


def choose(credentials: Path | None, number: str, *, receives: bool = False) -> Chosen:
    """The number of these settings; `number` is needed where there are several.

    Args:
        receives: the command is about webhooks, so that the settings must have what proves them.

    Raises:
        SettingsError: the settings are wrong, or do not name the number.
    """
    from rasa_whatsapp.errors import SettingsError
    from rasa_whatsapp.settings import find_credentials, load, read_credentials

    settings = load(read_credentials(find_credentials(credentials)), receives=receives)
    found = [each for each in settings.numbers if number in ("", each.phone_number_id)]
    if len(found) != 1:
        known = ", ".join(each.phone_number_id for each in settings.numbers)
        problem = "is none of the settings' numbers." if number else "is needed: there are several numbers."
        raise SettingsError("--number", problem, f"Choose one: {known}.")
    return Chosen(found[0], settings.ca_bundle, settings.flows)


def finish(work: Callable[[], Awaitable[T]]) -> T:
    """Do the work of a command; what goes wrong is told on stderr and ends the command with 1."""
    import structlog

    from rasa_whatsapp.errors import SettingsError, WhatsAppError

    # Stdout is for the result alone.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

    async def run() -> T:
        return await work()

    try:
        return asyncio.run(run())
    except SettingsError as error:
        refuse(*map(str, error.mistakes))
    except WhatsAppError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{error.filename or 'The file'}: {error.strerror or error}.")


def call(credentials: Path | None, number: str, work: Callable[[Client], Awaitable[T]]) -> T:
    """Do the work of a command with a client of the chosen number, whoever carries its messages."""

    async def connected() -> T:
        async with client_of(choose(credentials, number)) as client:
            return await work(client)

    return finish(connected)


def client_of(chosen: Chosen) -> Client:
    """A client of the number, for its provider."""
    return providers.client_of(chosen.settings, chosen.ca_bundle)


def cloud(client: Client) -> CloudClient:
    """The client, if it is the Cloud API's.

    Raises:
        SettingsError: the number is carried by Serpro.
    """
    from rasa_whatsapp.cloud import CloudClient
    from rasa_whatsapp.errors import SettingsError

    if isinstance(client, CloudClient):
        return client
    problem = "is serpro, and this command is for numbers of Meta's Cloud API."
    raise SettingsError("provider", problem, "In Python, SerproClient has what Serpro offers.")


def confirm(question: str, yes: bool) -> None:
    """Ask before something is lost; no answer means no."""
    if not yes:
        typer.confirm(question, abort=True, err=True)
