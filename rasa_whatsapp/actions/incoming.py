"""What the person sent, as the typed event behind the latest user message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_whatsapp import events

METADATA_KEY = "whatsapp"
"""Under this key of a message's metadata the channel puts the event."""


def incoming(tracker: Any) -> events.Event | None:
    """Returns what WhatsApp said in the latest user message of a conversation.

    It is read from the message's metadata alone, never from entities, which a person could type. Rasa's REST
    channel takes metadata from whoever may post there: an event counts only where Rasa knows the message by
    the event's own id, which Rasa takes from this channel and makes up for others.

    Args:
        tracker: rasa_sdk's ``Tracker``, or its state as a mapping.

    Returns:
        A message such as ``events.Location``, with ``sender``, ``number``, ``context`` and ``referral``; an
        ``events.Status`` where ``delivery_failed_intent`` told of a message that did not arrive; None when
        the latest message came by another channel, or from ``trigger_intent`` or a reminder.
    """
    told = latest_metadata(tracker, METADATA_KEY)
    if not isinstance(told, Mapping):
        return None
    try:
        event = events.decode(dict(told))
    except ValueError:
        # Another channel, or a front end of its own, may use the same key for something else.
        return None
    return event if _is_turn_of(latest_id(tracker), event) else None


def _is_turn_of(message_id: Any, event: events.Event) -> bool:
    """Whether a turn with that message id, as far as it is known, was begun by the event."""
    return message_id in (None, event.turn if isinstance(event, events.Status) else event.key)


def latest_id(tracker: Any) -> Any:
    """Rasa's id of a conversation's latest user message; None where Rasa itself has not heard it."""
    return _inside(_latest(tracker), "message_id")


def latest_metadata(tracker: Any, key: str) -> Any:
    """What stands under a key in the metadata of a conversation's latest user message."""
    return _inside(_inside(_latest(tracker), "metadata"), key)


def _latest(tracker: Any) -> Any:
    if isinstance(tracker, Mapping):
        return tracker.get("latest_message")
    return getattr(tracker, "latest_message", None)


def _inside(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None
