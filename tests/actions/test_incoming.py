"""A custom action reads what the person sent."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
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


FAILED = events.Status(
    id="wamid.9",
    status="failed",
    recipient=events.Person(phone="5561999990001"),
    number=events.Number(),
    outbox_id="0a1b",
)


@pytest.mark.parametrize(
    ("event", "message_id"),
    [
        (PLACE, "wamid.1"),
        (PLACE, None),
        (FAILED, FAILED.turn),
        (msgspec.structs.replace(FAILED, recipient=events.Person()), FAILED.turn),  # as with a pseudonym
    ],
)
def test_the_channel_gives_the_turn_the_id_of_its_event(event: events.Event, message_id: str | None) -> None:
    """By which it is known that the metadata is the channel's; an older Rasa may not tell it."""
    posted = state({"whatsapp": events.to_builtins(event)})
    posted["latest_message"]["message_id"] = message_id
    assert actions.incoming(Tracker.from_dict(posted)) == event


@pytest.mark.parametrize("event", [PLACE, FAILED, msgspec.structs.replace(PLACE, id="")])
def test_what_another_channel_passes_on_is_not_believed(event: events.Event) -> None:
    """Rasa's REST channel takes metadata, and its own name, from whoever may post: a reply could be forged.

    The message's id it makes up itself.
    """
    forged = {"whatsapp": events.to_builtins(event), "whatsapp_flow": {"screen": "PAID", "action": "INIT"}}
    tracker = Tracker.from_dict(heard_by_rasa(UserMessage("oi", input_channel="whatsapp", metadata=forged)))
    assert tracker.latest_message["metadata"] == forged
    assert actions.incoming(tracker) is None
    assert actions.flow_request(tracker) is None
    if event.id:
        id = event.turn if isinstance(event, events.Status) else event.key
        ours = UserMessage("oi", input_channel="whatsapp", metadata=forged, message_id=id)
        assert actions.incoming(Tracker.from_dict(heard_by_rasa(ours))) == event


def heard_by_rasa(message: UserMessage) -> dict[str, Any]:
    """What Rasa posts to the action server in the turn of a message."""
    said = UserUttered(
        message.text,
        input_channel=message.input_channel,
        message_id=message.message_id,
        metadata=message.metadata,
    )
    state: dict[str, Any] = DialogueStateTracker.from_events("x", [said]).current_state(EventVerbosity.ALL)
    return state


@pytest.mark.parametrize("tracker", [{}, {"latest_message": None}, None])
def test_without_a_message_there_is_none(tracker: Any) -> None:
    """A conversation may begin with an action."""
    assert actions.incoming(tracker) is None
