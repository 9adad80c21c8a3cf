"""`rasa-whatsapp templates`: the message templates of the account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasa_whatsapp.cli.calling import Credentials, Json, Number, Yes, call, cloud, confirm
from rasa_whatsapp.cli.output import print_json, print_table

if TYPE_CHECKING:
    from rasa_whatsapp.cloud.management import TemplateInfo
    from rasa_whatsapp.providers import Client

templates = typer.Typer(help="List, create and delete message templates.", no_args_is_help=True)


@templates.command("list")
def list_(
    name: Annotated[str, typer.Option(help="Only those whose name contains this.")] = "",
    status: Annotated[str, typer.Option(help="Only APPROVED, PENDING, REJECTED …")] = "",
    language: Annotated[str, typer.Option(help="Only in this language, such as pt_BR.")] = "",
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """List the templates with their status."""
    from msgspec import to_builtins

    found = call(credentials, number, lambda client: _found(client, name, status.upper(), language))
    if as_json:
        print_json(to_builtins(found))
        return
    rows = [[each.name, each.language, each.category, each.status, each.id] for each in found]
    print_table(["Name", "Language", "Category", "Status", "Id"], rows)


@templates.command()
def create(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="Meta's JSON of the template, or the same as YAML."),
    ],
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Hand a template in for review."""
    made = call(credentials, number, lambda client: _made(client, file))
    if as_json:
        print_json({"id": made.id, "status": made.status, "category": made.category})
    else:
        typer.echo(f"{made.name} ({made.language}) is {made.status}, id {made.id}.")


@templates.command()
def delete(
    name: Annotated[str, typer.Argument(help="The template's name.")],
    template_id: Annotated[
        str, typer.Option("--id", help="Delete this one language of it; without, all of them.")
    ] = "",
    yes: Yes = False,
    credentials: Credentials = None,
    number: Number = "",
) -> None:
    """Delete a template; the name of an approved one cannot be used again for 30 days."""
    what = f"template {name}, id {template_id}" if template_id else f"template {name} in all its languages"
    confirm(f"Delete {what}?", yes)
    call(credentials, number, lambda client: _delete(client, name, template_id))
    typer.echo(f"Deleted {what}.")


async def _found(client: Client, name: str, status: str, language: str) -> list[TemplateInfo]:
    from rasa_whatsapp.cloud import CloudClient
    from rasa_whatsapp.cloud.management import TemplateInfo
    from rasa_whatsapp.cloud.management.node import read

    if isinstance(client, CloudClient):
        found = client.templates.list(name=name, status=status, language=language)
        return [template async for template in found]
    known = [read(TemplateInfo, template) for template in await client.templates()]
    return [
        each
        for each in known
        if name in each.name and status in ("", each.status) and language in ("", each.language)
    ]


async def _made(client: Client, file: Path) -> TemplateInfo:
    from rasa_whatsapp.cloud import CloudClient
    from rasa_whatsapp.cloud.management import TemplateInfo
    from rasa_whatsapp.cloud.management.node import read
    from rasa_whatsapp.cloud.management.template_rules import check_definition

    definition = _definition(file)
    if isinstance(client, CloudClient):
        return await client.templates.create(definition)
    check_definition(definition)
    answer = await client.create_template(definition)
    return read(TemplateInfo, {**definition, "components": None, **answer})


async def _delete(client: Client, name: str, template_id: str) -> None:
    from rasa_whatsapp.cloud import CloudClient

    if template_id or isinstance(client, CloudClient):
        await cloud(client).templates.delete(name, template_id=template_id)
    else:
        await client.delete_template(name)


def _definition(file: Path) -> dict[str, Any]:
    from rasa_whatsapp.errors import MessageError
    from rasa_whatsapp.settings.sources import parse

    try:
        definition = parse(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise MessageError(str(file), f"{error}.") from None
    if not isinstance(definition, dict):
        raise MessageError(str(file), "must hold one template: name, language, category, components.")
    return definition
