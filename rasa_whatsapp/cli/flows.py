"""`rasa-whatsapp flows`: the forms inside the chat, checked here and kept at Meta."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rasa_whatsapp.cli.calling import Credentials, Json, Number, Yes, call, cloud, confirm, finish
from rasa_whatsapp.cli.output import print_json, print_table, refuse
from rasa_whatsapp.modules import is_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rasa_whatsapp.cloud.management import FlowInfo, FlowIssue
    from rasa_whatsapp.errors import WhatsAppError
    from rasa_whatsapp.flows import FlowJSON
    from rasa_whatsapp.providers import Client

flows = typer.Typer(help="Check Flows, and bring them to WhatsApp.", no_args_is_help=True)

FlowId = Annotated[str, typer.Argument(metavar="FLOW", help="The Flow's id or its name.")]
Source = Annotated[str, typer.Argument(help="A Flow JSON file, or module:object of a FlowJSON in Python.")]
Endpoint = Annotated[
    str,
    typer.Option("--endpoint", help="Where it asks for screens: https://your-host/webhooks/whatsapp/flow"),
]
Category = Annotated[list[str] | None, typer.Option("--category", help="SIGN_UP, SURVEY …; several times.")]


@flows.command()
def validate(source: Source) -> None:
    """Tell what Meta would reject, without asking Meta; exits with 1 when there is something."""

    async def work() -> FlowJSON:
        return _flow(source)

    problems = finish(work).problems()
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        refuse(f"{len(problems)} to mend in {source}.")
    typer.echo(f"✓ {source}: nothing to mend.", err=True)


@flows.command("list")
def list_(credentials: Credentials = None, number: Number = "", as_json: Json = False) -> None:
    """List the Flows of the account."""
    from msgspec import to_builtins

    async def work(client: Client) -> list[FlowInfo]:
        return [flow async for flow in cloud(client).flows.list()]

    found = call(credentials, number, work)
    if as_json:
        print_json(to_builtins(found))
        return
    rows = [
        [
            each.name,
            each.status,
            each.json_version,
            each.endpoint_uri,
            str(len(each.validation_errors)),
            each.id,
        ]
        for each in found
    ]
    print_table(["Name", "Status", "Version", "Endpoint", "To mend", "Id"], rows)


@flows.command()
def get(flow: FlowId, credentials: Credentials = None, number: Number = "", as_json: Json = False) -> None:
    """Show a Flow: its status, what is to be mended, its health, and a page that previews it."""
    from msgspec import to_builtins

    async def work(client: Client) -> FlowInfo:
        return await cloud(client).flows.get(await _id(client, flow))

    found = call(credentials, number, work)
    if as_json:
        print_json(to_builtins(found))
        return
    about = {
        "id": found.id,
        "name": found.name,
        "status": found.status,
        "categories": ", ".join(found.categories),
        "version": found.json_version,
        "endpoint": found.endpoint_uri,
        "can be sent": str(found.health_status.get("can_send_message", "")),
        "preview": found.preview.preview_url,
    }
    for name, value in about.items():
        if value:
            typer.echo(f"{name:12} {value}")
    _tell(found.validation_errors)


@flows.command()
def create(
    name: Annotated[str, typer.Argument(help="Not that of another Flow.")],
    source: Annotated[
        str, typer.Option("--json-from", help="A Flow JSON file, or module:object of a FlowJSON.")
    ] = "",
    endpoint: Endpoint = "",
    category: Category = None,
    publish: Annotated[bool, typer.Option("--publish", help="At once; nobody can change it then.")] = False,
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Make a draft, with its JSON where given; print its id."""
    from rasa_whatsapp.errors import WhatsAppError

    async def work(client: Client) -> tuple[FlowInfo, WhatsAppError | None]:
        there = cloud(client).flows
        made = await there.create(
            name,
            category or ["OTHER"],
            json=_content(source) if source else None,
            endpoint_uri=endpoint,
        )
        refused = None
        if publish and not made.validation_errors:
            try:
                await there.publish(made.id)
            except WhatsAppError as error:  # the draft is there all the same
                refused = error
        return made, refused

    made, refused = call(credentials, number, work)
    if as_json:
        print_json({"id": made.id, "validation_errors": [str(issue) for issue in made.validation_errors]})
    else:
        typer.echo(made.id)
    _tell(made.validation_errors)
    if refused is not None:
        typer.echo(f"✗ {refused}", err=True)
        typer.echo(
            f"It is kept as a draft. Once that is mended: rasa-whatsapp flows publish {shlex.quote(name)}",
            err=True,
        )
    if made.validation_errors or refused is not None:
        raise typer.Exit(1)


