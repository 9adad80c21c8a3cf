"""A custom action reads what the person sent."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from rasa_whatsapp import actions, events

PLACE = events.Location(
    id="wamid.1",
    timestamp=1700000000,
    sender=events.Person(phone="5561999990001", name="Maria"),
    number=events.Number(phone_number_id="106540352242922"),
    context=events.Context(id="wamid.0"),
    latitude=-15.79,
    longitude=-47.88,
)


def state(metadata: Any) -> dict[str, Any]:
    """What Rasa posts to the action server."""
    latest = {
        "text": "/whatsapp_location",
        "entities": [{"entity": "latitude", "value": 0}],
        "metadata": metadata,
    }
    return {"sender_id": "5561999990001", "slots": {}, "latest_message": latest, "events": []}


def test_the_event_comes_back_whole() -> None:
    """Type, sender, number and context are those that WhatsApp told, whatever the entities say."""
    tracker = Tracker.from_dict(state({"whatsapp": events.to_builtins(PLACE)}))
    assert actions.incoming(tracker) == PLACE


def test_a_plain_mapping_will_do() -> None:
    """No rasa_sdk is needed to read it."""
    assert actions.incoming(state({"whatsapp": events.to_builtins(PLACE)})) == PLACE


@pytest.mark.parametrize(
    "metadata", [None, {}, "x", {"whatsapp": None}, {"whatsapp": {"event": "teapot"}}, {"whatsapp": {"a": 1}}]
)
def test_on_another_channel_there_is_none(metadata: Any) -> None:
    """An action runs in `rasa shell`, too."""
    assert actions.incoming(Tracker.from_dict(state(metadata))) is None


@pytest.mark.parametrize("tracker", [{}, {"latest_message": None}, None])
def test_without_a_message_there_is_none(tracker: Any) -> None:
    """A conversation may begin with an action."""
    assert actions.incoming(tracker) is None
