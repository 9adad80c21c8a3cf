"""The short way of reading texts and statuses comes to the same as the long one, or leaves them to that."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from payload_fixtures import NAMES, fixture, value_of
from payload_mutants import mutated

from rasa_whatsapp import events
from rasa_whatsapp.cloud import plain
from rasa_whatsapp.cloud.payload import parse_sound
from rasa_whatsapp.cloud.webhook import read
from rasa_whatsapp.errors import PayloadError

MUTANTS = 10_000
PLAIN = [
    "message_text",
    "message_text_phone_only",
    "message_text_user_id_only",
    "message_text_parent_user_id",
    "status_sent",
    "status_delivered",
    "status_read",
    "status_played",
    "status_to_user_id",
    "status_unknown",
]


def taken(data: bytes) -> bool:
    """Whether the short way takes a request; then it has made the same of it, under the same kind."""
    found = plain.read(data)
    if not found:
        return False
    expected = parse_sound(read(data))
    assert [events.decode(events.encode(event)) for event in found] == expected
    assert [event.key for event in found] == [event.key for event in expected]
    assert [type(event).__name__ for event in found] == [type(event).__name__ for event in expected]
    return True


def written(body: Any) -> bytes:
    """The body as Meta writes it: with escapes."""
    return json.dumps(body).replace("/", "\\/").encode()


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_plain_is_taken(name: str) -> None:
    """Texts, however their person is known, and what became of messages that nothing is wrong with."""
    assert taken(written(fixture(name)))
    assert taken(json.dumps(fixture(name), ensure_ascii=False).encode())


@pytest.mark.parametrize("name", sorted({*NAMES} - {*PLAIN}))
def test_everything_else_comes_to_the_same(name: str) -> None:
    """Failures, groups, payments, other kinds, quotes, several people: the long way reads them."""
    assert not taken(written(fixture(name)))


def test_several_texts_of_one_person_are_taken_in_order() -> None:
    """As after a connection was lost: in one change, in several, and in several entries."""
    body = fixture("message_text")
    value = value_of(body)
    value["messages"] = [{**value["messages"][0], "id": f"wamid.{number}"} for number in range(3)]
    body["entry"][0]["changes"] *= 2
    body["entry"] *= 2
    assert taken(written(body))
    found = plain.read(written(body))
    assert found is not None
    assert [text.id for text in found] == ["wamid.0", "wamid.1", "wamid.2"] * 4


def test_mutated_requests_come_to_the_same() -> None:
    """Ten thousand of them, of which the short way takes some and leaves some."""
    chance = random.Random(20261126)
    pieces = [fixture(name) for name in NAMES[::9]]
    count = 0
    for number in range(MUTANTS):
        body = mutated(fixture(PLAIN[number % len(PLAIN)]), chance, pieces)
        try:
            count += taken(json.dumps(body).encode())
        except PayloadError as error:
            pytest.fail(f"the short way took what is no JSON: {error}")
    assert MUTANTS / 20 < count < MUTANTS / 2


def test_damaged_bytes_come_to_the_same() -> None:
    """Cut, flipped and doubled."""
    chance = random.Random(20261127)
    originals = [json.dumps(fixture(name), ensure_ascii=False).encode() for name in PLAIN]
    count = 0
    for number in range(MUTANTS):
        body = bytearray(originals[number % len(originals)])
        at = chance.randrange(len(body))
        if chance.random() < 0.7:
            body[at] = chance.randrange(256)
        else:
            del body[at : at + chance.choice((1, 2, 50))]
        count += taken(bytes(body))
    assert MUTANTS / 20 < count < MUTANTS


ODD = {
    "200 deep": ('"object"', '"deep": ' + "[" * 200 + "]" * 200 + ', "object"'),
    "doubled kind": ('"type": "text"', '"type": "image", "type": "text"'),
    "unknown kind": ('"type": "text"', '"type": "text", "type": "image"'),
    "infinity": ('"type": "text"', '"type": "text", "body": 1e400'),
    "doubled sender": ('"from"', '"from": "1", "from"'),
    "doubled list": ('"messages": [', '"messages": [], "messages": ['),
    "a status too": ('"messages": [', '"statuses": [{"id": "wamid.1", "status": "read"}], "messages": ['),
    "no object": ('"messages": [', '"messages": [7, '),
    "empty contact": ('"contacts": [', '"contacts": [{}, '),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_comes_to_the_same(name: str) -> None:
    """Nested deep, doubled keys, huge numbers, more than a text."""
    old, new = ODD[name]
    text = json.dumps(fixture("message_text"))
    assert old in text
    data = text.replace(old, new, 1).encode()
    assert taken(data) == (name in ("200 deep", "doubled sender", "doubled list"))
    assert parse_sound(read(data))


def test_what_nests_without_end_is_left_to_be_refused() -> None:
    """Nobody can read it."""
    assert plain.read(b'{"deep": ' + b"[" * 100_000 + b"]" * 100_000 + b', "entry": []}') is None
