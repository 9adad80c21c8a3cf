"""A person taps a button, and Rasa must get exactly the payload that the bot put on it."""

from __future__ import annotations

import pytest

from rasa_whatsapp.messages import Buttons, List
from rasa_whatsapp.rendering import PAYLOAD_PREFIX, Rendering, render


def tapped(rendering: Rendering) -> list[str]:
    """Return what Rasa gets for each button of the only message."""
    (message,) = rendering.messages
    if isinstance(message, Buttons):
        ids = [button.id for button in message.buttons]
    else:
        assert isinstance(message, List)
        ids = [row.id for section in message.sections for row in section.rows]
    assert len(set(ids)) == len(ids)
    return [rendering.payloads[i] if i.startswith(PAYLOAD_PREFIX) else i for i in ids]


def offering(*payloads: str) -> dict[str, object]:
    return {"text": "¿Cuál?", "buttons": [{"title": f"T{n}", "payload": p} for n, p in enumerate(payloads)]}


def test_an_ordinary_payload_is_the_id_itself() -> None:
    """Nothing has to be kept for it."""
    rendering = render(offering('/choose{"sport": "tenis"}'))
    assert tapped(rendering) == ['/choose{"sport": "tenis"}']
    assert rendering.payloads == {}


@pytest.mark.parametrize(
    "payload",
    ["/inform" + "x" * 250, " /space", "/space\n", "", "   ", PAYLOAD_PREFIX + "forged", "🎾" * 129],
    ids=["too long", "space before", "space after", "empty", "blank", "looks like ours", "long in UTF-16"],
)
def test_a_payload_that_cannot_be_an_id_is_kept_under_a_short_one(payload: str) -> None:
    """It comes back unchanged through the payloads of the rendering."""
    rendering = render(offering(payload, "/other"))
    assert tapped(rendering) == [payload, "/other"]
    assert list(rendering.payloads.values()) == [payload]


def test_a_list_row_has_less_room_than_a_button() -> None:
    """An id of 201 fits a button but not a row."""
    payload = "/" + "x" * 200
    assert render(offering(payload)).payloads == {}
    rendering = render(offering(payload, "/1", "/2", "/3"))
    assert tapped(rendering) == [payload, "/1", "/2", "/3"]
    assert list(rendering.payloads.values()) == [payload]


def test_equal_payloads_get_different_ids() -> None:
    """WhatsApp rejects equal ids, and the payloads come back equal all the same."""
    assert tapped(render(offering("/same", "/same", "/same"))) == ["/same"] * 3


def test_short_ids_are_the_same_every_time() -> None:
    """A response that is rendered again after a crash gives the same JSON."""
    assert render(offering("", " ")) == render(offering("", " "))


def test_short_ids_are_of_one_conversation() -> None:
    """So that what is kept for one person can be erased, and the other's stays."""
    one, other = render(offering(" "), conversation="1"), render(offering(" "), conversation="2")
    assert tapped(one) == tapped(other) == [" "]
    assert not set(one.payloads) & set(other.payloads)


def test_a_payload_that_is_no_text_comes_back_as_text() -> None:
    """Numbers become digits, mappings become JSON."""
    rendering = render(
        {"text": "¿Cuál?", "buttons": [{"title": "A", "payload": 7}, {"title": "B", "payload": {"a": "ñ"}}]}
    )
    assert tapped(rendering) == ["7", '{"a": "ñ"}']
