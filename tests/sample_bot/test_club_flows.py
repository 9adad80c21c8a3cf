"""What the club's form answers between its screens, and in which language."""

from __future__ import annotations

from typing import Any

import pytest
from club_flows import handlers
from club_server import SAMPLE_BOT

from rasa_whatsapp.flows import FlowRequest, FlowResponse
from rasa_whatsapp.flows.handlers import call
from rasa_whatsapp.flows.texts import FlowTexts
from rasa_whatsapp.settings import read_credentials


async def entered(**data: Any) -> FlowResponse:
    """What the first screen is answered with these data."""
    request = FlowRequest(
        version="3.0", action="data_exchange", screen="DATOS", data=data, flow="hacerme_socio"
    )
    handler = handlers.find(request)
    assert handler is not None
    return await call(handler, request)


async def test_who_gives_name_and_address_goes_on() -> None:
    """And is greeted by the first name."""
    response = await entered(nombre=" María  Paz ", correo="maria@example.org")
    assert (response.screen, response.data) == ("FOTO", {"saludo": "¡Gracias, María! Falta tu foto."})


@pytest.mark.parametrize(
    ("nombre", "correo", "wrong"),
    [
        ("  ", "maria@example.org", ["nombre"]),
        ("María", " Socia@club.example", ["correo"]),
        ("\u00a0", "socia@club.example", ["nombre", "correo"]),
    ],
)
async def test_what_is_wrong_is_said_beneath_its_field(nombre: str, correo: str, wrong: list[str]) -> None:
    """WhatsApp takes blanks for a name, and knows nothing of the members."""
    response = await entered(nombre=nombre, correo=correo)
    assert response.screen == "DATOS"
    assert list(response.data["error_messages"]) == wrong


def test_trouble_is_told_in_the_bots_language() -> None:
    """Whatever country the person's number is of."""
    flows = read_credentials(SAMPLE_BOT / "credentials.yml", {})["flows"]
    assert FlowTexts(**flows["texts"]) == FlowTexts(
        failed="Algo salió mal. Probá de nuevo.",
        late="Está tardando más de lo normal. Probá de nuevo.",
        expired="Este formulario ya no sirve. Pedí uno nuevo.",
    )
