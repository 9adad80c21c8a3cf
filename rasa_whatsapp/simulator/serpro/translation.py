"""Serpro's Portuguese bodies as the message objects that people see, which are the Cloud API's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rasa_whatsapp.simulator.media.shelf import KINDS, MediaShelf, bare

Raw = dict[str, Any]


def translated(kind: str, body: Raw, shelf: MediaShelf) -> Raw:
    """The message object for a body that has passed all checks of form, ``kind`` being its endpoint."""
    content = _template(body, shelf) if kind == "template" else _CONTENTS[kind](body)
    quoted = body.get("message_id")
    return content | ({"context": {"message_id": quoted}} if quoted else {})


def _text(body: Raw) -> Raw:
    return {"type": "text", "text": {"body": body["body"], "preview_url": bool(body.get("preview_url"))}}


def _buttons(body: Raw) -> Raw:
    replies = [{"id": button["id"], "title": button["titulo"]} for button in body["buttons"]]
    return _interactive("button", body, {"buttons": [{"type": "reply", "reply": reply} for reply in replies]})


def _list(body: Raw) -> Raw:
    sections = [
        {**_named(section, title="titulo"), "rows": [_row(row) for row in section["rows"]]}
        for section in body["secoes"]
    ]
    return _interactive("list", body, {"button": body["button"], "sections": sections})


def _row(row: Raw) -> Raw:
    return _named(row, id="id", title="titulo", description="descricao")


def _location_request(body: Raw) -> Raw:
    return _interactive("location_request_message", body, {"name": "send_location"})


def _interactive(kind: str, body: Raw, action: Raw) -> Raw:
    interactive = {"type": kind, "body": {"text": body["textoBody"]}, "action": action}
    return {"type": "interactive", "interactive": interactive}


def _media(body: Raw) -> Raw:
    kind = body["tipoMedia"]
    return {
        "type": kind,
        kind: _named(body, id="idMedia", link="linkMedia", caption="caption", filename="filename"),
    }


def _template(body: Raw, shelf: MediaShelf) -> Raw:
    components = []
    if header := body.get("header"):
        components.append({"type": "header", "parameters": _header(header, shelf)})
    if values := body.get("body"):
        components.append({"type": "body", "parameters": _values(values)})
    template = {"name": body["nomeTemplate"], "language": {"code": "pt_BR"}, "components": components}
    return {"type": "template", "template": template}


def _header(header: Raw, shelf: MediaShelf) -> list[Raw]:
    """Serpro is not told whether a file is a picture; here the upload or the file name says it."""
    if "parametros" in header:
        return _values(header)
    uploaded = shelf.find(header.get("idMedia", ""))
    mime_type = bare(uploaded.mime_type) if uploaded else ""
    kind = next((kind for kind in ("image", "video") if mime_type in KINDS[kind][0]), "document")
    if not uploaded and str(header["linkMedia"]).lower().endswith((".png", ".jpg", ".jpeg")):
        kind = "image"
    return [{"type": kind, kind: _named(header, id="idMedia", link="linkMedia")}]


def _values(holder: Raw) -> list[Raw]:
    return [{"type": "text", "text": value["valor"]} for value in holder.get("parametros") or ()]


def _named(body: Raw, **names: str) -> Raw:
    """The fields that are there, under Meta's names."""
    return {name: body[portuguese] for name, portuguese in names.items() if body.get(portuguese)}


_CONTENTS: Mapping[str, Callable[[Raw], Raw]] = {
    "texto": _text,
    "interativa-botoes": _buttons,
    "interativa-lista": _list,
    "interativa-localizacao": _location_request,
    "media": _media,
}
