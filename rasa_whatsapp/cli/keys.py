"""`rasa-whatsapp keys`: the key pair of Flows that have an endpoint."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasa_whatsapp.cli.calling import Credentials, Number, choose, client_of, cloud, finish
from rasa_whatsapp.cli.output import refuse

if TYPE_CHECKING:
    from rasa_whatsapp.cloud.management import PublicKey
    from rasa_whatsapp.settings import FlowSettings

PASSPHRASE = "WHATSAPP_FLOWS_PASSPHRASE"

keys = typer.Typer(help="Make the key of Flows, and give WhatsApp its public half.", no_args_is_help=True)


@keys.command()
def generate(
    file: Annotated[Path, typer.Argument(help="Where the private key goes; it must not exist.")] = Path(
        "flows.pem"
    ),
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help=f"Encrypt the file; asked for, or taken from {PASSPHRASE}.")
    ] = False,
    credentials: Credentials = None,
) -> None:
    """Make a new private key of 2048 bits, in a file that only you can read."""
    words = ""
    if passphrase:
        words = os.environ.get(PASSPHRASE, "") or typer.prompt(
            "Passphrase", hide_input=True, confirmation_prompt=True, err=True
        )

    async def work() -> dict[str, Any]:
        section = _section(credentials)
        _make(file, words)
        return section

    section = finish(work)
    typer.echo(f"{file} is the private key: keep it out of your repository.", err=True)
    _tell_next(section, str(credentials or "credentials.yml"), file, bool(words))


@keys.command()
def upload(credentials: Credentials = None, number: Number = "") -> None:
    """Give WhatsApp the public half of the first key under flows: private_key."""

    async def work() -> None:
        chosen = choose(credentials, number)
        async with client_of(chosen) as client:
            await cloud(client).encryption.set_public_key(_public_keys(chosen.flows)[0])

    finish(work)
    typer.echo("WhatsApp has the public key.")


@keys.command()
def status(credentials: Credentials = None, number: Number = "") -> None:
    """Tell whether WhatsApp has the public half of your key; exits with 1 when it has not."""

    async def work() -> tuple[PublicKey, tuple[str, ...]]:
        chosen = choose(credentials, number)
        async with client_of(chosen) as client:
            return await cloud(client).encryption.public_key(), _public_keys(chosen.flows)

    known, ours = finish(work)
    problem = problem_of(known, ours)
    if problem:
        refuse(f"{problem} Give it the key again: rasa-whatsapp keys upload")
    which = " (not the newest)" if known.pem.split() != ours[0].split() else ""
    typer.echo(f"✓ WhatsApp has the public half of your private key{which}.")


def problem_of(known: PublicKey, ours: tuple[str, ...]) -> str:
    """Why what Meta encrypts for its public key cannot be read with ours; empty when it can."""
    if not known.pem:
        return "WhatsApp has no public key of this number."
    if known.pem.split() not in [each.split() for each in ours]:
        return "WhatsApp has the public half of another key."
    if known.status == "MISMATCH":
        return "WhatsApp has your key, but the number was registered again since."
    return ""


def _make(file: Path, passphrase: str) -> None:
    """Writes a new private key; nobody else can read the file at any time."""
    from rasa_whatsapp.flows.crypto import generate_keys

    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as private:
        private.write(generate_keys(passphrase).private_key)


def _section(credentials: Path | None) -> dict[str, Any]:
    """The settings as they are written; none where nobody said that there are any."""
    from rasa_whatsapp.errors import SettingsError
    from rasa_whatsapp.settings import find_credentials, read_credentials

    try:
        return read_credentials(find_credentials(credentials), {})
    except SettingsError:
        if credentials is not None:
            raise
        return {}


def _tell_next(section: Mapping[str, Any], where: str, file: Path, encrypted: bool) -> None:
    """Prints the lines that the settings lack for this key, and says what is to be done with it."""
    flows = section.get("flows")
    flows = flows if isinstance(flows, Mapping) else {}
    keys = flows.get("private_key") or []
    keys = keys if isinstance(keys, list) else [keys]
    lines = []
    if not keys:
        lines.append(f"private_key: {file}")
    if encrypted and not flows.get("passphrase"):
        lines.append(f"passphrase: ${{{PASSPHRASE}}}")
    if not keys and not (flows.get("handlers") or flows.get("action")):
        lines.append("handlers: my_flows:handlers")
    if lines:
        begun = "flows" in section
        # As deep as they stand in the file, so that they can be pasted.
        typer.echo("\n".join([*([] if begun else ["  flows:"]), *(f"    {line}" for line in lines)]))
        below = "under flows:" if begun else "to the channel's section"
        typer.echo(f"Add these lines {below} in {where}.", err=True)
    if keys and not any(_is_path_of(file, str(key)) for key in keys):
        typer.echo(
            f"Put it first in {where}, under flows: private_key: [{file}, …]; what is there stays until "
            "WhatsApp has the new one.",
            err=True,
        )
    elif not lines:
        typer.echo(f"{where} names it already.", err=True)
    typer.echo("Next: rasa-whatsapp keys upload", err=True)


def _is_path_of(file: Path, key: str) -> bool:
    """Whether the settings' private key is this file, and not another one or the key itself."""
    from rasa_whatsapp.settings.sources import expand

    path = str(expand(key, os.environ))
    return "-----BEGIN" not in path and Path(path).expanduser().resolve() == file.resolve()


def _public_keys(flows: FlowSettings | None) -> tuple[str, ...]:
    from rasa_whatsapp.errors import SettingsError
    from rasa_whatsapp.flows.crypto import FlowKeys
    from rasa_whatsapp.settings.kinds import Wrong
    from rasa_whatsapp.settings.sources import check_set

    if flows is None or not flows.private_key:
        raise SettingsError("flows.private_key", "is missing.", "`rasa-whatsapp keys generate` makes one.")
    for name in "private_key", "passphrase":
        try:
            check_set(getattr(flows, name))
        except Wrong as wrong:
            raise SettingsError(f"flows.{name}", wrong.problem, wrong.remedy) from None
    return FlowKeys(flows.private_key, flows.passphrase).public_keys
