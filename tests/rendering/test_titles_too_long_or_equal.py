"""A bot's button titles do not fit, or say the same."""

from __future__ import annotations

from rasa_whatsapp.messages import Buttons, List, Row
from rasa_whatsapp.rendering import render


def rows_of(*titles: str) -> list[Row]:
    (message,) = render(
        {"text": "¿Cuál?", "buttons": [{"title": t, "payload": f"/{n}"} for n, t in enumerate(titles)]}
    ).messages
    assert isinstance(message, List)
    return [row for section in message.sections for row in section.rows]


def test_one_title_over_twenty_makes_a_list() -> None:
    """A row has room for 24 where a reply button has 20."""
    assert rows_of("Pileta", "Cancha de tenis número 1") == [
        Row("/0", "Pileta"),
        Row("/1", "Cancha de tenis número 1"),
    ]


def test_a_title_over_twenty_four_is_cut_at_a_word_and_shown_whole_below() -> None:
    """The row's description says the whole title."""
    whole = "Reservar la cancha de tenis número 1"
    assert rows_of("Pileta", whole) == [Row("/0", "Pileta"), Row("/1", "Reservar la cancha de…", whole)]


def test_a_title_too_long_even_for_the_description_is_spelled_out_in_the_text() -> None:
    """Not a word of a title is lost."""
    whole = "Reservar la cancha de tenis " * 4 + "para hoy"
    rendering = render({"text": "¿Cuál?", "buttons": [{"title": whole, "payload": "/0"}]})
    (message,) = rendering.messages
    assert isinstance(message, List)
    assert message.body == f"¿Cuál?\n\n• {whole}"
    assert message.sections[0].rows[0].description.startswith("Reservar la cancha de tenis Reservar")
    assert rendering.cuts == ("buttons[0].title: 120 characters, a row shows 24",)


def test_equal_titles_are_numbered() -> None:
    """WhatsApp rejects equal titles, and a person could not choose between them."""
    rendering = render({"text": "¿Cuál?", "buttons": [{"title": "Sí", "payload": f"/{n}"} for n in range(3)]})
    (message,) = rendering.messages
    assert isinstance(message, Buttons)
    assert [button.title for button in message.buttons] == ["Sí", "Sí (2)", "Sí (3)"]
    assert len(rendering.cuts) == 2


def test_a_number_that_is_already_taken_is_skipped() -> None:
    """The number never makes a new pair of equal titles."""
    titles = ["Sí", "Sí (2)", "Sí"]
    (message,) = render({"text": "¿Cuál?", "buttons": titles}).messages
    assert [button.title for button in message.buttons] == ["Sí", "Sí (2)", "Sí (3)"]


def test_titles_that_are_equal_once_cut_are_numbered_within_the_limit() -> None:
    """Two long titles with the same beginning stay different rows."""
    rows = rows_of("Reservar la cancha de tenis 1", "Reservar la cancha de tenis 2")
    assert [row.title for row in rows] == ["Reservar la cancha de…", "Reservar la cancha… (2)"]
    assert [row.description for row in rows] == [
        "Reservar la cancha de tenis 1",
        "Reservar la cancha de tenis 2",
    ]


def test_a_title_over_several_lines_becomes_one_line() -> None:
    """A button has one line."""
    (message,) = render({"text": "¿Cuál?", "buttons": [{"title": " Sí,\n claro ", "payload": "/0"}]}).messages
    assert message.buttons[0].title == "Sí, claro"
