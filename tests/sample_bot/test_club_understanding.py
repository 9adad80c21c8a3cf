"""What people write, and what the trained bot takes it for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rasa.core.agent import Agent

# As people type: without accents and question marks, with slips, some in Portuguese. The third is the option
# by which an answer is chosen.
SENTENCES = [
    ("Hola", "saludar", None),
    ("holaaa", "saludar", None),
    ("ola", "saludar", None),
    ("hola buenas tardes", "saludar", None),
    ("buen dia", "saludar", None),
    ("buenass", "saludar", None),
    ("que tal?", "saludar", None),
    ("oi, tudo bem?", "saludar", None),
    ("olá, bom dia", "saludar", None),
    ("boa tarde", "saludar", None),
    ("menu", "menu", None),
    ("el menu porfa", "menu", None),
    ("volver al menu", "menu", None),
    ("mas temas", "mas_temas", None),
    ("que mas tenes", "mas_temas", None),
    ("tengo otra consulta", "mas_temas", None),
    ("Pileta", "elegir", "pileta"),
    ("a que hora abre la pileta", "elegir", "pileta"),
    ("quiero reservar la pileta", "elegir", "pileta"),
    ("puedo reservar la piscina?", "elegir", "pileta"),
    ("como reservo la pileta", "elegir", "pileta"),
    ("cuantos invitados puedo llevar a la pile", "elegir", "pileta"),
    ("tenis", "elegir", "tenis"),
    ("cancha", "elegir", "tenis"),
    ("canchas", "elegir", "tenis"),
    ("como reservo la cancha?", "elegir", "tenis"),
    ("lista de canchas", "elegir", "tenis"),
    ("cuanto sale la cancha de tenis", "elegir", "tenis"),
    ("SUM", "elegir", "sum"),
    ("salon", "elegir", "sum"),
    ("quincho", "elegir", "quincho"),
    ("gimnasio", "elegir", "gimnasio"),
    ("estacionamiento", "elegir", "estacionamiento"),
    ("mascotas", "elegir", "mascotas"),
    ("horarios", "elegir", "horarios"),
    ("contacto", "elegir", "contacto"),
    ("quiero reservar el SUM", "elegir", "sum"),
    ("quiero alquilar el sum para un cumple", "elegir", "sum"),
    ("kiero reservar el sum para el sabado", "elegir", "sum"),
    ("quiero reservar un salón", "elegir", "sum"),
    ("necesito reservar el salon de usos multiples", "elegir", "sum"),
    ("hola, quiero reservar el salon", "elegir", "sum"),
    ("reservar sum", "elegir", "sum"),
    ("quiero reservar el quincho", "elegir", "quincho"),
    ("reservar quincho para el domingo", "elegir", "quincho"),
    ("me reservas el quincho?", "elegir", "quincho"),
    ("se puede hacer un asado", "elegir", "quincho"),
    ("horarios del gimnasio", "elegir", "gimnasio"),
    ("hay gym?", "elegir", "gimnasio"),
    ("dónde estaciono", "elegir", "estacionamiento"),
    ("donde estaciono el auto", "elegir", "estacionamiento"),
    ("donde puedo estacionar?", "elegir", "estacionamiento"),
    ("hay lugar para estacionar", "elegir", "estacionamiento"),
    ("donde dejo el coche", "elegir", "estacionamiento"),
    ("puedo ir con mi perro", "elegir", "mascotas"),
    ("se puede llevar mascotas?", "elegir", "mascotas"),
    ("que horarios tienen", "elegir", "horarios"),
    ("a que hora abren", "elegir", "horarios"),
    ("telefono de la administracion", "elegir", "contacto"),
    ("como me comunico con la administracion", "elegir", "contacto"),
    ("tenes un mail de contacto", "elegir", "contacto"),
    ("que dice el articulo 5", "elegir", "artículo 5"),
    ("quiero reservar una cancha", "reservar", "tenis"),
    ("kiero reservar una cancha", "reservar", "tenis"),
    ("reservar cancha", "reservar", "tenis"),
    ("quiero reservar una canchita para mañana", "reservar", "tenis"),
    ("reservame la cancha de tenis para el sabado", "reservar", "tenis"),
    ("necesito un turno", "reservar", None),
    ("hola, queria sacar turno para jugar al tenis", "reservar", "tenis"),
    ("hay turno para hoy?", "reservar", None),
    ("quiero hacer una reserva", "reservar", None),
    ("quiero cancelar mi reserva", "cancelar", None),
    ("cancelar reserva", "cancelar", None),
    ("como cancelo un turno", "cancelar", None),
    ("necesito cancelar la cancha", "cancelar", "tenis"),
    ("quiero anular mi reserva del sum", "cancelar", "sum"),
    ("cancelame el turno de mañana", "cancelar", None),
    ("no voy a poder ir, doy de baja el turno", "cancelar", None),
    ("quiero cambiar mi reserva", "cancelar", None),
    ("quiero hacerme socio", "ser_socio", None),
    ("como me hago socia", "ser_socio", None),
    ("kiero ser socio", "ser_socio", None),
    ("quiero asociarme al club", "ser_socio", None),
    ("reglamento", "reglamento", None),
    ("quiero ver las normas", "reglamento", None),
    ("mandame el reglamento en pdf", "documento", None),
    ("mapa", "mapa", None),
    ("me pasas un mapa del club", "mapa", None),
    ("donde queda el club", "ubicacion", None),
    ("como llego?", "ubicacion", None),
    ("me mandas la ubicacion", "ubicacion", None),
    ("a que distancia estoy", "distancia", None),
    ("tienen pagina web?", "sitio_web", None),
    ("que instalaciones hay", "instalaciones", None),
    ("me encanta el club!!", "elogiar", None),
    ("muchas gracias", "agradecer", None),
    ("graciass", "agradecer", None),
    ("obrigada", "agradecer", None),
    ("chau", "despedirse", None),
    ("hasta luego", "despedirse", None),
    ("tchau", "despedirse", None),
    ("va a llover el sabado?", "fuera_de_tema", None),
    ("quien gano el partido", "fuera_de_tema", None),
    ("contame un chiste", "fuera_de_tema", None),
]
NONSENSE = [
    *("xyzzy", "asdf", "qwerty", "jajaja", "👍", "...", "?", "bla bla xyz", "12345", "lorem ipsum dolor"),
    *("the quick brown fox", "me duele la cabeza", "cuánto es dos más dos", "quiero una hamburguesa"),
]
THE_CHANNELS = ("socio_listo", "cancha_lista", "whatsapp_", "EXTERNAL_")


@pytest.fixture(scope="module")
def agent(sample_model: Path) -> Agent:
    from rasa.core.agent import Agent

    return Agent.load(sample_model)


@pytest.mark.parametrize(("text", "intent", "option"), SENTENCES, ids=[text for text, *_ in SENTENCES])
async def test_a_sentence_is_understood(agent: Agent, text: str, intent: str, option: str | None) -> None:
    """Its intent, and the option it names by any of its names."""
    understood = await agent.parse_message(text)
    options = [each["value"].lower() for each in understood["entities"] if each["entity"] == "opcion"]
    assert understood["intent"]["name"] == intent, understood["intent_ranking"][:3]
    assert (options or [None])[0] == option


@pytest.mark.parametrize("text", NONSENSE)
async def test_nonsense_is_not(agent: Agent, text: str) -> None:
    """What is added to the examples must not make the bot guess."""
    understood = await agent.parse_message(text)
    assert understood["intent"]["name"] in ("nlu_fallback", "fuera_de_tema"), understood["intent_ranking"][:3]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "cancha lista",
            "listo, ya soy socio",
            "cancha_lista",
            'cancha_lista{"cancha": "9"}',
            "socio_listo",
        ),
        *("whatsapp", "tienen whatsapp?", "whatsapp_image", "te mando un audio", "mirá este video"),
        *("te paso la location", "el contacto del club", "EXTERNAL_club_notice", "un sticker"),
    ],
)
async def test_what_the_channel_says_no_words_say(agent: Agent, text: str) -> None:
    """An intent that the channel or another system sends is found in nobody's words."""
    understood = await agent.parse_message(text)
    assert not understood["intent"]["name"].startswith(THE_CHANNELS), understood["intent_ranking"][:3]
