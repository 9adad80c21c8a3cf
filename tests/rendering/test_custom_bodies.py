"""A bot sends a raw Cloud API body as ``custom``, or in the metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Location, Text
from rasa_whatsapp.rendering import read_custom, render

PLACE = {"type": "location", "location": {"latitude": -34.6, "longitude": -58.4, "name": "Club"}}
HELLO = {"type": "text", "text": {"body": "Hola"}}


@pytest.mark.parametrize(
    "custom", [PLACE, [PLACE], {"whatsapp": PLACE}, {"whatsapp": [PLACE], "telegram": {}}]
)
def test_a_body_is_sent_as_a_typed_message(custom: object) -> None:
    """One body or a list, plain or under the channel's name."""
    assert render({"custom": custom}).messages == (Location(-34.6, -58.4, "Club"),)


def test_text_goes_before_custom() -> None:
    """Rasa's order is kept."""
    rendering = render({"custom": [PLACE, HELLO], "text": "Estamos acá:"})
    assert [type(message) for message in rendering.messages] == [Text, Location, Text]


@pytest.mark.parametrize(
    "custom", [{"slack": {"blocks": []}}, {"type": "teapot"}, "hello", {"text": {"body": ""}}]
)
def test_a_body_that_is_not_for_whatsapp_is_a_problem_and_the_rest_is_sent(custom: object) -> None:
    """The person still gets the words, and the log names what was wrong."""
    rendering = render({"text": "Hola", "custom": custom})
    assert rendering.messages == (Text("Hola"),)
    assert len(rendering.problems) == 1
    assert rendering.problems[0].startswith("not sent: custom")


def test_half_an_emoji_in_a_body_does_not_stop_it() -> None:
    """As in any other text, U+FFFD stands in its place; here a program cut a text within an emoji."""
    custom = {"type": "text", "text": {"body": "Hola \ud83d"}, "new": {"of \ud83d": 10**30}}
    [message] = render({"custom": custom}).messages
    assert message == Text("Hola \ufffd", extra={"new": {"of \ufffd": str(10**30)}})


def test_one_bad_body_does_not_stop_the_others() -> None:
    """Each body of a list stands for itself, and the problem names its place."""
    rendering = render({"custom": [HELLO, {"type": "teapot"}, HELLO]})
    assert rendering.messages == (Text("Hola"), Text("Hola"))
    assert rendering.problems[0].startswith("not sent: custom[1].type")


def test_reading_strictly_raises() -> None:
    """Whoever wants an error instead of a log line gets one that names the place."""
    assert read_custom([HELLO]) == [Text("Hola")]
    with pytest.raises(MessageError, match=r"^custom\[1\]: must be a Cloud API body"):
        read_custom([HELLO, 5])


@pytest.mark.parametrize("custom", [None, {}, [], ""])
def test_an_empty_custom_is_nothing(custom: object) -> None:
    """Rasa may leave the key there with nothing in it."""
    rendering = render({"text": "Hola", "custom": custom})
    assert rendering.messages == (Text("Hola"),)
    assert rendering.problems == ()


ALONE = pytest.mark.parametrize(
    "alone",
    [
        lambda body: {"custom": {"whatsapp": [body]}},
        lambda body: {"metadata": {"whatsapp": {"messages": [body]}}},
    ],
    ids=["custom", "metadata"],
)


@ALONE
def test_what_is_made_for_whatsapp_replaces_the_rest(alone: Callable[[object], dict[str, Any]]) -> None:
    """Text, picture and buttons beside it are for channels that cannot show the message."""
    response = {"text": "Club, acceso norte", "image": "https://club.example/map.png", **alone(PLACE)}
    rendering = render(response)
    assert rendering.messages == (Location(-34.6, -58.4, "Club"),)
    assert rendering.problems == ()


@pytest.mark.parametrize("messages", [[], [{"type": "teapot"}]], ids=["none", "one that cannot be sent"])
def test_where_it_cannot_be_sent_custom_is_part_of_the_rest(messages: list[object]) -> None:
    """Only what stands in the metadata was in its place."""
    rendering = render({"text": "Club", "custom": PLACE, "metadata": {"whatsapp": {"messages": messages}}})
    assert rendering.messages == (Text("Club"), Location(-34.6, -58.4, "Club"))


@ALONE
def test_where_it_cannot_be_sent_the_rest_is(alone: Callable[[object], dict[str, Any]]) -> None:
    """The person gets the words for other channels rather than nothing."""
    rendering = render({"text": "Club", **alone({"type": "teapot"})})
    assert rendering.messages == (Text("Club"),)
    assert len(rendering.problems) == 1