@flows.command()
def update(
    flow: FlowId,
    name: Annotated[str, typer.Option(help="Its new name.")] = "",
    endpoint: Endpoint = "",
    category: Category = None,
    application_id: Annotated[str, typer.Option("--app", help="The Meta app that signs its requests.")] = "",
    credentials: Credentials = None,
    number: Number = "",
) -> None:
    """Change a Flow's name, categories, endpoint or app."""

    async def work(client: Client) -> None:
        id = await _id(client, flow)
        await cloud(client).flows.update(
            id, name=name, categories=category or (), endpoint_uri=endpoint, application_id=application_id
        )

    call(credentials, number, work)
    typer.echo(f"{flow} is changed.")


@flows.command()
def push(
    flow: FlowId,
    source: Source,
    watch: Annotated[bool, typer.Option("--watch", help="Push again whenever the file is saved.")] = False,
    credentials: Credentials = None,
    number: Number = "",
) -> None:
    """Replace a draft's JSON; what Meta has against it is told with its line, and exits with 1."""
    from rasa_whatsapp.cli.saves import saves

    async def once(client: Client, id: str) -> Sequence[FlowIssue]:
        issues = await cloud(client).flows.push(id, _content(source))
        _tell(issues, source)
        if not issues:
            typer.echo(f"✓ {source} is in {flow}.", err=True)
        return issues

    async def work(client: Client) -> Sequence[FlowIssue]:
        from rasa_whatsapp.errors import WhatsAppError

        _content(source)  # what is no JSON never gets to Meta
        id = await _id(client, flow)
        saved = saves(_file(source))
        issues = await once(client, id)
        if watch:
            async for _ in saved:
                try:
                    issues = await once(client, id)
                except (WhatsAppError, OSError) as problem:  # half a file; the next save mends it
                    typer.echo(f"✗ {problem}", err=True)
        return issues

    if call(credentials, number, work):
        raise typer.Exit(1)


@flows.command()
def publish(flow: FlowId, yes: Yes = False, credentials: Credentials = None, number: Number = "") -> None:
    """Let people open a Flow; afterwards nobody can change it."""
    confirm(f"Publish {flow}? Its JSON can never be changed again.", yes)
    _act(credentials, number, flow, "publish")
    typer.echo(f"{flow} is published.")


@flows.command()
def deprecate(flow: FlowId, yes: Yes = False, credentials: Credentials = None, number: Number = "") -> None:
    """Take a published Flow out of use, for ever."""
    confirm(f"Deprecate {flow}? It cannot be used again.", yes)
    _act(credentials, number, flow, "deprecate")
    typer.echo(f"{flow} is deprecated.")


@flows.command()
def delete(flow: FlowId, yes: Yes = False, credentials: Credentials = None, number: Number = "") -> None:
    """Delete a draft."""
    confirm(f"Delete {flow}?", yes)
    _act(credentials, number, flow, "delete")
    typer.echo(f"{flow} is deleted.")


@flows.command()
def assets(flow: FlowId, credentials: Credentials = None, number: Number = "", as_json: Json = False) -> None:
    """List a Flow's files, with addresses that hold for a while."""
    from msgspec import to_builtins

    async def work(client: Client) -> list[dict[str, str]]:
        id = await _id(client, flow)
        return [to_builtins(asset) async for asset in cloud(client).flows.assets(id)]

    found = call(credentials, number, work)
    if as_json:
        print_json(found)
    else:
        rows = [[each["name"], each["asset_type"], each["download_url"]] for each in found]
        print_table(["Name", "Type", "Address"], rows)


