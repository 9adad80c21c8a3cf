"""A response names a file of the bot's media folder."""

from __future__ import annotations

from rasa_whatsapp.messages import Button, Buttons, Document, Image
from rasa_whatsapp.rendering import render


def test_an_image_by_name() -> None:
    """It keeps its name until it is sent."""
    rendering = render({"text": "El mapa", "image": "media://map.png", "attachment": "media://map.png"})
    assert rendering.messages == (Image(link="media://map.png", caption="El mapa"),)


def test_an_attachment_by_name() -> None:
    """Its ending says what it is, and the person sees its name."""
    rendering = render({"attachment": "media://docs/rules.pdf"})
    assert rendering.messages == (Document(link="media://docs/rules.pdf", filename="rules.pdf"),)


def test_an_image_by_name_over_buttons() -> None:
    """As with any link."""
    buttons = [{"title": "Pileta", "payload": "/pool"}]
    rendering = render({"text": "?", "image": "media://map.png", "buttons": buttons})
    header = Image(link="media://map.png")
    assert rendering.messages == (Buttons("?", [Button("/pool", "Pileta")], header=header),)


def test_a_name_that_leaves_the_folder_is_a_problem() -> None:
    """The words are sent without it."""
    rendering = render({"text": "El mapa", "image": "media://../credentials.yml"})
    assert [message.to_json()["type"] for message in rendering.messages] == ["text"]
    assert "inside the media folder" in rendering.problems[0]


def test_cards_with_pictures_by_name_are_sent_one_by_one() -> None:
    """A carousel takes only public links."""
    element = {"image_url": "media://map.png", "buttons": [{"title": "A", "payload": "/a"}]}
    rendering = render({"elements": [{"title": "1", **element}, {"title": "2", **element}]})
    assert [type(message) for message in rendering.messages] == [Buttons, Buttons]
