"""A bot sends a file: a picture, a film, a sound, a document."""

from __future__ import annotations

import pytest

from rasa_whatsapp.messages import (
    Audio,
    Button,
    Buttons,
    Document,
    Image,
    Message,
    Sticker,
    Text,
    Video,
    limits,
)
from rasa_whatsapp.rendering import render

BASE = "https://club.example/f"


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (f"{BASE}.JPG", Image(link=f"{BASE}.JPG")),
        (f"{BASE}.png?size=2", Image(link=f"{BASE}.png?size=2")),
        (f"{BASE}.mp4", Video(link=f"{BASE}.mp4")),
        (f"{BASE}.mp3", Audio(link=f"{BASE}.mp3")),
        (f"{BASE}.ogg", Audio(link=f"{BASE}.ogg")),
        (f"{BASE}.pdf", Document(link=f"{BASE}.pdf", filename="f.pdf")),
        (
            "https://club.example/a%20b.docx",
            Document(link="https://club.example/a%20b.docx", filename="a b.docx"),
        ),
        ("https://club.example", Document(link="https://club.example")),
    ],
)
def test_a_link_is_sent_as_what_its_extension_says(link: str, message: Message) -> None:
    """A bare URL has no type; the extension tells, and anything unknown is a document."""
    assert render({"attachment": link}).messages == (message,)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("image", Image(link=BASE)),
        ("video", Video(link=BASE)),
        ("audio", Audio(link=BASE)),
        ("file", Document(link=BASE, filename="f")),
        ("sticker", Sticker(link=BASE)),
    ],
)
@pytest.mark.parametrize("key", ["src", "url"])
def test_an_attachment_object_is_sent_as_its_type_says(declared: str, message: Message, key: str) -> None:
    """Rasa writes ``src``, Facebook writes ``url``."""
    assert render({"attachment": {"type": declared, "payload": {key: BASE}}}).messages == (message,)


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (f"{BASE}.webp", Sticker(link=f"{BASE}.webp")),
        (f"{BASE}.png", Image(link=f"{BASE}.png")),
        ("media://smile.png", Image(link="media://smile.png")),
        (f"{BASE}.gif", Document(link=f"{BASE}.gif", filename="f.gif")),
    ],
)
def test_only_webp_is_a_sticker(link: str, message: Message) -> None:
    """WhatsApp refuses all else as one; it reaches the person as what it is."""
    assert render({"attachment": {"type": "sticker", "payload": {"src": link}}}).messages == (message,)


@pytest.mark.parametrize("base", ["https://club.example/", "media://"])
def test_a_long_file_name_keeps_its_ending(base: str) -> None:
    """By which WhatsApp chooses the icon, and the phone the program; the log has the cut."""
    link = f"{base}{'acta-' * 49}.pdf"
    rendering = render({"attachment": link, "text": "El acta"})
    [document] = rendering.messages
    assert isinstance(document, Document)
    assert (document.link, document.caption) == (link, "El acta")
    assert document.filename.endswith("….pdf")
    assert limits.length(document.filename) == limits.FILENAME
    assert rendering.cuts == ("attachment: a file name of 249 characters, cut to 240",)
    assert limits.length(Document(link=f"media://{'a' * 245}.pdf").filename) == limits.FILENAME


def test_a_title_is_the_caption() -> None:
    """The title of an attachment is not lost, and follows the text where there is one."""
    film = {"type": "video", "payload": {"title": "La final", "src": f"{BASE}.mp4"}}
    assert render({"attachment": film}).messages == (Video(link=f"{BASE}.mp4", caption="La final"),)
    assert render({"text": "Mirá", "attachment": film}).messages == (
        Video(link=f"{BASE}.mp4", caption="Mirá\n\nLa final"),
    )


def test_a_sound_has_no_caption() -> None:
    """Its words go before it."""
    sound = {"type": "audio", "payload": {"title": "Himno", "src": f"{BASE}.mp3"}}
    assert render({"text": "Escuchá", "attachment": sound}).messages == (
        Text("Escuchá"),
        Text("Himno"),
        Audio(link=f"{BASE}.mp3"),
    )


@pytest.mark.parametrize(
    ("declared", "extension", "kind"),
    [
        ("image", "gif", Document),
        ("image", "webp", Document),
        ("video", "avi", Document),
        ("image", "mp4", Video),
    ],
)
def test_a_format_that_whatsapp_refuses_is_sent_another_way(
    declared: str, extension: str, kind: type[Message]
) -> None:
    """Meta would reject the message; so it is sent as what it is, and the log says so."""
    rendering = render({"attachment": {"type": declared, "payload": {"src": f"{BASE}.{extension}"}}})
    assert [type(message) for message in rendering.messages] == [kind]
    assert len(rendering.cuts) == 1


def test_an_extension_of_two_kinds_follows_the_declared_type() -> None:
    """An MP4 may be a sound alone."""
    sound = {"type": "audio", "payload": {"src": f"{BASE}.mp4"}}
    assert render({"attachment": sound}).messages == (Audio(link=f"{BASE}.mp4"),)


def test_image_and_attachment_are_both_sent() -> None:
    """The first joins the text, the second follows."""
    rendering = render({"text": "Hola", "image": f"{BASE}.jpg", "attachment": f"{BASE}.pdf"})
    assert rendering.messages == (
        Image(link=f"{BASE}.jpg", caption="Hola"),
        Document(link=f"{BASE}.pdf", filename="f.pdf"),
    )


def test_an_attachment_without_link_is_a_problem() -> None:
    """The words still go."""
    rendering = render({"text": "Hola", "attachment": {"type": "image", "payload": {"src": None}}})
    assert rendering.messages == (Text("Hola"),)
    assert rendering.problems[0].startswith("attachment: not sent")


def test_a_button_template_is_text_with_buttons() -> None:
    """Facebook's button template needs no attachment at all."""
    payload = {
        "template_type": "button",
        "text": "¿Cuál?",
        "buttons": [{"type": "postback", "title": "A", "payload": "/a"}],
    }
    rendering = render({"attachment": {"type": "template", "payload": payload}})
    assert rendering.messages == (Buttons("¿Cuál?", [Button("/a", "A")]),)
