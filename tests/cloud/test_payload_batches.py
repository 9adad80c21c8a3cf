"""One request may bring many things; each of them is read, once, whatever stands beside it."""

from __future__ import annotations

import copy

import pytest
from payload_fixtures import NAMES, fixture, value_of

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse


def test_every_entry_change_message_status_and_error_is_read_in_order() -> None:
    """Two entries, three changes: four messages, two statuses and an error."""
    found = parse(fixture("batch"))
    assert [getattr(event, "body", "") or type(event).__name__ for event in found] == [
        "um", "dois", "Status", "Status", "OutOfBandError", "três", "quatro ✌️",
    ]  # fmt: skip
    assert [event.number.phone_number_id[-2:] for event in found] == ["22"] * 6 + ["29"]


@pytest.mark.parametrize("name", NAMES)
def test_the_key_is_the_same_in_whatever_batch_an_event_arrives(name: str) -> None:
    """Meta sends again in other batches: the keys of all events stay the same, their order too."""
    body = fixture(name)
    batch = fixture("batch")
    batch["entry"][1:1] = copy.deepcopy(body["entry"])
    alone = [event.key for event in parse(body)]
    together = [event.key for event in parse(batch)]
    assert together[6 : 6 + len(alone)] == alone


def test_an_error_beside_other_messages_keeps_its_key() -> None:
    """What else the change holds has no part in the error's key."""
    body = fixture("message_interactive_missing")
    value = {name: value_of(body)[name] for name in ("metadata", "errors")}
    alone = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    assert parse(body)[1].key == parse(alone)[0].key


def test_a_thousand_messages_are_a_thousand_events() -> None:
    """Meta merges up to a thousand updates into one request."""
    body = fixture("message_text")
    messages = value_of(body)["messages"]
    messages.extend({**messages[0], "id": f"wamid.{number}"} for number in range(999))
    found = parse(body)
    assert len({event.key for event in found}) == 1000
    assert all(isinstance(event, events.Text) for event in found)


@pytest.mark.parametrize("junk", [None, 1, "x", [], [[]], True])
def test_junk_between_good_parts_hides_none_of_them(junk: object) -> None:
    """At every level the good parts are read."""
    body = fixture("batch")
    good = [event.key for event in parse(body)]
    for entry in body["entry"]:
        for change in entry["changes"]:
            for parts in change["value"].values():
                if isinstance(parts, list):
                    parts.insert(0, junk)
                    parts.append(junk)
        entry["changes"].insert(0, junk)
    body["entry"].insert(1, junk)
    assert [event.key for event in parse(body) if not isinstance(event, events.OutOfBandError)] == [
        key for key in good if not key.startswith("out_of_band")
    ]


@pytest.mark.parametrize("body", [{}, {"entry": None}, {"entry": {}}, {"entry": [[]]}, {"entry": [{}]}])
def test_a_body_without_changes_has_no_events(body: dict[str, object]) -> None:
    """Nothing arrives, nothing is made up."""
    assert parse(body) == []
