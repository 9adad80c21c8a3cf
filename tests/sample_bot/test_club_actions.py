"""The custom actions, one by one."""

from __future__ import annotations

import logging
from typing import Any

import pytest

pytest.importorskip("rasa_sdk")

from actions.choice import LogChoice
from actions.flows import ConfirmCourt, ConfirmMembership
from actions.location import CLUB, MeasureDistance, distance_km, in_words
from actions.media import NOT_CONFIGURED, ReceivePhoto, SendDocument, SendMap
from actions.reminder import RemindBooking
from actions.whatsapp import AskPlace, ReactToPraise, SendNotice, ShowFacilities, ShowWebsite
from club_server import SAMPLE_BOT
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from rasa_whatsapp import events
from rasa_whatsapp import messages as m
from rasa_whatsapp.rendering import render

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def play(action: Action, **entities: Any) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Runs an action after a message with these entities: its only response and its events."""
    latest = {"entities": [{"entity": name, "value": value} for name, value in entities.items()]}
    tracker = Tracker("549115550001", {}, latest, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    assert len(dispatcher.messages) <= 1
    return (dispatcher.messages[0] if dispatcher.messages else None), events


def test_a_choice_is_logged_and_remembered(caplog: pytest.LogCaptureFixture) -> None:
    """The log names the option, and the slot that utter_reglas answers from holds it."""
    with caplog.at_level(logging.INFO):
        _, events = play(LogChoice(), opcion="tenis")
    assert caplog.messages == ["Opción elegida: tenis"]
    assert [(event["name"], event["value"]) for event in events] == [("opcion", "tenis")]


def test_an_unknown_choice_forgets_the_previous_one() -> None:
    """Asking for something the club does not have must not be answered with the last option."""
    _, events = play(LogChoice())
    assert [(event["name"], event["value"]) for event in events] == [("opcion", None)]


@pytest.mark.parametrize(
    ("a", "b", "kilometres"),
    [
        ((-34.6037, -58.3816), (-34.9011, -56.1645), 205.0),  # Buenos Aires, Montevideo
        ((-15.7939, -47.8828), (-22.9068, -43.1729), 932.0),  # Brasília, Rio de Janeiro
        ((0.0, 179.5), (0.0, -179.5), 111.2),  # across the date line
        ((90.0, 0.0), (-90.0, 0.0), 20015.1),
    ],
)
def test_distances_on_the_globe(a: tuple[float, float], b: tuple[float, float], kilometres: float) -> None:
    """Known distances come out right to one percent."""
    assert distance_km(a, b) == pytest.approx(kilometres, rel=0.01)


@given(points, points)
def test_distance_is_a_metric_on_any_two_points(a: tuple[float, float], b: tuple[float, float]) -> None:
    """It is symmetric, zero to itself and never more than half the globe."""
    assert distance_km(a, a) == 0
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert 0 <= distance_km(a, b) <= 20015.2


@pytest.mark.parametrize(
    ("kilometres", "words"),
    [
        (0, "0 metros"),
        (0.3449, "340 metros"),
        (0.994, "990 metros"),
        (0.9951, "1,0 km"),
        (3.44, "3,4 km"),
        (9.96, "10 km"),
        (205.3, "205 km"),
    ],
)
def test_a_distance_reads_naturally(kilometres: float, words: str) -> None:
    """Short distances are told in metres, long ones without decimals."""
    assert in_words(kilometres) == words


def test_somebody_at_the_club_is_at_no_distance() -> None:
    """The latitude and longitude of a WhatsApp location arrive as numbers."""
    response, _ = play(MeasureDistance(), latitude=CLUB[0], longitude=CLUB[1])
    assert response["text"] == "Estás a 0 metros del club."


def test_a_location_without_coordinates_is_asked_for_again() -> None:
    """Half a location is no error of the action server."""
    response, _ = play(MeasureDistance(), latitude=CLUB[0])
    assert response["text"] == "No pude leer tu ubicación. ¿Me la mandás de nuevo?"


def test_the_map_is_a_picture_with_a_caption(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text and image go in one response, and a trailing slash of the base does not double."""
    monkeypatch.setenv("CLUB_MEDIA_URL", "http://127.0.0.1:9000/media/")
    response, _ = play(SendMap())
    assert response["image"] == "http://127.0.0.1:9000/media/mapa.png"
    assert response["text"] == "Este es el mapa del club."


def test_the_regulations_are_a_document_with_a_file_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A WhatsApp document carries the name under which a phone saves it."""
    monkeypatch.setenv("CLUB_MEDIA_URL", "http://127.0.0.1:9000/media")
    response, _ = play(SendDocument())
    assert response["custom"] == {
        "type": "document",
        "document": {
            "link": "http://127.0.0.1:9000/media/reglamento.pdf",
            "filename": "Reglamento del club.pdf",
            "caption": "El reglamento completo, en PDF.",
        },
    }


@pytest.mark.parametrize("action", [SendMap(), SendDocument()], ids=["map", "document"])
def test_without_a_media_address_the_bot_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, action: Action
) -> None:
    """No link that WhatsApp could not fetch is ever sent."""
    monkeypatch.delenv("CLUB_MEDIA_URL", raising=False)
    response, _ = play(action)
    assert response["text"] == NOT_CONFIGURED
    assert not response["image"]
    assert not response["custom"]


def test_a_photo_is_thanked_for_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The log has what is needed to download the photo, the answer has its caption."""
    with caplog.at_level(logging.INFO):
        response, _ = play(ReceivePhoto(), media_id="1013", mime_type="image/jpeg", caption="Cancha 2")
    assert caplog.messages == ["Foto recibida: 1013 (image/jpeg)"]
    assert response["text"] == "¡Gracias por la foto de «Cancha 2»! Se la paso a la administración."


