"""A bot shows a picture, with words and perhaps buttons."""

from __future__ import annotations

from rasa_whatsapp.messages import Button, Buttons, Document, Image, List, Text, Video, limits
from rasa_whatsapp.rendering import render

COURT = "https://club.example/court.jpg"
YES_NO = [{"title": "Sí", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]


def test_text_and_image_are_one_captioned_image() -> None:
    """The text stands under the picture, in one message."""
    rendering = render({"text": "Cancha 1", "image": COURT})
    assert rendering.messages == (Image(link=COURT, caption="Cancha 1"),)


def test_image_and_buttons_are_one_message() -> None:
    """The picture is the header of the reply buttons."""
    rendering = render({"text": "¿Reservar?", "image": COURT, "buttons": YES_NO})
    buttons = [Button("/affirm", "Sí"), Button("/deny", "No")]
    assert rendering.messages == (Buttons("¿Reservar?", buttons, header=Image(link=COURT)),)


def test_a_list_follows_its_picture() -> None:
    """A list has no place for a picture, so the picture goes first."""
    buttons = [{"title": f"Opción {n}", "payload": f"/o{n}"} for n in range(4)]
    image, options = render({"text": "¿Cuál?", "image": COURT, "buttons": buttons}).messages
    assert image == Image(link=COURT)
    assert isinstance(options, List)
    assert options.body == "¿Cuál?"


def test_a_text_too_long_for_a_caption_is_said_first() -> None:
    """Text over 1024 and up to 4096 stays in one piece, before the picture."""
    text = "palabra " * 200
    assert render({"text": text, "image": COURT}).messages == (Text(text), Image(link=COURT))


def test_a_text_too_long_for_one_message_ends_in_the_caption() -> None:
    """Text over 4096 needs two messages anyway, and the picture carries the second part."""
    text = "a" * 4000 + "\n\n" + "b" * 900
    assert render({"text": text, "image": COURT}).messages == (
        Text("a" * 4000),
        Image(link=COURT, caption="b" * 900),
    )


def test_the_head_of_a_long_text_goes_before_the_buttons() -> None:
    """Text over the body limit of 1024 is said first, and its last part stands over the buttons."""
    text = "\n\n".join("x" * 600 for _ in range(3))
    head, buttons = render({"text": text, "buttons": YES_NO}).messages
    assert head == Text("\n\n".join(["x" * 600] * 2))
    assert isinstance(buttons, Buttons)
    assert buttons.body == "x" * 600


def test_buttons_without_words_get_a_default_body() -> None:
    """WhatsApp demands a body; Rasa Pro sends buttons without one."""
    (buttons,) = render({"image": COURT, "buttons": YES_NO}).messages
    assert isinstance(buttons, Buttons)
    assert buttons.body == "👇"
    assert buttons.header == Image(link=COURT)


def test_a_video_or_document_takes_the_place_of_a_picture() -> None:
    """What can carry a caption is treated like a picture."""
    film, rules = "https://club.example/film.mp4", "https://club.example/reglas.pdf"
    assert render({"text": "Mirá", "attachment": film}).messages == (Video(link=film, caption="Mirá"),)
    assert render({"text": "Reglas", "attachment": rules}).messages == (
        Document(link=rules, filename="reglas.pdf", caption="Reglas"),
    )


def test_an_image_that_is_no_link_is_a_problem_and_the_text_still_goes() -> None:
    """A path on some machine cannot be fetched by Meta; the words reach the person all the same."""
    rendering = render({"text": "Cancha 1", "image": "/srv/court.jpg"})
    assert rendering.messages == (Text("Cancha 1"),)
    assert len(rendering.problems) == 1
    assert rendering.problems[0].startswith("image: not sent")
    assert limits.length(rendering.problems[0]) < 200
