"""A domain file gives header, footer and list labels under ``metadata: {whatsapp: {...}}``."""

from __future__ import annotations

from typing import Any

from rasa_whatsapp.messages import Button, Buttons, Image, List, Row, Text
from rasa_whatsapp.rendering import render

YES = [{"title": "Sí", "payload": "/yes"}]


def looks(**whatsapp: Any) -> dict[str, Any]:
    return {"metadata": {"whatsapp": whatsapp}}


def options(count: int) -> list[dict[str, str]]:
    return [{"title": f"Opción {n}", "payload": f"/o{n}"} for n in range(count)]


def test_header_and_footer_frame_the_buttons() -> None:
    """They get WhatsApp's own places."""
    rendering = render({"text": "¿Seguimos?", "buttons": YES} | looks(header="Club", footer="Hasta las 22"))
    assert rendering.messages == (
        Buttons("¿Seguimos?", [Button("/yes", "Sí")], header="Club", footer="Hasta las 22"),
    )


def test_without_buttons_they_are_part_of_the_text() -> None:
    """A plain text has no header, so nothing is lost."""
    assert render({"text": "Hola"} | looks(header="Club", footer="Fin")).messages == (
        Text("Club\n\nHola\n\nFin"),
    )


def test_what_is_too_long_for_its_place_is_part_of_the_body() -> None:
    """Header and footer have room for 60."""
    header, footer = "h" * 61, "f" * 61
    (message,) = render({"text": "¿?", "buttons": YES} | looks(header=header, footer=footer)).messages
    assert message == Buttons(f"{header}\n\n¿?\n\n{footer}", [Button("/yes", "Sí")])


def test_a_picture_takes_the_place_of_the_header() -> None:
    """The header's words move into the body."""
    image = "https://club.example/court.jpg"
    (message,) = render({"text": "¿?", "image": image, "buttons": YES} | looks(header="Club")).messages
    assert message == Buttons("Club\n\n¿?", [Button("/yes", "Sí")], header=Image(link=image))


def test_a_list_gets_label_and_sections() -> None:
    """Sections take the rows in order; rows beyond the counts stay in the last one."""
    sections = [{"title": "Deportes", "count": 2}, {"title": "Salones", "count": 1}]
    (message,) = render(
        {"text": "¿?", "buttons": options(5)} | looks(list_button="Ver", sections=sections)
    ).messages
    assert isinstance(message, List)
    assert message.button == "Ver"
    assert [(section.title, len(section.rows)) for section in message.sections] == [
        ("Deportes", 2),
        ("Salones", 3),
    ]


def test_sections_make_a_list_of_even_few_choices() -> None:
    """Reply buttons have no sections."""
    (message,) = render({"text": "¿?", "buttons": options(1)} | looks(sections=["Deportes"])).messages
    assert isinstance(message, List)
    assert message.sections[0].title == "Deportes"
    assert list(message.sections[0].rows) == [Row("/o0", "Opción 0")]


def test_over_several_lists_the_header_comes_first_and_the_footer_last() -> None:
    """They frame the whole answer; a section goes on in the next list."""
    sections = [{"title": "Deportes", "count": 8}, {"title": "Salones"}]
    first, second = render(
        {"text": "¿?", "buttons": options(12)} | looks(header="Club", footer="Fin", sections=sections)
    ).messages
    assert isinstance(first, List)
    assert isinstance(second, List)
    assert (first.header, first.footer, second.header, second.footer) == ("Club", "", "", "Fin")
    assert [section.title for section in second.sections] == ["Deportes", "Salones"]


def test_long_labels_are_cut_and_logged() -> None:
    """The label has room for 20, a section title for 24."""
    rendering = render(
        {"text": "¿?", "buttons": options(4)}
        | looks(
            list_button="Ver todas las opciones del club", sections=["Deportes al aire libre y bajo techo"]
        )
    )
    (message,) = rendering.messages
    assert isinstance(message, List)
    assert (message.button, message.sections[0].title) == ("Ver todas las…", "Deportes al aire libre…")
    assert rendering.cuts == (
        "metadata.whatsapp.list_button: 31 characters, cut to 20",
        "metadata.whatsapp.sections[0].title: 35 characters, cut to 24",
    )


def test_mistakes_are_problems_and_the_message_still_goes() -> None:
    """A misspelt key, a header that is no text and a wrong count are named."""
    sections = [{"count": 2}, {"title": "A", "count": "two"}]
    rendering = render({"text": "Hola"} | looks(heder="x", header={"a": 1}, sections=sections))
    assert rendering.messages == (Text("Hola"),)
    assert [problem.split(":")[0] for problem in rendering.problems] == [
        "metadata.whatsapp.heder",
        "metadata.whatsapp.header",
        "metadata.whatsapp.sections[0]",
        "metadata.whatsapp.sections[1].count",
    ]
