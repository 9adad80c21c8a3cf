"""`rasa-whatsapp send`: one message by hand, past the bot and its queue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasa_whatsapp.cli.calling import Credentials, Json, Number, call
from rasa_whatsapp.cli.output import print_json

if TYPE_CHECKING:
    from rasa_whatsapp.errors import WindowClosed
    from rasa_whatsapp.messages import Document, Image, Message
    from rasa_whatsapp.providers import Client

send = typer.Typer(
    help="Send one message by hand. To people silent for 24 hours, WhatsApp lets only templates pass.",
    no_args_is_help=True,
)

To = Annotated[
    str, typer.Argument(metavar="TO", help="A phone number with country code, or a business-scoped user id.")
]
Source = Annotated[
    str, typer.Argument(metavar="FILE", help="A file, which is uploaded; or an http(s) URL, or a media id.")
]
Caption = Annotated[str, typer.Option(help="The text below.")]


@send.command()
def text(
    to: To,
    body: Annotated[str, typer.Argument(help="Up to 4096 characters.")],
    preview: Annotated[bool, typer.Option("--preview", help="Show a preview of the first link.")] = False,
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Send a text."""

    async def make(_: Client) -> Message:
        from rasa_whatsapp.messages import Text

        return Text(body, preview_url=preview)

    _send(to, make, credentials, number, as_json)


@send.command()
def template(
    to: To,
    name: Annotated[str, typer.Argument(help="The template's name; see `templates list`.")],
    language: Annotated[str, typer.Option(help="Its language.")] = "en_US",
    body: Annotated[
        list[str] | None, typer.Option(help="A value of the body; once for each variable, in order.")
    ] = None,
    header: Annotated[str, typer.Option(help="The value of the header's text.")] = "",
    image: Annotated[str, typer.Option(metavar="FILE", help="The header's image: file, URL or id.")] = "",
    document: Annotated[str, typer.Option(metavar="FILE", help="The header's document, likewise.")] = "",
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Send an approved template."""
    if sum(map(bool, (header, image, document))) > 1:
        raise typer.BadParameter("A template has one header: give one of --header, --image, --document.")

    async def make(client: Client) -> Message:
        from rasa_whatsapp.messages import Template

        filling: str | Image | Document | None = header or None
        if image:
            filling = await _image(client, image)
        elif document:
            filling = await _document(client, document)
        return Template(name, language, header=filling, body=body or ())

    _send(to, make, credentials, number, as_json)


@send.command()
def image(
    to: To,
    source: Source,
    caption: Caption = "",
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Send a JPEG or PNG image of up to 5 MB."""
    _send(to, lambda client: _image(client, source, caption), credentials, number, as_json)


@send.command()
def document(
    to: To,
    source: Source,
    caption: Caption = "",
    filename: Annotated[str, typer.Option(help="The name it is shown under; by default its own.")] = "",
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Send a file of up to 100 MB."""
    _send(to, lambda client: _document(client, source, caption, filename), credentials, number, as_json)


@send.command()
def location(
    to: To,
    latitude: Annotated[float, typer.Option(help="-90 to 90.")],
    longitude: Annotated[float, typer.Option(help="-180 to 180.")],
    name: Annotated[str, typer.Option(help="What is there.")] = "",
    address: Annotated[str, typer.Option(help="Its address.")] = "",
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Send a place on the map."""

    async def make(_: Client) -> Message:
        from rasa_whatsapp.messages import Location

        return Location(latitude, longitude, name=name, address=address)

    _send(to, make, credentials, number, as_json)


@send.command()
def flow(
    to: To,
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="Its id or name; see `flows list`.")],
    body: Annotated[str, typer.Argument(help="The text above the button, up to 1024 characters.")],
    button: Annotated[str, typer.Option(help="What opens it, up to 30 characters.")] = "OK",
    screen: Annotated[str, typer.Option(help="The first screen; by default the Flow's own.")] = "",
    data: Annotated[
        str, typer.Option(metavar="JSON", help="What the first screen receives, as a JSON object.")
    ] = "",
    exchange: Annotated[
        bool, typer.Option("--exchange", help="Ask the endpoint for the first screen.")
    ] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Open what is not published.")] = False,
    token: Annotated[str, typer.Option(help="Comes back with the answer and in requests.")] = "",
    header: Annotated[str, typer.Option(help="A text on top, up to 60 characters.")] = "",
    footer: Annotated[str, typer.Option(help="A text below, up to 60 characters.")] = "",
    credentials: Credentials = None,
    number: Number = "",
    as_json: Json = False,
) -> None:
    """Send a button that opens a Flow.

    The bot's endpoint answers Flows that the bot has sent; one sent by hand needs foreign_tokens: true there.
    """
    given = _object(data)

    async def make(_: Client) -> Message:
        from rasa_whatsapp.messages import Flow

        return Flow(
            body,
            button,
            flow_id=flow if flow.isdecimal() else "",
            flow_name="" if flow.isdecimal() else flow,
            flow_token=token,
            screen=screen,
            data=given,
            action="data_exchange" if exchange else "navigate",
            draft=draft,
            header=header or None,
            footer=footer,
        )

    _send(to, make, credentials, number, as_json)


def _object(text: str) -> dict[str, Any]:
    import json

    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise typer.BadParameter("It is no JSON object.", param_hint="--data")
    return found


def _send(
    to: str,
    make: Callable[[Client], Awaitable[Message]],
    credentials: Path | None,
    number: str,
    as_json: bool,
) -> None:
    async def work(client: Client) -> dict[str, Any]:
        from rasa_whatsapp.errors import WindowClosed

        message = await make(client)
        try:
            return asdict(await client.send(message, to))
        except WindowClosed as error:
            raise _closed(error) from None

    sent = call(credentials, number, work)
    if as_json:
        print_json(sent)
    else:
        typer.echo(f"{sent.get('status') or 'accepted'}: {sent['id']}")


def _closed(error: WindowClosed) -> WindowClosed:
    """The error with what helps here: `reengagement_template` is for the bot's own answers.

    Meta's details go, since they say the same as the help.
    """
    return type(error)(
        error.code,
        error.message,
        fbtrace_id=error.fbtrace_id,
        http_status=error.http_status,
        help="More than 24 hours have passed since the person last wrote, so that only an approved template "
        "may be sent: `rasa-whatsapp send template TO NAME`.",
        gateway=error.gateway,
    )


async def _image(client: Client, source: str, caption: str = "") -> Image:
    from rasa_whatsapp.messages import Image

    link, media_id = await _placed(client, source)
    return Image(link=link, id=media_id, caption=caption)


async def _document(client: Client, source: str, caption: str = "", filename: str = "") -> Document:
    from rasa_whatsapp.messages import Document

    link, media_id = await _placed(client, source)
    own_name = "" if _is_link(source) or _is_media_id(source) else Path(source).name
    return Document(link=link, id=media_id, caption=caption, filename=filename or own_name)


async def _placed(client: Client, source: str) -> tuple[str, str]:
    """The source's link and media id, one of them empty; a file is uploaded."""
    from rasa_whatsapp.cli.transfer import upload

    if _is_link(source):
        return source, ""
    return "", source if _is_media_id(source) else await upload(client, Path(source))


def _is_link(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _is_media_id(source: str) -> bool:
    return source.isdecimal() and not Path(source).exists()
