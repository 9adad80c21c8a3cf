"""Who is who: what SQLite writes for many arrivals at once is what the rules say of one after the other."""

from __future__ import annotations

import asyncio
import sqlite3
import tracemalloc
from contextlib import closing
from pathlib import Path

import msgspec
from arrivals import NAMES, Clock, arrival, mixed_up
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_whatsapp.delivery.rows import Arrival, Contact
from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.delivery.stores.sqlite.arrivals import keep
from rasa_whatsapp.delivery.stores.sqlite.people import NAMES as REMEMBERED
from rasa_whatsapp.delivery.stores.sqlite.people import People
from rasa_whatsapp.delivery.stores.sqlite.schema import SCHEMA


@settings(max_examples=300, deadline=None)
@given(mixed_up(), st.integers(1, 5))
def test_many_at_once_and_the_rules_agree(happened: list[Arrival], at_once: int) -> None:
    """Of every arrival, every name and every contact."""

    async def compare(connection: sqlite3.Connection) -> None:
        clock = Clock()
        memory, people, conversations = MemoryStore(clock), People(), set()
        for start in range(0, len(happened), at_once):
            clock.now += 1
            some = happened[start : start + at_once]
            kept = keep(connection, some, people, clock.now)
            assert kept == await memory.take_in(some)
            conversations.update(kept)
        owners = dict(connection.execute("SELECT alias, conversation FROM alias"))
        assert {name: owners.get(name) for name in NAMES} == {
            name: await memory.owner(name) for name in NAMES
        }
        contacts = dict(connection.execute("SELECT key, contact FROM conversation WHERE contact IS NOT NULL"))
        for key in conversations - {""}:
            written = contacts.get(key)
            assert (written and msgspec.json.decode(written, type=Contact)) == await memory.contact(key)

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        asyncio.run(compare(connection))


def owners(connection: sqlite3.Connection) -> dict[str, str]:
    """Which conversation each name leads to, in the file."""
    return dict(connection.execute("SELECT alias, conversation FROM alias"))


def test_what_was_taken_back_is_not_remembered() -> None:
    """A name that a failed transaction gave to somebody is given again."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(SCHEMA)
        people = People()
        connection.execute("BEGIN")
        assert keep(connection, [arrival("a", "phone:1")], people, 1.0) == ["1"]
        connection.execute("ROLLBACK")
        assert keep(connection, [arrival("a", "phone:1")], people, 2.0) == ["1"]
        assert owners(connection) == {"phone:1": "1"}


def test_what_another_process_changes_is_seen_at_once(tmp_path: Path) -> None:
    """Somebody who was forgotten is no longer known here either."""
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as connection:
        connection.executescript(SCHEMA)
        people = People()
        for id in "ab":
            assert keep(connection, [arrival(id, "phone:1")], people, 1.0) == ["1"]
        with closing(sqlite3.connect(tmp_path / "a.db")) as other, other:
            other.execute("UPDATE alias SET conversation='2'")
            other.execute("INSERT INTO conversation (key, created) VALUES ('2', 2)")
        assert keep(connection, [arrival("c", "phone:1")], people, 3.0) == ["2"]


def test_a_known_message_among_new_ones_changes_nothing() -> None:
    """Neither its person's contact nor their names; the new ones are kept in their order."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(SCHEMA)
        people = People()
        keep(connection, [arrival("a", "phone:1"), arrival("b", "phone:2")], people, 1.0)
        again = msgspec.structs.replace(arrival("b", "phone:2", "user_id:BR.2"), contact=Contact(seen=9.0))
        kept = keep(connection, [arrival("c", "phone:3"), again, arrival("d", "phone:1")], people, 2.0)
        assert kept == ["3", "", "1"]
        assert owners(connection) == {"phone:1": "1", "phone:2": "2", "phone:3": "3"}
        assert [id for (id,) in connection.execute("SELECT id FROM turn ORDER BY seq")] == [
            "a",
            "b",
            "c",
            "d",
        ]
        [[contact]] = connection.execute("SELECT contact FROM conversation WHERE key='2'")
        assert msgspec.json.decode(contact, type=Contact).seen != 9.0


def test_names_do_not_fill_the_memory() -> None:
    """However many people write."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(SCHEMA)
        people, at_once = People(), 5_000
        tracemalloc.start()
        sizes = []
        for start in range(0, 4 * REMEMBERED, at_once):
            some = [arrival(str(number), f"phone:{number}") for number in range(start, start + at_once)]
            for attempt in ("a", "b"):
                keep(
                    connection,
                    [msgspec.structs.replace(each, id=each.id + attempt) for each in some],
                    people,
                    1.0,
                )
            del some
            sizes.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        assert max(sizes) < 10_000_000
