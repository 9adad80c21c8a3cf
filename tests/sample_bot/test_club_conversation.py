"""Talking to the trained club bot and its action server: what reaches a channel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from club_server import MEDIA_URL, ActionServer

if TYPE_CHECKING:
    from rasa.core.agent import Agent

MENU = ["Pileta", "Tenis", "SUM"]
FOLLOW_UP = ["Menú", "Más temas"]


class Club:
    """One person's chat with the bot; every answer is the list of responses as a channel gets them."""

    def __init__(self, agent: Agent, sender: str) -> None:
        from rasa.core.channels import OutputChannel

        class Recorder(OutputChannel):
            @classmethod
            def name(cls) -> str:
                return "recorder"

            async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
                responses.append(message)

        responses: list[dict[str, Any]] = []
        self._responses, self._channel, self._agent, self._sender = responses, Recorder(), agent, sender

    async def hears(self, text: str) -> list[dict[str, Any]]:
        from rasa.core.channels import UserMessage

        self._responses.clear()
        await self._agent.handle_message(UserMessage(text, self._channel, self._sender))
        return list(self._responses)

    async def is_triggered(self, intent: str, entities: dict[str, Any]) -> list[dict[str, Any]]:
        self._responses.clear()
        tracker = await self._agent.processor.fetch_tracker_and_update_session(self._sender)
        await self._agent.trigger_intent(intent, entities, self._channel, tracker)
        return list(self._responses)


@pytest.fixture(scope="session")
def agent(sample_model: Path, action_server: ActionServer) -> Agent:
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig

    return Agent.load(sample_model, action_endpoint=EndpointConfig(action_server.url))


@pytest.fixture
def club(agent: Agent, request: pytest.FixtureRequest) -> Club:
    return Club(agent, sender=request.node.name)


def titles(response: dict[str, Any]) -> list[str]:
    return [button["title"] for button in response.get("buttons") or []]


async def test_a_greeting_is_answered_with_the_menu(club: Club) -> None:
    """Hola, then the three facilities as buttons."""
    hello, menu = await club.hears("Hola")
    assert hello["text"] == "Hola!"
    assert menu["text"] == "Por favor elije una opción:"
    assert titles(menu) == MENU
    assert menu["metadata"]["whatsapp"]["footer"]


async def test_every_button_of_every_menu_is_answered(club: Club) -> None:
    """No payload is misspelt: each option gets the club's rules or what its title promises."""
    for ask, count in (("menú", 3), ("más temas", 10), ("reglamento", 12)):
        (menu,) = await club.hears(ask)
        assert len(menu["buttons"]) == count
        for button in menu["buttons"]:
            answers = await club.hears(button["payload"])
            assert len(answers) == 1, button
            text = answers[0].get("text") or ""
            assert not text.startswith(("No tengo información", "No entendí")), button


async def test_each_choice_is_logged_by_the_action_server(club: Club, action_server: ActionServer) -> None:
    """Tapping Tenis logs it, and the club's rules for tennis come back with a way on."""
    (rules,) = await club.hears('/elegir{"opcion": "tenis"}')
    assert rules["text"].startswith("*Tenis*")
    assert titles(rules) == FOLLOW_UP
    action_server.wait_for("Opción elegida: tenis")


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Pileta", "*Pileta*"),
        ("SUM", "*SUM*"),
        ("a que hora abre la pileta?", "*Pileta*"),
        ("cómo reservo la cancha?", "*Tenis*"),
        ("cancha", "*Tenis*"),
        ("puedo llevar a mi perro?", "*Mascotas*"),
        ("quiero usar el salon el sabado", "*SUM*"),
        ("Articulo 12", "*Artículo 12."),
    ],
)
async def test_an_option_can_be_written(club: Club, text: str, heading: str) -> None:
    """Typing the option's name, or what people call it, is as good as tapping it."""
    (rules,) = await club.hears(text)
    assert rules["text"].startswith(heading)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("quiero reservar una cancha", "reservar_cancha"),
        ("Reservar cancha de tenis", "reservar_cancha"),
        ("sacar un turno", "reservar_cancha"),
        ("quiero hacerme socio", "hacerme_socio"),
    ],
)
async def test_what_a_form_does_is_asked_for_in_words(club: Club, text: str, form: str) -> None:
    """Who wants a court gets the form that books one, not the rules about it."""
    (offer,) = await club.hears(text)
    (message,) = offer["metadata"]["whatsapp"]["messages"]
    assert message["interactive"]["action"]["parameters"]["flow_name"] == form


