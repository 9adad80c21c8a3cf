"""One bot answers on several business numbers."""

from __future__ import annotations

from typing import Any

import pytest

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.settings import KEYS, load


def test_the_top_gives_the_defaults(good: dict[str, Any]) -> None:
    """An entry has its own values and takes the others from the top, in the order of the list."""
    del good["phone_number_id"]
    numbers = [
        {"phone_number_id": 111, "access_token": "own"},
        {"phone_number_id": "222", "throughput": 20, "app_secret": ["a", "b"], "waba_id": None},
    ]
    first, second = load({**good, "waba_id": 9, "numbers": numbers}, {}).numbers
    assert (first.phone_number_id, first.access_token, first.throughput) == ("111", "own", 80)
    assert (second.phone_number_id, second.access_token, second.throughput) == (
        "222",
        good["access_token"],
        20,
    )
    assert (first.app_secret, second.app_secret) == ((good["app_secret"],), ("a", "b"))
    assert first.waba_id == second.waba_id == "9"


def test_numbers_from_the_environment(good: dict[str, Any]) -> None:
    """The list may stand as YAML in a variable, and its texts may refer to others."""
    del good["phone_number_id"]
    environ = {"WHATSAPP_NUMBERS": "[{phone_number_id: 1, access_token: '${ONE}'}]", "ONE": "EA1"}
    (number,) = load(good, environ).numbers
    assert (number.phone_number_id, number.access_token) == ("1", "EA1")


@pytest.mark.parametrize("key", [key.name for key in KEYS if not key.per_number])
def test_a_key_for_all_numbers_stands_at_the_top(refused: Any, key: str) -> None:
    """A key that holds for all is refused in an entry, with the reason."""
    error = refused({"phone_number_id": None, "numbers": [{"phone_number_id": 1, key: "x"}]})
    assert str(error) == f"numbers[0].{key}: holds for all numbers. Move it out of numbers, to the top."


def test_mistakes_in_an_entry(refused: Any) -> None:
    """Each mistake is told with the entry's place."""
    error = refused(
        {
            "phone_number_id": None,
            "access_token": None,
            "numbers": [
                {"phone_number_id": 1, "access_token": "${ONE}"},
                {"access_token": "x", "trougput": 3},
                {"phone_number_id": 3},
            ],
        }
    )
    places = [line.split(":")[0] for line in str(error).splitlines()]
    assert sorted(places) == [
        "numbers[0].access_token",
        "numbers[1].phone_number_id",
        "numbers[1].trougput",
        "numbers[2].access_token",
    ]


def test_the_same_number_twice(refused: Any) -> None:
    """A number cannot have two entries, however its id is written."""
    error = refused({"phone_number_id": None, "numbers": [{"phone_number_id": 1}, {"phone_number_id": "1"}]})
    assert (error.key, error.problem) == ("numbers[1].phone_number_id", "is the same as that of numbers[0].")


def test_a_number_at_the_top_that_no_entry_serves(good: dict[str, Any]) -> None:
    """A number that would silently not be served is a mistake, unless only a variable names it."""
    with pytest.raises(SettingsError, match="would not be served"):
        load({**good, "numbers": [{"phone_number_id": 1}]}, {})
    assert load({**good, "numbers": [{"phone_number_id": good["phone_number_id"]}]}, {})
    del good["phone_number_id"]
    assert load({**good, "numbers": [{"phone_number_id": 1}]}, {"WHATSAPP_PHONE_NUMBER_ID": "2"})
