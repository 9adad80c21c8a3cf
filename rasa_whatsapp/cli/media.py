"""`rasa-whatsapp media`: the files that a number keeps at WhatsApp."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rasa_whatsapp.cli.calling import Credentials, Json, Number, Yes, call, cloud, confirm
from rasa_whatsapp.cli.output import print_json

media = typer.Typer(help="Upload, download and delete media files.", no_args_is_help=True)

MediaId = Annotated[str, typer.Argument(metavar="ID", help="The media id.")]


@media.command()
def upload(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file.")],
    mime_type: Annotated[
        str, typer.Option("--type", help="Its MIME type; by default told from the file's name.")
    ] = "",
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Upload a file and print its id, with which this number can send it for 30 days."""
    from rasa_whatsapp.cli.transfer import upload as transfer

    media_id = call(credentials, number, lambda client: transfer(client, file, mime_type))
    if as_json:
        print_json({"id": media_id})
    else:
        typer.echo(media_id)


@media.command()
def download(
    media_id: MediaId,
    to: Annotated[Path, typer.Option(file_okay=False, help="The folder; made when missing.")] = Path("."),
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Download a file and print its path; received files can be had for 7 days."""
    from rasa_whatsapp.cli.transfer import download as transfer

    file = call(credentials, number, lambda client: transfer(client, media_id, to))
    if as_json:
        told = {"mime_type": file.mime_type, "size": file.size, "sha256": file.sha256, "intact": file.intact}
        print_json({"path": str(file.path), **told})
        return
    typer.echo(file.path)
    if not file.intact:
        typer.echo("! Its checksum is not the one that WhatsApp announced.", err=True)


@media.command()
def delete(media_id: MediaId, yes: Yes = False, credentials: Credentials = None, number: Number = "") -> None:
    """Delete an uploaded file: messages that are to send it by its id fail from then on."""
    confirm(f"Delete media {media_id}?", yes)
    call(credentials, number, lambda client: cloud(client).delete_media(media_id))
    typer.echo(f"Media {media_id} is deleted.")
