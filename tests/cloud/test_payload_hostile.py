"""Nothing that arrives can break the webhook: whatever is JSON becomes events that can be stored."""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payload_fixtures import NAMES, fixture, value_of
from payload_mutants import mutated

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse
from rasa_whatsapp.cloud.webhook import read
from rasa_whatsapp.errors import PayloadError

MUTANTS = 10_000


def must_survive(body: Any) -> list[events.Event]:
    """All that the rest of the house does with a body's events; returns them."""
    found = parse(body)
    for event in found:
        assert event.id
        assert isinstance(event.key, str)
        assert isinstance(repr(event), str)
        assert events.decode(events.encode(event)) == event
        told = json.loads(json.dumps(events.to_builtins(event), allow_nan=False))
        assert events.decode(told) == event
    return found


ODD_JSON = {
    "infinity": "1e400",
    "minus infinity": "-1e400",
    "200 deep": "[" * 200 + "]" * 200,
    "5000 digits": "1" * 5000,
    "half an emoji": r'"\ud83d"',
    "null": "null",
}

UNWRITABLE = 10**5000
"""Python writes no integer of that length."""


def test_ten_thousand_mutated_bodies_become_events() -> None:
    """Read from bytes as Meta would send them, and taken as objects as another framework would read them."""
    chance = random.Random(20261120)
    originals = [json.dumps(fixture(name)) for name in NAMES]
    pieces = [json.loads(text) for text in originals[::9]]
    found = 0
    for number in range(MUTANTS):
        body = mutated(json.loads(originals[number % len(originals)]), chance, pieces)
        text = json.dumps(body)
        try:
            from_bytes = read(text.encode())
        except PayloadError:
            # Python writes NaN and Infinity, which are no JSON.
            assert "NaN" in text or "Infinity" in text
        else:
            must_survive(from_bytes)
        found += len(must_survive(body))
    assert found > MUTANTS / 2


@pytest.mark.parametrize("part", ["id", "from", "timestamp", "type", "text", "context", "odd"])
def test_an_endless_number_is_survived_in_any_place(part: str) -> None:
    """Another framework may have read it for us."""
    body = fixture("message_text")
    value_of(body)["messages"][0][part] = UNWRITABLE
    assert len(must_survive(body)) == 1


def test_bytes_that_were_damaged_on_the_way_are_refused_or_read() -> None:
    """Cut, flipped and doubled bytes never raise anything but the error that answers 400."""
    chance = random.Random(20261121)
    originals = [json.dumps(fixture(name), ensure_ascii=chance.random() < 0.5).encode() for name in NAMES]
    for number in range(2_000):
        body = bytearray(originals[number % len(originals)])
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(body))
            if chance.random() < 0.5:
                body[at] = chance.randrange(256)
            else:
                del body[at : at + chance.choice((1, 2, 50))]
        try:
            document = read(bytes(body))
        except PayloadError:
            continue
        must_survive(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_any_object_can_be_parsed(body: dict[str, Any]) -> None:
    """Also one that has nothing to do with WhatsApp."""
    must_survive(body)


@settings(max_examples=200)
@given(
    field=st.sampled_from(["messages", "history", "smb_message_echoes", "user_id_update", "calls", ""])
    | JSON,
    part=st.sampled_from(
        ["messages", "statuses", "errors", "contacts", "history", "message_echoes", "metadata"]
    ),
    kind=st.sampled_from(["text", "image", "interactive", "system", "contacts", "order", "location", "edit"]),
    content=JSON,
    more=st.dictionaries(st.sampled_from(["from", "id", "timestamp", "context", "referral", "errors"]), JSON),
)
def test_any_content_in_any_place_can_be_parsed(
    field: Any, part: str, kind: str, content: Any, more: dict[str, Any]
) -> None:
    """The envelope is right, what stands in it is arbitrary."""
    value = {part: [{"type": kind, kind: content, **more}], "contacts": [content], "metadata": content}
    must_survive({"entry": [{"id": content, "changes": [{"field": field, "value": value}]}]})
    must_survive({"entry": [{"changes": [{"field": field, "value": content}, content]}, content]})


@given(JSON)
def test_any_form_can_be_read(content: Any) -> None:
    """The answers of a Flow are JSON that the sender's phone wrote."""
    for written in (json.dumps(content), json.dumps(content)[:-1], content):
        body = fixture("message_flow_reply")
        value_of(body)["messages"][0]["interactive"]["nfm_reply"]["response_json"] = written
        (event,) = must_survive(body)
        assert isinstance(event, events.FlowReply)


@pytest.mark.parametrize(
    ("written", "body"),
    [
        (r'"meia \ud83d"', "meia \ufffd"),
        (r'"\ude00 trocada \ud83d"', "\ufffd trocada \ufffd"),
        (r'"inteira \ud83d\ude00"', "inteira 😀"),
        (r'"nulo \u0000 fim"', "nulo \x00 fim"),
        (r'"um", "body": "dois"', "dois"),
        ("1" * 30, "1" * 30),
        pytest.param("1" * 5000, "1" * 5000, id="5000 digits"),
    ],
)
def test_odd_text_arrives_as_well_as_it_can(written: str, body: str) -> None:
    """Half an emoji costs one character, a doubled key its first value; the message itself is never lost."""
    text = json.dumps(fixture("message_text")).replace(
        json.dumps("Olá! Quero jogar tênis às 18 h 🎾"), written
    )
    (event,) = must_survive(read(text.encode()))
    assert isinstance(event, events.Text)
    assert event.body == body


@pytest.mark.parametrize("odd", ODD_JSON.values(), ids=ODD_JSON)
def test_odd_unknown_fields_do_not_hurt_the_message_beside_them(odd: str) -> None:
    """They are kept in ``raw`` in a form that can be stored."""
    text = json.dumps(fixture("message_text")).replace('"type": "text"', f'"odd": {odd}, "type": "text"')
    (event,) = must_survive(read(text.encode()))
    assert isinstance(event, events.Text)
    assert "odd" in event.raw


def test_an_event_that_was_made_of_half_an_emoji_can_be_stored() -> None:
    """Not only the wire makes events."""
    event = events.Text(id="wamid.\ud83d", body="\ud83d!", raw={"\ud83d": ["\ud83d"]})
    again = events.decode(events.encode(event))
    assert again == events.Text(id="wamid.\ufffd", body="\ufffd!", raw={"\ufffd": ["\ufffd"]})


def test_an_event_of_a_newer_version_can_be_read() -> None:
    """Its further keys are ignored; what is no event is refused."""
    event = parse(fixture("message_image"))[0]
    told = {**events.to_builtins(event), "hologram": True}
    assert events.decode(told) == event
    assert events.decode(msgspec.json.encode(told)) == event
    for wrong in (b"{}", b"[]", b"", b'{"event": "ghost", "id": "1"}', {"event": "text", "id": 1}):
        with pytest.raises(msgspec.DecodeError):
            events.decode(wrong)
