"""A bot offers choices, from one to many."""

from __future__ import annotations

import pytest

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Button, Buttons, List, Row, Section
from rasa_whatsapp.rendering import Options, render


def offer(count: int) -> dict[str, object]:
    return {
        "text": "¿Cuál?",
        "buttons": [{"title": f"Opción {n}", "payload": f"/o{n}"} for n in range(count)],
    }


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_choices_are_reply_buttons(count: int) -> None:
    """Few short choices can be tapped directly."""
    buttons = [Button(f"/o{n}", f"Opción {n}") for n in range(count)]
    assert render(offer(count)).messages == (Buttons("¿Cuál?", buttons),)


@pytest.mark.parametrize("count", [4, 10])
def test_four_to_ten_choices_are_one_list(count: int) -> None:
    """More choices open as a list."""
    rows = [Row(f"/o{n}", f"Opción {n}") for n in range(count)]
    assert render(offer(count)).messages == (List("¿Cuál?", "Menu", [Section(rows=rows)]),)


@pytest.mark.parametrize(("count", "sizes"), [(11, [5, 6]), (20, [10, 10]), (25, [8, 8, 9])])
def test_more_than_ten_choices_are_several_lists_of_about_equal_length(count: int, sizes: list[int]) -> None:
    """No list is left with a single row, all rows keep their order, later lists are numbered."""
    messages = render(offer(count)).messages
    rows = [section.rows for message in messages for section in message.sections]
    assert sorted(map(len, rows)) == sizes
    assert [row.id for section in rows for row in section] == [f"/o{n}" for n in range(count)]
    assert [message.body for message in messages] == [
        "¿Cuál?",
        *(f"¿Cuál? ({number}/{len(sizes)})" for number in range(2, len(sizes) + 1)),
    ]


def test_a_long_text_is_not_said_again_over_each_list() -> None:
    """The number alone tells that the list goes on."""
    text = "Reglamento. " * 12
    assert [message.body for message in render({**offer(12), "text": text}).messages] == [text, "2/2"]


def test_quick_replies_are_buttons() -> None:
    """Quick replies are offered like buttons, and beside them."""
    (message,) = render(
        {
            "text": "¿Y?",
            "buttons": [{"title": "Uno", "payload": "/one"}],
            "quick_replies": [{"content_type": "text", "title": "Dos", "payload": "/two"}],
        }
    ).messages
    assert message == Buttons("¿Y?", [Button("/one", "Uno"), Button("/two", "Dos")])


def test_facebook_postbacks_are_buttons() -> None:
    """The generic Facebook form is understood."""
    (message,) = render(
        {"text": "¿Y?", "buttons": [{"type": "postback", "title": "A", "payload": "/a"}]}
    ).messages
    assert message == Buttons("¿Y?", [Button("/a", "A")])


def test_a_button_may_be_no_more_than_its_title() -> None:
    """A button without payload sends its title, and a plain word is a button."""
    (message,) = render({"text": "¿Y?", "buttons": [{"title": "Sí", "payload": None}, "No"]}).messages
    assert message == Buttons("¿Y?", [Button("Sí", "Sí"), Button("No", "No")])


def test_a_button_without_title_shows_its_payload() -> None:
    """WhatsApp demands a title."""
    (message,) = render({"text": "¿Y?", "buttons": [{"title": "", "payload": "/a"}]}).messages
    assert message == Buttons("¿Y?", [Button("/a", "/a")])


def test_a_button_with_nothing_is_a_problem() -> None:
    """Without title and payload there is nothing to show; the other buttons stay."""
    rendering = render({"text": "¿Y?", "buttons": [{}, {"title": "Sí"}]})
    assert rendering.messages == (Buttons("¿Y?", [Button("Sí", "Sí")]),)
    assert rendering.problems == ("buttons[0]: a button needs a title or a payload",)


def test_the_default_words_can_be_set() -> None:
    """Label and body that WhatsApp demands come from the options."""
    response = offer(4) | {"text": None}
    (message,) = render(response, Options(list_button="Opciones", body="Elegí:")).messages
    assert isinstance(message, List)
    assert (message.button, message.body) == ("Opciones", "Elegí:")


@pytest.mark.parametrize("words", [{"list_button": " "}, {"list_button": "x" * 21}, {"body": ""}])
def test_default_words_that_whatsapp_rejects_are_refused_at_once(words: dict[str, str]) -> None:
    """A wrong default is found when it is set, not when the first list is sent."""
    with pytest.raises(MessageError):
        Options(**words)