@pytest.mark.parametrize(
    "text",
    [
        *("lista de canchas", "cancha lista", "la cancha ya está lista", "cancha_lista"),
        *('cancha_lista{"cancha": "9"}', '/cancha_lista{"cancha": "9"}'),
        *("listo, ya soy socio", "socio listo", "socio_listo", '/socio_listo{"nombre": "Nadie"}'),
    ],
)
async def test_no_words_book_a_court_or_make_a_member(club: Club, text: str) -> None:
    """Only a completed form does."""
    (answer,) = await club.hears(text)
    assert not (answer.get("text") or "").startswith(("Reservaste", "¡Te damos la bienvenida"))


async def test_an_article_that_does_not_exist_is_not_another_one(club: Club) -> None:
    """Article 15 is neither article 1 nor the option asked for before."""
    await club.hears("artículo 1")
    (answer,) = await club.hears("artículo 15")
    assert answer["text"].startswith("No tengo información")
    assert titles(answer) == FOLLOW_UP


@pytest.mark.parametrize("text", ["quién ganó el partido ayer", "xyzzy", "👍", "bla bla xyz", "12345"])
async def test_off_topic_questions_lead_back_to_the_topics(club: Club, text: str) -> None:
    """A bot that does not understand offers what it does."""
    (answer,) = await club.hears(text)
    assert answer["text"].startswith("No entendí")
    assert titles(answer) == FOLLOW_UP


async def test_the_map_the_regulations_and_the_place(club: Club) -> None:
    """A picture, a document and a location leave the bot."""
    (map_,) = await club.hears("mapa")
    assert map_["image"] == f"{MEDIA_URL}/mapa.png"
    (document,) = await club.hears("reglamento pdf")
    assert document["custom"]["document"]["link"] == f"{MEDIA_URL}/reglamento.pdf"
    (place,) = await club.hears("dónde queda?")
    assert place["custom"]["type"] == "location"


async def test_the_place_sent_is_the_place_distances_are_measured_to(club: Club) -> None:
    """domain.yml and the action agree on where the club is."""
    from actions.location import CLUB

    (place,) = await club.hears("ubicación")
    location = place["custom"]["location"]
    assert (location["latitude"], location["longitude"]) == CLUB


async def test_a_photo_and_a_location_are_understood(club: Club) -> None:
    """What WhatsApp delivers as intents reaches the actions with its entities."""
    (thanks,) = await club.hears('/whatsapp_image{"media_id": "1013", "mime_type": "image/jpeg"}')
    assert thanks["text"] == "¡Gracias por la foto! Se la paso a la administración."
    (distance,) = await club.hears('/whatsapp_location{"latitude": -34.6037, "longitude": -58.3816}')
    assert distance["text"] == "Estás a 49 km del club."


@pytest.mark.parametrize(
    "kind",
    [
        *("video", "audio", "document", "sticker", "contacts", "order"),
        *("flow_reply", "address_reply", "call_permission_reply", "unsupported"),
    ],
)
async def test_other_kinds_of_message_are_answered_politely(club: Club, kind: str) -> None:
    """Nobody who sends a sticker is left without an answer."""
    (answer,) = await club.hears(f"/whatsapp_{kind}")
    assert answer["text"].startswith("Todavía no entiendo")
    assert titles(answer) == FOLLOW_UP


async def test_thanks_and_goodbye(club: Club) -> None:
    """A chat can end."""
    (welcome,) = await club.hears("muchas gracias")
    assert welcome["text"].startswith("¡De nada!")
    (bye,) = await club.hears("chau")
    assert bye["text"].startswith("¡Hasta luego!")


async def test_another_system_can_remind_of_a_booking(club: Club) -> None:
    """The intent that POST /conversations/{id}/trigger_intent triggers writes first."""
    (reminder,) = await club.is_triggered(
        "EXTERNAL_booking_reminder", {"instalacion": "Tenis", "hora": "18:00"}
    )
    assert reminder["text"] == "Recordatorio: tenés una reserva en Tenis a las 18:00."
