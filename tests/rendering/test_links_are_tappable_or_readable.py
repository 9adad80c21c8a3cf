"""A bot's button leads to a web page."""

from __future__ import annotations

from rasa_whatsapp.messages import Button, Buttons, CtaUrl, Image, Text
from rasa_whatsapp.rendering import render

SITE = "https://club.example/reservas?id=1"


def test_a_link_alone_is_a_link_button() -> None:
    """One tap opens the page."""
    rendering = render(
        {"text": "Reservá acá", "buttons": [{"type": "web_url", "title": "Reservar", "url": SITE}]}
    )
    assert rendering.messages == (CtaUrl("Reservá acá", "Reservar", SITE),)


def test_a_link_alone_keeps_its_picture() -> None:
    """The picture is the header, and a body is made up where there is none."""
    image = "https://club.example/court.png"
    rendering = render({"image": image, "buttons": [{"title": "Reservar", "url": SITE}]})
    assert rendering.messages == (CtaUrl("👇", "Reservar", SITE, header=Image(link=image)),)


def test_a_link_beside_choices_is_a_line_of_text() -> None:
    """Reply buttons and link buttons do not mix on WhatsApp."""
    buttons = [{"title": "Sí", "payload": "/yes"}, {"title": "Web", "url": SITE}]
    rendering = render({"text": "¿Seguimos?", "buttons": buttons})
    assert rendering.messages == (Buttons(f"¿Seguimos?\n\nWeb: {SITE}", [Button("/yes", "Sí")]),)


def test_several_links_are_lines_of_text() -> None:
    """WhatsApp has room for one link button only; all of them stay readable and tappable in the text."""
    buttons = [{"title": "Web", "url": SITE}, {"url": "https://club.example"}]
    assert render({"text": "Más:", "buttons": buttons}).messages == (
        Text(f"Más:\n\nWeb: {SITE}\nhttps://club.example"),
    )


def test_a_link_that_whatsapp_cannot_open_is_a_line_of_text() -> None:
    """Only http and https can be opened from a button."""
    buttons = [{"title": "Llamar", "url": "tel:+541155550000"}]
    assert render({"text": "Hablemos", "buttons": buttons}).messages == (
        Text("Hablemos\n\nLlamar: tel:+541155550000"),
    )


def test_a_long_link_title_is_cut_and_said_whole_in_the_body() -> None:
    """The label has room for 20."""
    title = "Reservar una cancha de tenis"
    rendering = render({"text": "Hola", "buttons": [{"title": title, "url": SITE}]})
    assert rendering.messages == (CtaUrl(f"Hola\n\n{title}", "Reservar una cancha…", SITE),)
    assert rendering.cuts == ("buttons[0].title: 28 characters, cut to 20",)


def test_a_link_without_title_is_labelled_by_its_host() -> None:
    """WhatsApp demands a label."""
    assert render({"text": "Web", "buttons": [{"url": SITE}]}).messages == (
        CtaUrl("Web", "club.example", SITE),
    )


def test_a_button_with_payload_and_url_is_both() -> None:
    """Neither the payload nor the page is lost."""
    rendering = render({"text": "Hola", "buttons": [{"title": "Web", "url": SITE, "payload": "/web"}]})
    assert rendering.messages == (Buttons(f"Hola\n\nWeb: {SITE}", [Button("/web", "Web")]),)
