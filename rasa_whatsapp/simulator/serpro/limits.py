"""What each of Serpro's sending endpoints accepts, as one table.

Source: Serpro, WhatsApp API, "Como enviar mensagens de retorno", "Como enviar mensagens de notificação"; the
fields of buttons, lists and media from public clients; the lengths are WhatsApp's.
"""

from __future__ import annotations

import re
from typing import Any

from rasa_whatsapp.simulator.limits.rules import (
    Choice,
    Rule,
    Table,
    absent,
    count,
    distinct,
    either,
    flag,
    matches,
    one_of,
    only,
    text,
    total,
    url,
)
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.serpro.refusal import Refused

_DIGITS = re.compile(r"[0-9]{6,15}")
_PHONE = "a phone number, digits only, with the country code"
# Where nobody names a limit.
_LONGEST = 4096


def check(kind: str, body: dict[str, Any]) -> None:
    """Refuse the body of a message, ``kind`` being its endpoint. Raises :class:`Refused`."""
    try:
        for row in ENDPOINTS[kind]:
            row.check(body)
    except Refusal as refusal:
        raise Refused(400, refusal.details) from None


def _preview_of_nothing(body: Any) -> str | None:
    shown = body.get("preview_url") and "http" not in body["body"]
    return "has preview_url but no URL in its body" if shown else None


def _section_titles(sections: list[Any]) -> str | None:
    several = len(sections) > 1
    if several and not all(isinstance(section, dict) and section.get("titulo") for section in sections):
        return "needs a titulo in every section when there is more than one"
    return None


def _to_one(*names: str) -> tuple[Rule, ...]:
    """A message to one person, with these fields and no others."""
    return (
        only("", "destinatario", "message_id", "wabaId", *names),
        matches("destinatario", _DIGITS, _PHONE),
        text("message_id?", 512),
    )


_MEDIA: Table = {
    **{kind: (text("caption?", 1024), absent("filename")) for kind in ("image", "video", "audio")},
    "document": (text("filename", 240), absent("caption")),
}
_VALUES = (one_of("parametros[]?.tipo", "text"), text("parametros[]?.valor", 1024))

ENDPOINTS: Table = {
    "texto": (
        *_to_one("body", "preview_url", "textoBody"),
        text("body", 4096),
        flag("preview_url?"),
        Rule("", _preview_of_nothing),
    ),
    "interativa-botoes": (
        *_to_one("textoBody", "buttons"),
        text("textoBody", 1024),
        count("buttons", 1, 3),
        text("buttons[].id", 256),
        text("buttons[].titulo", 20),
        distinct("", "buttons[].id"),
        distinct("", "buttons[].titulo"),
    ),
    "interativa-lista": (
        *_to_one("textoBody", "button", "secoes"),
        text("textoBody", 4096),
        text("button", 20),
        count("secoes", 1, 10),
        text("secoes[].titulo?", 24),
        Rule("secoes", _section_titles),
        total("", "secoes[].rows[]", 1, 10),
        text("secoes[].rows[].id", 200),
        text("secoes[].rows[].titulo", 24),
        text("secoes[].rows[].descricao?", 72),
        distinct("", "secoes[].rows[].id"),
    ),
    "interativa-localizacao": (*_to_one("textoBody"), text("textoBody", 1024)),
    "media": (
        *_to_one("tipoMedia", "idMedia", "linkMedia", "caption", "filename"),
        either("", "idMedia", "linkMedia"),
        text("idMedia?", 64),
        url("linkMedia?"),
        Choice("", "tipoMedia", _MEDIA),
    ),
    "template": (
        only("", "nomeTemplate", "wabaId", "destinatarios", "header", "body"),
        text("nomeTemplate", 512),
        text("wabaId", 64),
        count("destinatarios", 1, _LONGEST),
        matches("destinatarios[]", _DIGITS, _PHONE),
        only("header?", "idMedia", "linkMedia", "filename", "parametros"),
        either("header?", "idMedia", "linkMedia", "parametros"),
        *(
            row.under("header?")
            for row in (text("idMedia?", 64), url("linkMedia?"), text("filename?", 240), *_VALUES)
        ),
        *(row.under("body?") for row in _VALUES),
    ),
}
