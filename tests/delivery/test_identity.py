"""When somebody was last heard of, which is not always when it came here."""

from __future__ import annotations

import pytest

from rasa_whatsapp import events
from rasa_whatsapp.delivery.identity import Identity

NOW = 1_790_000_000.0
MARIA = events.Person(phone="5561999990001")


@pytest.mark.parametrize(
    ("event", "seen"),
    [
        (events.Text(id="w", sender=MARIA, timestamp=int(NOW) - 90_000, body="oi"), NOW - 90_000),
        (events.Text(id="w", sender=MARIA, timestamp=int(NOW) + 60, body="oi"), NOW),
        (events.Text(id="w", sender=MARIA, body="oi"), NOW),
        (events.NumberChanged(id="w", sender=MARIA, timestamp=int(NOW), new="5561999990002"), 0.0),
    ],
    ids=["after an outage", "by a fast clock", "without a time", "a new number"],
)
def test_only_what_somebody_writes_opens_the_window(event: events.Event, seen: float) -> None:
    """From when it was written; a template for closed windows would else not be sent."""
    contact = Identity("phone", per_number=False).arrival(event, b"{}", NOW).contact
    assert contact is not None
    assert contact.seen == seen
