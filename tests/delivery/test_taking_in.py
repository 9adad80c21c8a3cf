"""What arrives is kept once and belongs to the right person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from arrivals import Clock, arrival

from rasa_whatsapp.delivery.identity import Identity
from rasa_whatsapp.delivery.rows import Contact
from rasa_whatsapp.delivery.stores import SQLiteStore, Store
from rasa_whatsapp.delivery.stores.base import REMEMBERED
from rasa_whatsapp.events import IdentityChanged, Number, Person, Text


async def heads(store: Store, count: int) -> list[tuple[str, str]]:
    """Claims ``count`` conversations and works each off; returns (conversation, id) in that order."""
    found = []
    for _ in range(count):
        conversation = await asyncio.wait_for(store.turns.claim(), 5)
        row = await store.turns.advance(conversation)
        while row is not None:
            found.append((conversation, row.id))
            row = await store.turns.advance(conversation, row)
        await store.turns.release(conversation)
    return found


async def gone(store: Store, id: str) -> None:
    """Returns when the store has no row of that id any more."""
    while await store.records.find(id):
        await asyncio.sleep(0)


async def test_a_repeat_is_not_kept_again(store: Store) -> None:
    """The second arrival of an id belongs to no conversation."""
    assert await store.take_in([arrival("a", "phone:1")]) == ["1"]
    assert await store.take_in([arrival("a", "phone:1"), arrival("b", "phone:1")]) == ["", "1"]
    assert await heads(store, 1) == [("1", "a"), ("1", "b")]


async def test_a_repeat_within_one_request_is_not_kept_again(store: Store) -> None:
    """Two equal ids in one batch count once."""
    assert await store.take_in([arrival("a", "phone:1"), arrival("a", "phone:1")]) == ["1", ""]


async def test_a_repeat_is_known_after_its_turn(store: Store) -> None:
    """An id stays known when its row is done."""
    await store.take_in([arrival("a", "phone:1")])
    await heads(store, 1)
    assert await store.take_in([arrival("a", "phone:1")]) == [""]


async def test_repeats_at_the_same_moment_count_once(store: Store) -> None:
    """Of many simultaneous requests with the same id, one keeps it."""
    results = await asyncio.gather(*(store.take_in([arrival("a", "phone:1")]) for _ in range(50)))
    assert sorted(results) == [[""]] * 49 + [["1"]]


async def test_a_cancelled_request_is_kept_all_the_same(store: Store) -> None:
    """Whoever hangs up after sending has still sent."""
    request = asyncio.create_task(store.take_in([arrival("a", "phone:1")]))
    await asyncio.sleep(0)
    request.cancel()
    assert await heads(store, 1) == [("1", "a")]


async def test_ids_are_forgotten_after_seven_days(
    make_store: Callable[[], Store], store: Store, clock: Clock
) -> None:
    """Within seven days an id is known; then it may go, in SQLite by the purge that a start begins with."""
    await store.take_in([arrival("a", "phone:1")])
    await heads(store, 1)
    clock.now += REMEMBERED - 10
    assert await store.take_in([arrival("a", "phone:1")]) == [""]
    clock.now += 20
    after = make_store()
    await after.open()
    if isinstance(store, SQLiteStore):
        await asyncio.wait_for(gone(store, "a"), 5)
    await after.close()
    assert await store.take_in([arrival("a", "phone:1")]) == ["1"]


async def test_a_person_keeps_one_conversation_when_phone_and_user_id_alternate(store: Store) -> None:
    """Phone alone, both, user id alone: the same conversation."""
    assert await store.take_in([arrival("a", "phone:1")]) == ["1"]
    assert await store.take_in([arrival("b", "phone:1", "user_id:BR.1")]) == ["1"]
    assert await store.take_in([arrival("c", "user_id:BR.1")]) == ["1"]


async def test_a_conversation_keeps_its_key_when_a_phone_becomes_known(store: Store) -> None:
    """Begun under a user id, it keeps that key."""
    assert await store.take_in([arrival("a", "user_id:BR.1")]) == ["BR.1"]
    assert await store.take_in([arrival("b", "phone:1", "user_id:BR.1")]) == ["BR.1"]
    assert await store.take_in([arrival("c", "phone:1")]) == ["BR.1"]


async def test_names_that_meet_within_one_request_lead_to_one_conversation(store: Store) -> None:
    """Aliases are resolved inside the take-in."""
    batch = [arrival("a", "user_id:BR.1"), arrival("b", "phone:1", "user_id:BR.1"), arrival("c", "phone:1")]
    assert await store.take_in(batch) == ["BR.1", "BR.1", "BR.1"]


async def test_of_two_conversations_the_newest_goes_on(store: Store, clock: Clock) -> None:
    """They are never merged; the newest takes the names."""
    await store.take_in([arrival("a", "phone:1")])
    clock.now += 10
    await store.take_in([arrival("b", "user_id:BR.1")])
    clock.now += 10
    assert await store.take_in([arrival("c", "phone:1", "user_id:BR.1")]) == ["BR.1"]
    assert await store.take_in([arrival("d", "phone:1")]) == ["BR.1"]


async def test_a_moved_number_takes_its_conversation_along(store: Store) -> None:
    """The new number continues the conversation, and whoever gets the old number later starts afresh."""
    assert await store.take_in([arrival("a", "phone:1")]) == ["1"]
    moved = arrival("b", "phone:1", "phone:2", wanted="2", forget="phone:1")
    assert await store.take_in([moved]) == ["1"]
    assert await store.take_in([arrival("c", "phone:2")]) == ["1"]
    assert await store.take_in([arrival("d", "phone:1")]) == ["1~2"]
    assert await store.take_in([arrival("e", "phone:1")]) == ["1~2"]


async def test_nobody_is_called_what_a_store_cannot_find(store: Store) -> None:
    """JSON may have NUL in a name, as in any text; whoever is called so is answered too."""
    identity = Identity("phone", per_number=False)
    named = Text(id="a", sender=Person(phone="1\0"), body="oi")
    nameless = Text(id="b\0", body="oi")
    await store.take_in([identity.arrival(event, b"{}", 1.0) for event in (named, nameless)])
    assert await heads(store, 2) == [("1\ufffd", "a"), ("event:b\ufffd", "b\0")]


async def test_the_contact_is_where_they_last_wrote_from(store: Store) -> None:
    """Phone and number follow the latest arrival."""
    await store.take_in([arrival("a", "phone:1")])
    assert await store.contact("1") == Contact(phone="1", user_id="", number="100", seen=1.0)
    await store.take_in([arrival("b", "user_id:BR.1", "phone:1")])
    assert await store.contact("1") == Contact(phone="1", user_id="BR.1", number="100", seen=1.0)
    assert await store.contact("nobody") is None


async def test_the_shelf_forgets_in_time(store: Store, clock: Clock) -> None:
    """A value is there until its time is up."""
    await store.set("key", b"value", 60)
    assert await store.get("key") == b"value"
    clock.now += 61
    assert await store.get("key") is None
    assert await store.get("other") is None


async def test_only_who_writes_chooses_the_number_that_answers(store: Store) -> None:
    """A new security code, told by another of our numbers, is no message to that."""
    identity, person = Identity("phone", per_number=False), Person(phone="5561", user_id="BR.1")
    written = Text(id="a", sender=person, number=Number(phone_number_id="100"), body="oi")
    changed = IdentityChanged(id="b", sender=person, number=Number(phone_number_id="200"))
    await store.take_in([identity.arrival(written, b"{}", 1.0)])
    assert await store.take_in([identity.arrival(changed, b"{}", 2.0)]) == ["5561"]
    assert await store.contact("5561") == Contact(phone="5561", user_id="BR.1", number="100", seen=1.0)
