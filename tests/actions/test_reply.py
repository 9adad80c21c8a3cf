"""A custom action answers with typed messages."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from rasa_whatsapp import actions
from rasa_whatsapp import messages as m
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.rendering import render

MAP = m.Image(link="https://club.example/map.png")
EVERYWHERE = [
    m.Text("Hola"),
    m.Image(link="https://club.example/map.png", caption="El mapa"),
    m.Document(link="https://club.example/rules.pdf", filename="rules.pdf"),
    m.Video(link="https://club.example/pool.mp4", caption="La pileta"),
    m.Buttons("¿Qué querés?", [m.Button("/pool", "Pileta"), m.Button("/tennis", "Tenis")]),
    m.Buttons("¿Qué querés?", [m.Button("/pool", "Pileta")], header=MAP),
    m.List("Temas", "Ver", [m.Section(rows=[m.Row(f"/{n}", f"Tema {n}") for n in range(4)])]),
]
WHATSAPP_ALONE = [
    (m.Text("Hola", reply_to="wamid.1"), "Hola"),
    (m.Text("Hola", preview_url=True), "Hola"),
    (m.CtaUrl("El sitio", "Abrir", "https://club.example", footer="Club"), "Abrir: https://club.example"),
    (m.LocationRequest("¿Dónde estás?"), "¿Dónde estás?"),
    (m.Location(-34.45, -58.88, "Club", "Acceso norte"), "Club, Acceso norte"),
    (m.Location(-34.45, -58.88), "-34.45, -58.88"),
    (m.Contacts([m.Contact(m.ContactName("Guardia", "G"), [m.ContactPhone("+54 11 5550-0100")])]), "+54"),
    (m.Reaction("wamid.1", "👍"), "👍"),
    (m.Template("reserva", "es", body=["Tenis", "18:00"]), "reserva: Tenis, 18:00"),
    (m.Image(id="1234"), "[image]"),
    (m.Flow("Tus datos", "Llenar", flow_id="1"), "Tus datos"),
    (
        m.Carousel(
            "Elegí",
            [m.Card(MAP, "Pileta", replies=[m.Button("/pool", "Ver")]),
             m.Card(MAP, "Tenis", replies=[m.Button("/tennis", "Ver")])],
        ),
        "Pileta",
    ),
]  # fmt: skip


def said(*messages: m.Message) -> list[dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    actions.reply(dispatcher, *messages)
    return dispatcher.messages


@pytest.mark.parametrize("message", EVERYWHERE, ids=repr)
def test_what_rasa_can_say_is_a_plain_response(message: m.Message) -> None:
    """Every channel shows it, and WhatsApp shows exactly the message."""
    (response,) = said(message)
    assert response["custom"] == {}
    assert render(response).messages == (message,)


@pytest.mark.parametrize(("message", "words"), WHATSAPP_ALONE, ids=repr)
def test_what_only_whatsapp_has_goes_beside_words_for_other_channels(message: m.Message, words: str) -> None:
    """WhatsApp gets the message alone; other channels show the words."""
    (response,) = said(message)
    assert response["custom"] == {}
    assert response["metadata"] == {"whatsapp": {"messages": [message.to_json()]}}
    assert words in response["text"]
    assert render(response).messages == (message,)


def test_a_reaction_taken_back_says_nothing_elsewhere() -> None:
    """There are no words for it."""
    (response,) = said(m.Reaction("wamid.1"))
    assert response["text"] is None
    assert render(response).messages == (m.Reaction("wamid.1"),)


def test_choices_can_be_made_on_other_channels() -> None:
    """The rows of a list with descriptions are still buttons there."""
    message = m.List("Temas", "Ver", [m.Section(rows=[m.Row("/pool", "Pileta", "Horarios")])])
    (response,) = said(message)
    assert response["buttons"] == [{"title": "Pileta", "payload": "/pool"}]
    assert render(response).messages == (message,)


def test_several_messages_keep_their_order() -> None:
    """One response each, in the order given."""
    texts = [response["text"] for response in said(m.Text("1"), m.Reaction("wamid.1", "👍"), m.Text("2"))]
    assert texts == ["1", "👍", "2"]


@pytest.mark.parametrize("wrong", ["oi", {"text": "oi"}, [m.Text("oi")], None])
def test_what_is_no_message(wrong: object) -> None:
    """A beginner's text or list is named, and nothing is uttered."""
    dispatcher = CollectingDispatcher()
    with pytest.raises(MessageError, match=r"^messages\[1\]: must be Message"):
        actions.reply(dispatcher, m.Text("oi"), wrong)  # type: ignore[arg-type]
    assert dispatcher.messages == []
