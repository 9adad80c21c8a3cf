"""Who is who: what SQLite writes for many arrivals at once is what the rules say of one after the other."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import msgspec
from arrivals import NAMES, Clock, mixed_up
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_whatsapp.delivery.rows import Arrival, Contact
from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.delivery.stores.sqlite.arrivals import keep
from rasa_whatsapp.delivery.stores.sqlite.schema import SCHEMA


@settings(max_examples=300, deadline=None)
@given(mixed_up(), st.integers(1, 5))
def test_many_at_once_and_the_rules_agree(happened: list[Arrival], at_once: int) -> None:
    """Of every arrival, every name and every contact."""

    async def compare(connection: sqlite3.Connection) -> None:
        clock = Clock()
        memory, conversations = MemoryStore(clock), set()
        for start in range(0, len(happened), at_once):
            clock.now += 1
            some = happened[start : start + at_once]
            kept = keep(connection, some, clock.now)
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
