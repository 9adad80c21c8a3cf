"""What the person sent, as the typed event behind the latest user message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_whatsapp import events

METADATA_KEY = "whatsapp"
"""Under this key of a message's metadata the channel puts the event."""


def incoming(tracker: Any) -> events.Event | None:
    """Returns what WhatsApp said in the latest user message of a conversation.

    It is read from the message's metadata alone, which only the channel writes; never from entities, which a
    person could type.

    Args:
        tracker: rasa_sdk's ``Tracker``, or its state as a mapping.

    Returns:
        A message such as ``events.Location``, with ``sender``, ``number``, ``context`` and ``referral``; an
        ``events.Status`` where ``delivery_failed_intent`` told of a message that did not arrive; None when
        the latest message came by another channel, or from ``trigger_intent`` or a reminder.
    """
    event = latest_metadata(tracker, METADATA_KEY)
    if not isinstance(event, Mapping):
        return None
    try:
        return events.decode(dict(event))
    except ValueError:
        # Another channel, or a front end of its own, may use the same key for something else.
        return None


def latest_metadata(tracker: Any, key: str) -> Any:
    """What stands under a key in the metadata of a conversation's latest user message."""
    if isinstance(tracker, Mapping):
        latest = tracker.get("latest_message")
    else:
        latest = getattr(tracker, "latest_message", None)
    return _inside(_inside(latest, "metadata"), key)


def _inside(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None
