"""What became of our messages: sent, delivered, read, played or failed."""

from __future__ import annotations

from typing import Any

import pytest
from payload_fixtures import fixture, value_of

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse

ROW = "0123456789abcdef0123456789abcdef"
ANA = events.Person(phone="5561990000001", user_id="BR.40917", name="Ana Conceição 🌻", username="ana.c")
UNNAMED = events.Person(phone="5561990000001", user_id="BR.40917")

EXPECTED: dict[str, dict[str, Any]] = {
    "sent": {
        "status": "sent",
        "recipient": ANA,
        "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"},
        "conversation": {
            "id": "c0ffee",
            "expiration_timestamp": "1790086400",
            "origin": {"type": "service"},
        },
        "outbox_id": "",
        "opaque": "",
        "errors": (),
    },
    "delivered": {"status": "delivered", "outbox_id": ROW, "opaque": "pedido-ção-7", "pricing": None},
    "read": {"status": "read", "outbox_id": "", "opaque": "só meu", "identity_key_hash": "aGFzaA=="},
    "played": {"status": "played", "recipient": UNNAMED},
    "failed_without_contacts": {
        "status": "failed",
        "recipient": events.Person(phone="5561990000001"),
        "outbox_id": ROW,
        "opaque": "",
        "errors": (
            events.WireError(
                code=131047,
                title="Re-engagement message",
                message="Re-engagement message",
                details="Message failed to send because more than 24 hours have passed.",
                href="https://developers.facebook.com/docs/",
            ),
        ),
    },
    "to_user_id": {
        "status": "delivered",
        "recipient": events.Person(
            user_id="BR.40917", parent_user_id="BR.ENT.3", name="Ana Conceição 🌻", username="ana.c"
        ),
    },
    "payment": {
        "status": "captured",
        "type": "payment",
        "payment": {"reference_id": "ped-1", "amount": {"value": 1000, "offset": 100}},
    },
    "unknown": {"status": "warning"},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_status_arrives_with_every_field(name: str) -> None:
    """A status is no message of a person: its sender stays empty, its id is that of our message."""
    body = fixture(f"status_{name}")
    (event,) = parse(body)
    assert isinstance(event, events.Status)
    assert {field: getattr(event, field) for field in EXPECTED[name]} == EXPECTED[name]
    assert (event.id, event.timestamp, event.sender) == ("wamid.OUT1=", 1790000100, events.Person())
    assert event.number.phone_number_id == "106540352242922"
    assert event.raw == value_of(body)["statuses"][0]


def test_a_group_message_has_one_status_for_each_member() -> None:
    """One request tells of several members; each is matched with the contact of the same id."""
    ana, bea = parse(fixture("status_group"))
    assert isinstance(ana, events.Status)
    assert isinstance(bea, events.Status)
    assert ana.recipient == ANA
    assert bea.recipient == events.Person(
        phone="5491150000002", user_id="AR.50211", parent_user_id="AR.ENT.9001", name="Béa Ñuñez"
    )
    assert {ana.group_id, bea.group_id} == {"Y2FwaV9ncm91cDox"}
    assert {ana.recipient_type, bea.recipient_type} == {"group"}
    assert ana.key != bea.key


def test_each_state_of_a_message_has_its_own_key() -> None:
    """Sent and delivered of one message are two things to be told once each."""
    keys = {parse(fixture(f"status_{name}"))[0].key for name in ("sent", "delivered", "read", "played")}
    assert keys == {
        f"status:wamid.OUT1=:{status}:BR.40917" for status in ("sent", "delivered", "read", "played")
    }


def test_a_status_without_id_has_the_same_key_wherever_it_arrives_again() -> None:
    """The key is made of the status alone, not of the request around it; other statuses have other keys."""
    body = fixture("status_sent")
    status = value_of(body)["statuses"][0]
    del status["id"]
    (first,) = parse(body)
    batch = fixture("batch")
    value_of(batch)["statuses"].append(dict(reversed(status.items())))
    value_of(batch)["statuses"].append({**status, "timestamp": "1790000101"})
    again, other = [event for event in parse(batch) if event.id.startswith("content:")][-3:-1]
    assert first.id.startswith("content:")
    assert again.key == first.key
    assert other.key != first.key


@pytest.mark.parametrize("opaque", ["rw:short", f"rw:{ROW}x", ROW, f"RW:{ROW}", "rw:" + ROW.upper(), ""])
def test_opaque_data_that_is_not_ours_is_left_alone(opaque: str) -> None:
    """Only our own mark before 32 hexadecimal digits is taken off."""
    body = fixture("status_read")
    value_of(body)["statuses"][0]["biz_opaque_callback_data"] = opaque
    (event,) = parse(body)
    assert isinstance(event, events.Status)
    assert (event.outbox_id, event.opaque) == ("", opaque)


def test_each_failed_payment_is_an_event_of_its_own() -> None:
    """Somebody tries twice to pay the same order; a repeat of Meta's is the same event; the order arrived."""
    body = fixture("status_payment")
    status = value_of(body)["statuses"][0]
    status["status"] = "failed"
    seen = []
    for timestamp in ("1790000100", "1790000100", "1790000200"):
        status["timestamp"] = timestamp
        (event,) = parse(body)
        assert isinstance(event, events.Status)
        assert not event.undelivered
        seen.append(event.key)
    assert seen[0] == seen[1] != seen[2]
    del status["type"]
    (event,) = parse(body)
    assert isinstance(event, events.Status)
    assert event.undelivered