@flows.command()
def migrate(
    source_waba_id: Annotated[str, typer.Argument(help="The account that they are copied from.")],
    names: Annotated[list[str], typer.Argument(help="Their names.")],
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Copy Flows of another account of the same business, as drafts of this one."""
    from msgspec import to_builtins

    done = call(credentials, number, lambda client: cloud(client).flows.migrate(source_waba_id, names))
    if as_json:
        print_json(to_builtins(done))
    else:
        for each in done.migrated:
            typer.echo(f"✓ {each.get('source_name')} is {each.get('migrated_id')}")
        for each in done.failed:
            typer.echo(f"✗ {each.get('source_name')}: {each.get('error_message')}", err=True)
    if done.failed:
        raise typer.Exit(1)


@flows.command()
def metrics(
    flow: FlowId,
    name: Annotated[str, typer.Argument(help="ENDPOINT_REQUEST_COUNT, ENDPOINT_AVAILABILITY …")],
    granularity: Annotated[str, typer.Option(help="DAY, HOUR or LIFETIME.")] = "DAY",
    since: Annotated[str, typer.Option(help="A day, as 2026-01-31.")] = "",
    until: Annotated[str, typer.Option(help="A day, as 2026-01-31.")] = "",
    credentials: Credentials = None,
    number: Number = "",
) -> None:
    """Print as JSON how a Flow's endpoint does."""

    async def work(client: Client) -> object:
        id = await _id(client, flow)
        return await cloud(client).flows.metrics(id, name, granularity=granularity, since=since, until=until)

    print_json(call(credentials, number, work))


def _act(credentials: Path | None, number: str, flow: str, action: str) -> None:
    async def work(client: Client) -> None:
        await getattr(cloud(client).flows, action)(await _id(client, flow))

    call(credentials, number, work)


async def _id(client: Client, flow: str) -> str:
    """The id of a Flow that is named or given by its id."""
    from rasa_whatsapp.errors import MessageError

    if flow.isdecimal():
        return flow
    async for each in cloud(client).flows.list():
        if each.name == flow:
            return each.id
    raise MessageError("FLOW", f"{flow} is the name of no Flow of this account: rasa-whatsapp flows list")


def _tell(issues: Sequence[FlowIssue], source: str = "") -> None:
    for issue in issues:
        typer.echo(f"{source}: {issue}" if source else str(issue), err=True)


def _content(source: str) -> Path | FlowJSON:
    """A file as it is, so that Meta's line numbers are its own; else the object in Python.

    Raises:
        MessageError: the file holds no JSON object.
        SettingsError: there is no such object.
        OSError: the file cannot be read.
    """
    file = Path(source)
    if file.exists() or not is_reference(source):
        _flow(source)
        return file
    sys.modules.pop(source.partition(":")[0], None)  # it may have been saved since
    return _flow(source)


def _file(source: str) -> Path:
    """The file to watch: the JSON, or the module's."""
    import importlib.util

    if Path(source).exists() or not is_reference(source):
        return Path(source)
    spec = importlib.util.find_spec(source.partition(":")[0])
    return Path(spec.origin) if spec is not None and spec.origin else Path(source)


def _flow(source: str) -> FlowJSON:
    """The Flow in a file, or in Python.

    Raises:
        MessageError: the file holds no JSON object.
        SettingsError: there is no such object.
        OSError: the file cannot be read.
    """
    from rasa_whatsapp.errors import MessageError
    from rasa_whatsapp.flows import FlowJSON
    from rasa_whatsapp.modules import named

    if not Path(source).exists() and is_reference(source):
        return named(source, "FLOW", FlowJSON)
    try:
        return FlowJSON.from_json(Path(source))
    except ValueError as error:
        raise MessageError(source, str(error)) from None
