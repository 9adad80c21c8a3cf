"""A late status tells that an answer arrived which was given up with its outcome unknown."""

from __future__ import annotations

import asyncio

import pytest

from rasa_whatsapp import events
from rasa_whatsapp.delivery import late_statuses
from rasa_whatsapp.delivery.late_statuses import UNKNOWN, LateStatuses
from rasa_whatsapp.delivery.rows import Draft
from rasa_whatsapp.delivery.statuses import Statuses
from rasa_whatsapp.delivery.stores import Store


@pytest.fixture
async def given_up(store: Store) -> Store:
    """A store with an answer of unknown outcome and one that was refused."""
    await store.add_answers("1", [Draft(id=id, body=b"{}", at=1.0) for id in ("maybe", "refused")])
    await asyncio.wait_for(store.answers.claim(), 5)
    for reason in f"{UNKNOWN}: no answer within 30 s", "not on WhatsApp":
        row = await store.answers.advance("1")
        assert row is not None
        await store.answers.bury(row, reason)
    return store


def status(id: str, word: str = "delivered") -> events.Status:
    return events.Status(id="wamid.1", status=word, outbox_id=id)


async def letters(store: Store, count: int) -> list[str]:
    """The dead letters, once there are so many."""
    while len(found := await store.records.rows("answer", "dead", 9)) != count:
        await asyncio.sleep(0)
    return [letter.id for letter in found]


async def test_a_late_status_resolves_it(given_up: Store) -> None:
    """Also in a process that did not send it, or was started since; what was refused stays refused."""
    board = LateStatuses(given_up.records, Statuses())
    await board.look()
    for each in status("refused"), status("maybe", "failed"), status("", "sent"):
        board.note(each)
    assert len(await letters(given_up, 2)) == 2
    board.note(status("maybe"))
    assert await asyncio.wait_for(letters(given_up, 1), 5) == ["refused"]
    await board.stop()


async def test_a_status_that_came_before_the_look_counts(given_up: Store) -> None:
    """Another worker gave the answer up a moment ago."""
    board = LateStatuses(given_up.records, Statuses())
    board.note(status("maybe", "sent"))
    assert len(await letters(given_up, 2)) == 2
    await board.look()
    assert await letters(given_up, 1) == ["refused"]


async def test_an_ordinary_status_asks_the_store_nothing(given_up: Store) -> None:
    """There are three for each message."""
    board = LateStatuses(given_up.records, Statuses())
    await board.look()
    given_up.records.settle = None  # type: ignore[method-assign, assignment]
    board.note(status("somebody"))
    assert await board.wait("somebody", frozenset({"delivered"}), 1)


async def test_it_looks_by_itself(given_up: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start and then again and again."""
    monkeypatch.setattr(late_statuses, "LOOK", 0.01)
    statuses = Statuses()
    board = LateStatuses(given_up.records, statuses)
    board.start()
    board.note(status("maybe"))
    assert await asyncio.wait_for(letters(given_up, 1), 5) == ["refused"]
    await board.stop()
