"""Serpro's table of limits: whatever is posted is refused in words or can be shown."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import Ids
from rasa_whatsapp.simulator.media.shelf import MediaShelf
from rasa_whatsapp.simulator.serpro.limits import ENDPOINTS, check
from rasa_whatsapp.simulator.serpro.refusal import Refused
from rasa_whatsapp.simulator.serpro.translation import translated
from rasa_whatsapp.simulator.state import State
from rasa_whatsapp.simulator.state.content import offers, plain_text, uploads

WORDS = st.sampled_from(["5561999990001", "image", "document", "text", "https://a.b/c.png", "x", ""])
NAMES = st.sampled_from(
    ["id", "titulo", "rows", "descricao", "tipo", "valor", "parametros", "idMedia", "linkMedia", "filename"]
)
VALUES: Any = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        *("destinatario", "destinatarios", "body", "preview_url", "textoBody", "buttons", "button", "secoes"),
        *("tipoMedia", "idMedia", "linkMedia", "filename", "nomeTemplate", "wabaId", "header", "message_id"),
    ]
)
GOOD: dict[str, dict[str, Any]] = {
    "texto": {"destinatario": "5561999990001", "body": "oi", "preview_url": False},
    "interativa-botoes": {
        "destinatario": "5561999990001",
        "textoBody": "?",
        "buttons": [{"id": "1", "titulo": "Sim"}],
    },
    "interativa-lista": {
        "destinatario": "5561999990001",
        "textoBody": "?",
        "button": "Ver",
        "secoes": [{"titulo": "A", "rows": [{"id": "1", "titulo": "Sim"}]}],
    },
    "interativa-localizacao": {"destinatario": "5561999990001", "textoBody": "?"},
    "media": {"destinatario": "5561999990001", "tipoMedia": "image", "linkMedia": "https://a.b/c.png"},
    "template": {"nomeTemplate": "t", "wabaId": "1", "destinatarios": ["5561999990001"]},
}


@given(kind=st.sampled_from(sorted(ENDPOINTS)), changes=st.dictionaries(FIELDS, VALUES, max_size=3))
def test_any_body_is_refused_or_shown(kind: str, changes: dict[str, Any]) -> None:
    """Nothing breaks, however a good body is changed."""
    body = {**GOOD[kind], **changes}
    try:
        check(kind, body)
    except Refused:
        return
    content = translated(kind, body, MediaShelf(State(), Clock(), Ids(1)))
    assert isinstance(plain_text(content), str)
    assert offers(content) is not None
    assert uploads(content) is not None


def test_the_good_bodies_are_good() -> None:
    """Otherwise the test above would only see refusals."""
    for kind, body in GOOD.items():
        check(kind, body)
