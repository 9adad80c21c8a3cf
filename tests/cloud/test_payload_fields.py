"""Whatever is no message and no status: errors, echoes, history, and all the other webhook fields."""

from __future__ import annotations

import json
import re

import pytest
from payload_fixtures import fixture, value_of

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse


def test_an_error_that_belongs_to_no_message() -> None:
    """It keeps the errors and nothing else of the change."""
    body = fixture("error_out_of_band")
    (event,) = parse(body)
    assert isinstance(event, events.OutOfBandError)
    assert (event.field, event.errors[0].code, event.errors[0].title) == (
        "messages",
        130429,
        "Rate limit hit",
    )
    assert event.raw == {"errors": value_of(body)["errors"]}


@pytest.mark.parametrize(
    ("name", "recipient", "kind", "body"),
    [
        (
            "text",
            events.Person(phone="5561990000001", user_id="BR.40917"),
            "text",
            "Aqui é a Júlia, já te ajudo 😊",
        ),
        ("image", events.Person(phone="5561990000001"), "image", ""),
        ("revoke", events.Person(user_id="BR.40917", parent_user_id="BR.ENT.3"), "revoke", ""),
    ],
)
def test_a_colleagues_message_is_an_echo(name: str, recipient: events.Person, kind: str, body: str) -> None:
    """It is no message of a person, and its key cannot be taken for a message's id."""
    (event,) = parse(fixture(f"echo_{name}"))
    assert isinstance(event, events.Echo)
    assert (event.recipient, event.kind, event.body) == (recipient, kind, body)
    assert event.sender == events.Person()
    assert event.key == f"echo:{event.id}"


def test_history_tells_who_wrote_and_how_far_it_came() -> None:
    """Each message of each thread is a History, never a message."""
    asked, answered, placeholder, by_user_id = parse(fixture("history_threads"))
    ana = events.Person(phone="5561990000001", user_id="BR.40917", username="ana.c")
    for event, kind, status, outgoing in [
        (asked, "text", "READ", False),
        (answered, "text", "DELIVERED", True),
        (placeholder, "media_placeholder", "READ", False),
    ]:
        assert isinstance(event, events.History)
        assert (event.sender, event.kind, event.status, event.outgoing) == (ana, kind, status, outgoing)
        assert (event.phase, event.chunk_order, event.progress) == (1, 2, 55)
    assert isinstance(by_user_id, events.History)
    assert (by_user_id.sender, by_user_id.outgoing) == (events.Person(user_id="BR.777"), False)


def test_media_that_follow_the_history_are_no_live_messages() -> None:
    """They look exactly like a picture sent now; the webhook field alone tells."""
    (event,) = parse(fixture("history_media_follow_up"))
    assert isinstance(event, events.History)
    assert (event.kind, event.outgoing, event.sender.phone) == ("image", False, "5561990000001")
    assert event.key == f"history:{event.id}"


@pytest.mark.parametrize("to", ["5561990000001", None])
def test_our_own_media_of_the_history_are_outgoing(to: str | None) -> None:
    """Known by the recipient, else by the business's own number."""
    body = fixture("history_media_follow_up_ours")
    message = value_of(body)["messages"][0]
    if to is None:
        del message["to"]
        value_of(body)["metadata"]["display_phone_number"] = "+55 61 94000-0000"
    (event,) = parse(body)
    assert isinstance(event, events.History)
    assert event.outgoing
    assert event.sender.phone == (to or "")


def test_a_declined_history() -> None:
    """The owner of the number did not share it."""
    (event,) = parse(fixture("history_declined"))
    assert isinstance(event, events.OutOfBandError)
    assert (event.field, event.errors[0].code) == ("history", 2593109)


NOTIFICATIONS = {
    "app_state_sync": ("smb_app_state_sync", 0),
    "user_preferences": ("user_preferences", 0),
    "business_username_update": ("business_username_updates", 1790000200),
    "call_connect": ("calls", 0),
    "call_terminate": ("calls", 0),
    "call_status": ("calls", 0),
    "group_participants_update": ("group_participants_update", 0),
    "group_lifecycle_update": ("group_lifecycle_update", 0),
    "template_status_update": ("message_template_status_update", 1790000200),
    "template_quality_update": ("message_template_quality_update", 1790000200),
    "template_category_update": ("template_category_update", 1790000200),
    "phone_number_quality_update": ("phone_number_quality_update", 1790000200),
    "account_update": ("account_update", 1790000200),
    "flow_status_change": ("flows", 1790000200),
    "standby": ("standby", 0),
    "unknown_field": ("quantum_updates", 1790000300),
    "unknown_field_no_object": ("quantum_updates", 1790000200),
}


@pytest.mark.parametrize("name", NOTIFICATIONS)
def test_every_other_field_is_a_notification_with_its_whole_value(name: str) -> None:
    """Calls have statuses and standby has messages, yet neither is one of ours."""
    body = fixture(name)
    (event,) = parse(body)
    assert isinstance(event, events.Notification)
    assert (event.field, event.timestamp) == NOTIFICATIONS[name]
    assert event.value == value_of(body)
    assert event.waba_id == "210000000000001"


