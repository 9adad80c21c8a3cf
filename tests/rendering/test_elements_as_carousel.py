"""A bot shows elements: pictures with a title and something to tap, side by side."""

from __future__ import annotations

from typing import Any

import pytest

from rasa_whatsapp.messages import Button, Buttons, Card, Carousel, CtaButton, CtaUrl, Image, Text
from rasa_whatsapp.rendering import PAYLOAD_PREFIX, render


def element(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "title": f"Cancha {number}",
        "subtitle": "Polvo de ladrillo",
        "image_url": f"https://club.example/{number}.jpg",
        "buttons": [{"type": "postback", "title": "Reservar", "payload": f"/book{number}"}],
    } | changes


def card(number: int) -> Card:
    return Card(
        Image(link=f"https://club.example/{number}.jpg"),
        f"Cancha {number}\nPolvo de ladrillo",
        replies=[Button(f"/book{number}", "Reservar")],
    )


def test_elements_that_are_alike_are_a_carousel_under_the_text() -> None:
    """Text and elements together are one message."""
    rendering = render({"text": "Elegí:", "elements": [element(1), element(2)]})
    assert rendering.messages == (Carousel("Elegí:", [card(1), card(2)]),)


def test_links_make_a_carousel_too() -> None:
    """Each card has one link, from its button or from its default action."""
    link = {"type": "web_url", "title": "Ver", "url": "https://club.example/1"}
    page = {"type": "web_url", "url": "https://club.example/2"}
    rendering = render(
        {"elements": [element(1, buttons=[link]), element(2, buttons=[], default_action=page)]}
    )
    (carousel,) = rendering.messages
    assert isinstance(carousel, Carousel)
    assert [item.url for item in carousel.cards] == [
        CtaButton("Ver", "https://club.example/1"),
        CtaButton("club.example", "https://club.example/2"),
    ]


def test_a_page_beside_a_choice_is_a_line_of_the_card() -> None:
    """A card has one kind of button; the page stays readable."""
    page = {"type": "web_url", "url": "https://club.example/2"}
    (carousel,) = render({"elements": [element(1), element(2, default_action=page)]}).messages
    assert isinstance(carousel, Carousel)
    assert carousel.cards[1].body == "Cancha 2\nPolvo de ladrillo\nhttps://club.example/2"
    assert carousel.cards[1].replies == (Button("/book2", "Reservar"),)


def test_more_than_ten_elements_are_several_carousels() -> None:
    """Eleven cards are six and five, never ten and a single one."""
    messages = render({"elements": [element(n) for n in range(11)]}).messages
    assert sorted(len(message.cards) for message in messages) == [5, 6]
    assert messages[1].body == "2/2"


def test_equal_payloads_on_different_cards_come_back_unchanged() -> None:
    """Ids differ over the whole carousel."""
    more = [{"title": "Más", "payload": "/more"}]
    rendering = render({"elements": [element(1, buttons=more), element(2, buttons=more)]})
    ids = [item.replies[0].id for item in rendering.messages[0].cards]
    assert ids[0] == "/more"
    assert ids[1].startswith(PAYLOAD_PREFIX)
    assert rendering.payloads == {ids[1]: "/more"}


@pytest.mark.parametrize(
    "changes",
    [
        {"image_url": None},
        {"image_url": "court.jpg"},
        {"buttons": None},
        {"buttons": [{"title": "Reservar la cancha ahora", "payload": "/a"}]},
        {"buttons": [{"title": "A", "payload": "/a"}, {"title": "B", "payload": "/b"}]},
        {"buttons": [{"title": "Web", "url": "tel:1"}]},
        {"subtitle": "x" * 160},
        {"subtitle": "a\nb\nc"},
        {"image_url": "https://club.example/film.mp4"},
    ],
    ids=[
        "no picture",
        "picture without link",
        "no button",
        "long title",
        "more buttons",
        "no web link",
        "long body",
        "many lines",
        "a film among pictures",
    ],
)
def test_elements_that_cannot_be_cards_are_one_message_each(changes: dict[str, Any]) -> None:
    """WhatsApp's carousel wants alike cards; anything else keeps its content in messages of its own."""
    messages = render({"text": "Elegí:", "elements": [element(1), element(2, **changes)]}).messages
    assert messages[0] == Text("Elegí:")
    assert messages[1] == Buttons(
        "Cancha 1\nPolvo de ladrillo",
        [Button("/book1", "Reservar")],
        header=Image(link="https://club.example/1.jpg"),
    )
    assert not any(isinstance(message, Carousel) for message in messages)


def test_one_element_is_an_ordinary_message() -> None:
    """A carousel starts at two cards."""
    link = {"type": "web_url", "title": "Ver", "url": "https://club.example/1"}
    rendering = render({"elements": [element(1, buttons=[link])]})
    assert rendering.messages == (
        CtaUrl(
            "Cancha 1\nPolvo de ladrillo",
            "Ver",
            "https://club.example/1",
            header=Image(link="https://club.example/1.jpg"),
        ),
    )


def test_the_generic_template_is_understood() -> None:
    """Facebook wraps elements into an attachment of type template."""
    template = {
        "type": "template",
        "payload": {"template_type": "generic", "elements": [element(1), element(2)]},
    }
    assert render({"attachment": template}).messages == (Carousel("👇", [card(1), card(2)]),)


def test_a_long_text_goes_before_the_carousel() -> None:
    """The body has room for 1024; the head is said first."""
    text = "a" * 900 + "\n\n" + "b" * 900
    head, carousel = render({"text": text, "elements": [element(1), element(2)]}).messages
    assert head == Text("a" * 900)
    assert isinstance(carousel, Carousel)
    assert carousel.body == "b" * 900


def test_an_element_without_anything_shows_nothing() -> None:
    """Not even its braces."""
    assert render({"text": "Elegí:", "elements": [{}]}).messages == (Text("Elegí:"),)
