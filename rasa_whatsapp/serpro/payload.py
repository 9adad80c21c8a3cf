"""Serpro's wire: a message becomes Portuguese JSON for one of Serpro's endpoints.

Source: Serpro, WhatsApp API, "Como enviar mensagens de retorno", "Como enviar mensagens de notificação",
"Pacote de requisições"; the fields of buttons, lists and media from public clients.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from rasa_whatsapp.addresses import address
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import (
    Audio,
    Buttons,
    Currency,
    DateTime,
    Document,
    Gif,
    Image,
    List,
    LocationRequest,
    Message,
    Template,
    Text,
    Video,
)
from rasa_whatsapp.messages.template_values import TemplateHeader

Raw = dict[str, Any]


class Post(NamedTuple):
    """A body and the endpoint it goes to, below ``requisicao/``."""

    path: str
    body: Raw


def wrap(message: Message, to: str) -> Post:
    """The request that sends a message to one person within the 24-hour window.

    Args:
        message: of a kind that Serpro carries; `rasa_whatsapp.serpro.nearest.fit` makes it so.
        to: see `recipient`.

    Raises:
        MessageError: Serpro has no endpoint for it, or the recipient is no phone number.
    """
    kind = _KINDS.get(type(message))
    if kind is None:
        raise MessageError("type", f"{type(message).__name__} cannot be sent through Serpro.")
    endpoint, content = kind
    body = {"destinatario": recipient(to), **content(message)}
    if message.reply_to:
        body["message_id"] = message.reply_to
    return Post(f"mensagem/{endpoint}", body)


def wrap_template(template: Template, recipients: Sequence[str], waba_id: str) -> Post:
    """The request that sends one template, with the same values, to one person or several.

    Serpro knows no language: the template's name alone chooses it.

    Raises:
        MessageError: there is no WABA id or recipient, or the template has values that Serpro has no field
            for (those of buttons, cards and offers, or the identity key of who may get it).
    """
    if not waba_id:
        raise MessageError(
            "waba_id",
            "is missing: Serpro sends a template only for a WhatsApp Business Account. Set waba_id in "
            "credentials.yml, or SERPRO_WABA_ID.",
        )
    if not recipients:
        raise MessageError("to", "is empty; at least one phone number is needed")
    for name in ("buttons", "offer_ends_ms", "cards", "tap_target", "more", "identity_key_hash"):
        if getattr(template, name):
            raise MessageError(name, "cannot be sent through Serpro, which has no field for it.")
    body: Raw = {
        "nomeTemplate": template.name,
        "wabaId": waba_id,
        "destinatarios": [recipient(to) for to in recipients],
    }
    if template.header is not None:
        body["header"] = _template_header(template.header)
    if values := _template_values(template.body):
        body["body"] = {"parametros": values}
    return Post("mensagem/template", body)


def recipient(to: str) -> str:
    """A phone number as Serpro wants it: digits only, exactly those that were given.

    What may be written between and before them goes, as in `rasa_whatsapp.addresses`; the digits stay: a
    Brazilian number without its ninth digit is that person's WhatsApp id and must not be repaired.

    Raises:
        MessageError: it is no phone number, or lacks its country code; Serpro knows neither user ids nor
            groups.
    """
    wire = address(to)
    if wire["recipient_type"] != "individual" or "to" not in wire:
        raise MessageError("to", "is no phone number of up to 15 digits; Serpro writes to phone numbers only")
    return wire["to"].removeprefix("+")


def _text(message: Text) -> Raw:
    has_url = bool(re.search(r"https?://\S", message.body))
    return {"preview_url": message.preview_url and has_url, "body": message.body}


def _buttons(message: Buttons) -> Raw:
    buttons = [{"id": button.id, "titulo": button.title} for button in message.buttons]
    return {"textoBody": message.body, "buttons": buttons}


def _list(message: List) -> Raw:
    sections = [
        {
            **({"titulo": section.title} if section.title else {}),
            "rows": [
                {
                    "id": row.id,
                    "titulo": row.title,
                    **({"descricao": row.description} if row.description else {}),
                }
                for row in section.rows
            ],
        }
        for section in message.sections
    ]
    return {"textoBody": message.body, "button": message.button, "secoes": sections}


def _location_request(message: LocationRequest) -> Raw:
    return {"textoBody": message.body}


def _media(message: Image | Video | Audio | Document) -> Raw:
    body: Raw = {"tipoMedia": message.TYPE, **_file(message.id, message.link)}
    if isinstance(message, Document):
        # Documents must have a name and, unlike pictures, may have no caption.
        body["filename"] = message.filename or _name_in(message.link) or "documento"
    elif not isinstance(message, Audio) and message.caption:
        body["caption"] = message.caption
    return body


def _file(id: str, link: str) -> Raw:
    return {"idMedia": id} if id else {"linkMedia": link}


def _name_in(link: str) -> str:
    """The last part of a link's path; empty where there is none."""
    return PurePosixPath(unquote(urlsplit(link).path)).name


def _template_header(header: TemplateHeader) -> Raw:
    if isinstance(header, str):
        return {"parametros": [_value(header)]}
    if isinstance(header, Mapping):
        return {"parametros": [_value(text) for text in header.values()]}
    if isinstance(header, (Image, Video, Document, Gif)):
        name = header.filename if isinstance(header, Document) else ""
        name = name or _name_in(header.link)
        return {**_file(header.id, header.link), **({"filename": name} if name else {})}
    raise MessageError("header", f"{type(header).__name__} cannot be sent through Serpro.")


def _template_values(body: Any) -> list[Raw]:
    values = body.values() if isinstance(body, Mapping) else body
    return [
        _value(value.fallback_value if isinstance(value, (Currency, DateTime)) else value) for value in values
    ]


def _value(text: str) -> Raw:
    return {"tipo": "text", "valor": text}


_KINDS: dict[type[Message], tuple[str, Callable[[Any], Raw]]] = {
    Text: ("texto", _text),
    Buttons: ("interativa-botoes", _buttons),
    List: ("interativa-lista", _list),
    LocationRequest: ("interativa-localizacao", _location_request),
    Image: ("media", _media),
    Video: ("media", _media),
    Audio: ("media", _media),
    Document: ("media", _media),
}
"""The endpoint of each kind of message, and what makes its body."""
