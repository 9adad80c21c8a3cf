"""What the documents say of retention is what the code does, in English and in Portuguese."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from documents import ROOT

from rasa_whatsapp import media
from rasa_whatsapp.channel import output
from rasa_whatsapp.delivery import failures, knocker, outbox, preferences
from rasa_whatsapp.delivery.stores import base
from rasa_whatsapp.flows import tokens
from rasa_whatsapp.serpro import requests

PACKAGE = ROOT / "rasa_whatsapp"
ENGLISH = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")
PORTUGUESE = (ROOT / ".github" / "guides" / "lgpd.pt-BR.md").read_text(encoding="utf-8")
UNITS = {"en": ("hours", "days", "years"), "pt": ("horas", "dias", "anos")}

SHELF = {
    "channel/output.py": {"PAYLOAD_TTL": (output.PAYLOAD_TTL, "payloads too long", "dados de botões")},
    "flows/tokens.py": {"kept_for": (tokens.REMEMBERED, "token of a Flow", "token de um Flow")},
    "delivery/preferences.py": {
        "REMEMBERED": (preferences.REMEMBERED, "wants no marketing", "não quer mensagens de marketing")
    },
    "delivery/failures.py": {"SENT_FOR": (failures.SENT_FOR, "whose message it was", "de quem era")},
    "delivery/outbox.py": {
        "HELD_FOR": (outbox.HELD_FOR, "texts held back", "textos retidos"),
        "AT_ONCE": (None, "until the end of the turn", "até o fim do turno"),
    },
    "delivery/knocker.py": {"KNOCK_AGAIN": (knocker.KNOCK_AGAIN, "has knocked", "já enviou o template")},
    "delivery/pauses.py": {"seconds": (None, "as long as the pause lasts", "enquanto dura a pausa")},
    "media.py": {"KEPT": (media.KEPT, "ids of uploaded files", "identificadores de arquivos")},
    "serpro/requests.py": {"REMEMBERED": (requests.REMEMBERED, "Serpro's ids", "requisição de envio")},
    "serpro/tokens.py": {"left": (None, "less than 10 minutes", "menos de 10 minutos")},
}
"""Each module that puts values onto the store's shelf: for how long, and the row that tells of it."""


def puts() -> Iterator[tuple[str, str]]:
    """Where the package calls ``shelf.set(key, value, ttl, …)``, and what stands for ``ttl``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith(("simulator/", "delivery/stores/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="set"), args=[_, _, ttl, *_]):
                    yield name, ast.unparse(ttl)


def test_nothing_is_put_away_that_the_documents_do_not_tell() -> None:
    """A new value on the shelf needs a row in both."""
    assert set(puts()) == {(name, ttl) for name, found in SHELF.items() for ttl in found}


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (PORTUGUESE, "pt")], ids=["en", "pt"])
def test_each_row_tells_how_long(text: str, language: str) -> None:
    """The figures are those of the code."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for found in SHELF.values():
        for seconds, *phrases in found.values():
            [row] = [row for row in rows if phrases[language == "pt"] in row]
            assert seconds is None or _told(seconds, UNITS[language]) in row
    days = f"{base.REMEMBERED / 86400:g} {UNITS[language][1]}"
    assert sum(days in row for row in rows[:4]) == 2


def _told(seconds: float, units: tuple[str, str, str]) -> str:
    hours, days, years = units
    if seconds <= 86400:
        return f"{seconds / 3600:g} {hours}"
    return f"{seconds / 86400:g} {days}" if seconds < 365 * 86400 else f"{seconds / 86400 / 365:g} {years}"