@pytest.mark.parametrize(
    ("entities", "text"),
    [
        ({}, "Recordatorio: tenés una reserva en el club."),
        ({"instalacion": "Tenis"}, "Recordatorio: tenés una reserva en Tenis."),
        ({"instalacion": "Tenis", "hora": "18:00"}, "Recordatorio: tenés una reserva en Tenis a las 18:00."),
    ],
)
def test_a_reminder_says_as_much_as_it_was_told(entities: dict[str, str], text: str) -> None:
    """The system that triggers it may name the facility and the hour."""
    response, _ = play(RemindBooking(), **entities)
    assert response["text"] == text


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (ShowWebsite(), m.CtaUrl),
        (AskPlace(), m.LocationRequest),
        (SendNotice(), m.Template),
        (ShowFacilities(), m.Carousel),
    ],
    ids=["website", "place", "notice", "facilities"],
)
def test_whatsapp_shows_its_own_kind_of_message(
    action: Action, message: type[m.Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other channels show words in its place."""
    monkeypatch.setenv("CLUB_MEDIA_URL", "https://club.example/media")
    response, _ = play(action)
    assert [type(each) for each in render(response).messages] == [message]
    assert response["text"]


def test_a_notice_of_several_lines_is_one_line() -> None:
    """The system that triggers it may write as it likes; a template's value has no line breaks."""
    response, _ = play(SendNotice(), aviso="La pileta\n\tcierra       hoy.")
    [notice] = render(response).messages
    assert isinstance(notice, m.Template)
    assert notice.body == ("La pileta cierra hoy.",)


def test_each_facility_has_its_own_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is in the bot's folder."""
    monkeypatch.setenv("CLUB_MEDIA_URL", "https://club.example/media")
    response, _ = play(ShowFacilities())
    (carousel,) = render(response).messages
    assert isinstance(carousel, m.Carousel)
    names = [card.header.link.removeprefix("https://club.example/media/") for card in carousel.cards]
    assert names == ["pileta.png", "tenis.png", "sum.png"]
    assert all((SAMPLE_BOT / "media" / name).is_file() for name in names)


def test_the_map_over_the_website_is_a_file_of_the_bot() -> None:
    """It is uploaded by its name."""
    response, _ = play(ShowWebsite())
    (site,) = render(response).messages
    assert isinstance(site, m.CtaUrl)
    assert site.header == m.Image(link="media://mapa.png")


def test_praise_gets_a_heart() -> None:
    """On the message itself on WhatsApp, in words elsewhere."""
    praise = events.Text(id="wamid.1", body="me encanta el club")
    tracker = Tracker.from_dict(
        {"sender_id": "1", "latest_message": {"metadata": {"whatsapp": events.to_builtins(praise)}}}
    )
    dispatcher = CollectingDispatcher()
    ReactToPraise().run(dispatcher, tracker, {})
    assert render(dispatcher.messages[0]).messages == (m.Reaction("wamid.1", "❤️"),)
    response, _ = play(ReactToPraise())
    assert (response["text"], response["custom"]) == ("❤️", {})


def test_without_a_media_address_there_is_no_carousel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pictures must be public."""
    monkeypatch.delenv("CLUB_MEDIA_URL", raising=False)
    response, _ = play(ShowFacilities())
    assert response["text"] == NOT_CONFIGURED


def answered(action: Action, event: events.Message) -> dict[str, Any]:
    """The only response of an action to what came by WhatsApp."""
    tracker = Tracker.from_dict(
        {"sender_id": "1", "latest_message": {"metadata": {"whatsapp": events.to_builtins(event)}}}
    )
    dispatcher = CollectingDispatcher()
    action.run(dispatcher, tracker, {})
    (response,) = dispatcher.messages
    return response


@pytest.mark.parametrize(
    ("action", "answers", "summary"),
    [
        (
            ConfirmCourt(),
            {"cancha": "2", "dia": "2026-12-01", "hora": "18:00"},
            "Reservaste la cancha 2: 2026-12-01, 18:00.",
        ),
        (
            ConfirmMembership(),
            {"nombre": "María Paz", "correo": "maria@example.org", "foto": [{"id": "1"}]},
            "¡Te damos la bienvenida al club, María Paz! "
            "Ya tenemos tu foto; el carnet llega a maria@example.org.",
        ),
    ],
    ids=["court", "membership"],
)
def test_a_completed_form_is_summed_up(action: Action, answers: dict[str, Any], summary: str) -> None:
    """From the reply itself."""
    reply = events.FlowReply(id="wamid.1", answers=answers)
    assert answered(action, reply)["text"] == summary


@pytest.mark.parametrize(
    ("action", "form"),
    [(ConfirmCourt(), "reservar_cancha"), (ConfirmMembership(), "hacerme_socio")],
    ids=["court", "membership"],
)
@pytest.mark.parametrize(
    "event",
    [events.Text(id="wamid.1", body="cancha lista"), events.FlowReply(id="wamid.1"), None],
    ids=["words", "nothing filled in", "another channel"],
)
def test_nothing_is_confirmed_that_no_form_brought(
    action: Action, form: str, event: events.Message | None
) -> None:
    """Whatever the classifier takes words for, and whatever entities are typed: the form is offered."""
    if event is None:
        response, _ = play(action, cancha="9", nombre="María", correo="maria@example.org")
        assert response is not None
    else:
        response = answered(action, event)
    (offer,) = render(response).messages
    assert isinstance(offer, m.Flow)
    assert offer.flow_name == form