@pytest.mark.parametrize(
    ("name", "kind", "typed"),
    [
        (
            "template_status_update",
            events.TemplateStatus,
            {"name": "lembrete_reserva", "status": "REJECTED", "reason": "Variável sem exemplo"},
        ),
        ("template_quality_update", events.TemplateQuality, {"previous": "GREEN", "current": "YELLOW"}),
        (
            "template_category_update",
            events.TemplateCategory,
            {"previous": "UTILITY", "current": "MARKETING"},
        ),
        ("account_update", events.AccountUpdate, {"what": "ACCOUNT_RESTRICTION"}),
        ("phone_number_quality_update", events.NumberQuality, {"daily_limit": "TIER_UNLIMITED"}),
        ("business_username_update", events.UsernameUpdate, {"username": "clube.são", "status": "approved"}),
        ("flow_status_change", events.FlowUpdate, {"flow_id": "6627390910605886", "current": "PUBLISHED"}),
    ],
)
def test_what_is_known_of_a_notification_is_typed(name: str, kind: type, typed: dict[str, str]) -> None:
    """A subscriber need not know WhatsApp's keys; the event comes through a store as it is."""
    (event,) = parse(fixture(name))
    assert type(event) is kind
    assert {field: getattr(event, field) for field in typed} == typed
    assert events.decode(events.encode(event)) == event


def test_wishes_calls_and_groups_know_their_people() -> None:
    """Each item of the list is typed, with the person it is about."""
    ana = events.Person(phone="5561990000001", user_id="BR.40917")
    (wishes,) = parse(fixture("user_preferences"))
    assert isinstance(wishes, events.UserPreferences)
    assert [(wish.person, wish.value) for wish in wishes.preferences] == [(ana, "stop")]
    (calls,) = parse(fixture("call_terminate"))
    assert isinstance(calls, events.Calls)
    assert [(call.person.phone, call.what, call.duration) for call in calls.calls] == [
        (ana.phone, "terminate", 60)
    ]
    (ringing,) = parse(fixture("call_status"))
    assert isinstance(ringing, events.Calls)
    assert [(call.person.phone, call.status) for call in ringing.calls] == [(ana.phone, "RINGING")]
    (joined,) = parse(fixture("group_participants_update"))
    assert isinstance(joined, events.GroupUpdate)
    assert [(group.what, group.added) for group in joined.groups] == [("group_participants_add", (ana,))]


def test_a_notification_that_is_sent_again_has_the_same_key() -> None:
    """The same content of the same time is the same, in whatever order its keys come."""
    first, again = fixture("template_status_update"), fixture("template_status_update")
    change = again["entry"][0]["changes"][0]
    change["value"] = dict(reversed(change["value"].items()))
    assert parse(first)[0].key == parse(again)[0].key


def test_what_happens_again_is_another_event() -> None:
    """A template is approved, paused and approved: the third is no repetition of the first."""
    body = fixture("template_status_update")
    keys = set()
    for day, happened in enumerate(("APPROVED", "PAUSED", "APPROVED", "PAUSED")):
        body["entry"][0]["time"] = 1790000000 + day * 86400
        value_of(body)["event"] = happened
        keys.add(parse(body)[0].key)
    assert len(keys) == 4


@pytest.mark.parametrize(
    "name", ["user_preferences", "call_status", "group_lifecycle_update", "app_state_sync"]
)
def test_a_notification_that_tells_its_time_has_one_key(name: str) -> None:
    """Whatever the time of the entry around it; another time of its own makes another event."""
    keys = []
    for at, shift in ((1790000000, 0), (1790000060, 0), (1790000000, 1)):
        body = fixture(name)
        body["entry"][0]["time"] = at
        text = json.dumps(body)
        body = json.loads(re.sub(r'("timestamp": "?\d+)\d', rf"\g<1>{shift}", text))
        keys.append(parse(body)[0].key)
    assert keys[0] == keys[1] != keys[2]


def test_the_same_error_of_another_number_is_another_event() -> None:
    """And so it is at another time, where the entry tells one."""
    body = fixture("error_out_of_band")
    keys = [parse(body)[0].key, parse(body)[0].key]
    body["entry"][0]["time"] = 1790000000
    keys.append(parse(body)[0].key)
    value_of(body)["metadata"]["phone_number_id"] = "106540352242923"
    keys.append(parse(body)[0].key)
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"field": "messages"},
        {"field": "messages", "value": {"metadata": {}}},
        {"field": "messages", "value": [1]},
        {"field": 7, "value": "x"},
        {"field": "history", "value": {"history": [{"threads": [{"messages": []}]}]}},
        {"field": "smb_message_echoes", "value": {"message_echoes": "no"}},
    ],
)
def test_a_change_in_which_nothing_is_found_is_kept_as_a_notification(change: dict[str, object]) -> None:
    """Nothing that Meta signed is dropped without a trace."""
    (event,) = parse({"entry": [{"id": "1", "changes": [change]}]})
    assert isinstance(event, events.Notification)
    assert event.value == change.get("value")
