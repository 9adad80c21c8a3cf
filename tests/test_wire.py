"""JSON that comes from outside is made sound: it can be encoded again, and it fits into every store."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_whatsapp.wire import MAX_DEPTH, clean, dumps, loads, sound

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats()
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=()), max_size=5), inner, max_size=4),
)  # fmt: skip


def nested(depth: int, inside: Any = 1) -> Any:
    for level in range(depth):
        inside = [inside] if level % 2 else {"x": inside}
    return inside


def depth_of(value: Any) -> int:
    if not isinstance(value, (dict, list)):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth_of, inner), default=0)


def must_be_sound(value: Any) -> None:
    encoded = msgspec.json.encode(value)
    assert msgspec.json.decode(encoded) == value
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert depth_of(value) <= MAX_DEPTH
    assert sound(value) == value


@given(JSON)
def test_whatever_is_cleaned_is_sound(value: Any) -> None:
    """Also infinity, surrogates and integers of any size."""
    must_be_sound(clean(value))
    must_be_sound(sound(value))


@given(JSON)
def test_what_is_loaded_is_what_cleaning_would_have_made(value: Any) -> None:
    """Fast road or slow road, the result is the same."""
    try:
        text = json.dumps(value, allow_nan=False)
    except ValueError:
        return
    assert loads(text) == loads(text.encode()) == clean(json.loads(text))


@given(st.binary() | st.text(st.characters(exclude_categories=())))
def test_anything_else_is_a_value_error(data: bytes | str) -> None:
    """And nothing but that."""
    try:
        made = loads(data)
    except ValueError:
        return
    must_be_sound(made)


def test_sound_json_is_not_copied() -> None:
    """Nearly everything that arrives is sound already."""
    document = {"text": "Olá 😀\n", "list": [1, -1, 0.5, True], "id": "9" * 18}
    assert sound(document) is document


@pytest.mark.parametrize(
    ("odd", "made"),
    [
        ("\ud83d", "\ufffd"),
        ("a\ude00b\ud83d", "a\ufffdb\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("\ufeffx\x00\n", "\ufeffx\x00\n"),
        ({"\ud83d": "\udc00"}, {"\ufffd": "\ufffd"}),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
        (2**63, str(2**63)),
        (-(10**30), str(-(10**30))),
        pytest.param(10**5000, None, id="too long to be written"),
        (math.inf, None),
        (-math.inf, None),
        ((1, (2,)), [1, [2]]),
        ({1: 2}, {"1": 2}),
        (b"bytes", None),
        (True, True),
        (None, None),
    ],
)
def test_each_odd_value_is_made_sound(odd: Any, made: Any) -> None:
    """Alone, and inside of other values."""
    assert clean(odd) == made
    assert clean({"in": [odd]}) == {"in": [made]}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": "é", "b": [1]}, b'{"a":"\xc3\xa9","b":[1]}'),
        (
            {"a\ud83d": ["\ud83d"], "b": date(2026, 1, 2)},
            b'{"a\xef\xbf\xbd":["\xef\xbf\xbd"],"b":"2026-01-02"}',
        ),
    ],
)
def test_what_is_written_is_sound(value: Any, written: bytes) -> None:
    """Half an emoji costs one character, not the whole."""
    assert dumps(value) == written


def test_what_no_json_is_made_of_is_a_mistake() -> None:
    """Whoever wrote it is told, for nobody else can know what was meant."""
    with pytest.raises(TypeError):
        dumps({"a": object()})


def test_not_a_number_becomes_none() -> None:
    """For nothing can be done with it."""
    assert clean([math.nan]) == sound([math.nan]) == [None]


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH])
def test_nesting_up_to_the_limit_is_kept(depth: int) -> None:
    """On every road."""
    document = nested(depth)
    assert sound(document) is document
    assert clean(document) == loads(json.dumps(document)) == document


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 200, 900])
def test_nesting_beyond_the_limit_is_cut(depth: int) -> None:
    """What stands too deep is None; what stands above it stays."""
    document = nested(depth)
    expected = nested(depth)
    for made in (sound(document), clean(document)):
        assert depth_of(made) == MAX_DEPTH
    text = "[" * depth + "]" * depth
    assert depth_of(loads(text)) == MAX_DEPTH
    assert document == expected


def test_wide_json_is_not_taken_for_deep() -> None:
    """A thousand messages are wide."""
    document = [[{"x": [1]}] for _ in range(1000)]
    assert sound(document) is document
    assert loads(json.dumps(document)) == document


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud83d"', "\ufffd"),
        ("1e400", None),
        ("[-1e400, 1]", [None, 1]),
        ("1" * 30, "1" * 30),
        pytest.param("1" * 5000, "1" * 5000, id="5000 digits"),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('"a\\u0000"', "a\x00"),
        ('{"phone": "' + "9" * 40 + '"}', {"phone": "9" * 40}),
    ],
)
def test_odd_json_is_read(text: str, value: Any) -> None:
    """From text and from bytes."""
    assert loads(text) == value
    assert loads(text.encode()) == value


def test_broken_utf8_costs_one_character() -> None:
    """The rest of the message arrives."""
    assert loads(b'{"body": "ol\xe1 voc\xc3\xaa"}') == {"body": "ol\ufffd você"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        "[Infinity]",
        "-Infinity",
        "{'a': 1}",
        '"a\nb"',
        pytest.param("[" * 99999, id="[[["),
    ],
)
def test_what_is_no_json_raises_value_error(text: str) -> None:
    """Python's own extensions of JSON included."""
    with pytest.raises(ValueError, match=r"."):
        loads(text)
    with pytest.raises(ValueError, match=r"."):
        loads(text.encode())
