"""Rasa's responses carry more than the author wrote: None values, copies, keys for other parts."""

from __future__ import annotations

from rasa_whatsapp.messages import Audio, Carousel, Document, Image, Location, Text
from rasa_whatsapp.rendering import Rendering, render

COURT = "https://club.example/court"


def test_noise_is_ignored() -> None:
    """Keys without a value and keys that mean nothing to WhatsApp change nothing."""
    noise = {"buttons": None, "elements": None, "quick_replies": None, "attachment": None, "image": None}
    more = {"custom": {}, "timestamp": 1.5, "utter_action": "utter_hi", "model_id": "m", "assistant_id": "a"}
    assert render({"text": "Hola", "metadata": None, **noise, **more}) == Rendering((Text("Hola"),))


def test_a_key_that_nobody_reads_is_told() -> None:
    """Another connector's key would otherwise vanish without a word; the rest is sent."""
    rendering = render({"text": "Hola", "document": "https://club.example/a.pdf", "claim": "release"})
    assert rendering.messages == (Text("Hola"),)
    assert [cut.split(":")[0] for cut in rendering.cuts] == ["document", "claim"]
    assert not rendering.problems


def test_a_response_of_unknown_keys_alone_cannot_be_sent() -> None:
    """Nothing is left of it, so it has failed."""
    rendering = render({"text": None, "document": "https://club.example/a.pdf"})
    assert not rendering.messages
    assert rendering.problems[0].startswith("document: unknown, not sent;")


def test_values_for_the_braces_of_a_text_are_not_unknown() -> None:
    """``utter_message(response="utter_hi", name="Ana")``: Rasa leaves them in the response."""
    noise = {"response": "utter_hi", "template": "utter_hi", "utter_action": "utter_hi"}
    assert render({"text": "Hola, Ana: 3", "name": "Ana", "count": 3, **noise}) == Rendering(
        (Text("Hola, Ana: 3"),)
    )


def test_what_rasa_pro_tells_of_a_response_is_not_unknown() -> None:
    """It is for the tracker and the analytics."""
    told = {
        "utter_source": "ContextualResponseRephraser",
        "active_flow": "f",
        "llm_total_time_ms": 7,
        "prompts": [1],
    }
    assert render({"text": "Hola", **told, "agent_name": "a"}) == Rendering((Text("Hola"),))


def test_an_image_that_is_repeated_as_attachment_is_one_picture() -> None:
    """Rasa copies the image into the attachment when there is no other; the picture stays a picture."""
    rendering = render({"text": "Hola", "image": COURT, "attachment": COURT})
    assert rendering.messages == (Image(link=COURT, caption="Hola"),)


def test_a_repeated_picture_keeps_its_title() -> None:
    """The copy may say more than the image."""
    copy = {"type": "image", "payload": {"src": COURT, "title": "Cancha 1"}}
    assert render({"image": COURT, "attachment": copy}).messages == (Image(link=COURT, caption="Cancha 1"),)


def test_an_empty_response_is_nothing() -> None:
    """Nothing to say is no message."""
    assert render({}) == Rendering()


def test_all_parts_keep_rasas_order() -> None:
    """Text with its picture, custom, further media, elements."""
    card = {"title": "1", "image_url": f"{COURT}.jpg", "buttons": ["Sí"]}
    rendering = render(
        {
            "elements": [card, card],
            "attachment": ["https://club.example/hymn.mp3", "https://club.example/rules.pdf"],
            "image": COURT,
            "custom": {"type": "location", "location": {"latitude": 1, "longitude": 2}},
            "text": "Hola",
        }
    )
    assert [type(message) for message in rendering.messages] == [Image, Location, Audio, Document, Carousel]


def test_without_words_the_picture_follows_custom() -> None:
    """There is nothing it could join, so it stays in its own place."""
    place = {"type": "location", "location": {"latitude": 1, "longitude": 2}}
    messages = render({"image": COURT, "custom": place}).messages
    assert [type(message) for message in messages] == [Location, Image]


def test_a_log_line_never_quotes_the_message() -> None:
    """Cuts and problems go to the log, where no words of a conversation belong."""
    secret = "contraseña" * 20
    rendering = render(
        {
            "text": secret,
            "image": secret,
            "document": secret + "!",
            "attachment": {"type": secret, "payload": {"src": secret}},
            "custom": {"type": "text", "text": {"body": secret * 50}},
            "buttons": [{"title": secret, "payload": secret}] * 2,
            "metadata": {"whatsapp": {"list_button": secret, "sections": [secret]}},
        }
    )
    assert rendering.cuts
    assert rendering.problems
    assert "contraseña" not in "".join(rendering.cuts + rendering.problems)
