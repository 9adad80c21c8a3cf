"""What Rasa is told of messages that are no text."""

from __future__ import annotations

import json
from typing import Any

from rasa_whatsapp import events
from rasa_whatsapp.intents import Declared, Understanding

PERSON = events.Person(phone="5561999990001")
NUMBER = events.Number(phone_number_id="100")


def told(event: events.Message) -> dict[str, Any]:
    """The entities behind the intent."""
    understanding = Understanding({})
    text = understanding.text(event, Declared(set(understanding.names), {"contact_name", "contact_phone"}))
    assert text is not None
    return json.loads(text[text.index("{") :] if "{" in text else "{}")


def test_every_card_is_told_with_its_phones() -> None:
    """What a card does not have is no entity."""
    ana = events.Contact(formatted_name="Ana", phones=(events.ContactPhone(phone="+55 61 1"),))
    bia = events.Contact(
        formatted_name="Bia", phones=(events.ContactPhone(wa_id="55612"), events.ContactPhone(user_id="BR.3"))
    )
    nobody = events.Contact(phones=(events.ContactPhone(user_id="BR.4"),))
    cards = {"id": "wamid.1", "sender": PERSON, "number": NUMBER}
    assert told(events.Contacts(**cards, contacts=(ana, bia))) == {
        "contact_name": ["Ana", "Bia"],
        "contact_phone": ["+55 61 1", "55612"],
    }
    assert told(events.Contacts(**cards, contacts=(ana,))) == {
        "contact_name": ["Ana"],
        "contact_phone": ["+55 61 1"],
    }
    assert "contact_phone" not in told(events.Contacts(**cards, contacts=(nobody,)))
