"""A turn that fails is tried again, for as long as that makes sense."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from arrivals import NOW, Clock, arrival

from rasa_whatsapp import events
from rasa_whatsapp.delivery import dispatcher as dispatcher_module
from rasa_whatsapp.delivery.dispatcher import PATIENCE, Dispatcher, Unavailable
from rasa_whatsapp.delivery.rows import Arrival, Row
from rasa_whatsapp.delivery.stores import MemoryStore, SQLiteStore


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher_module, "LONGEST_BACKOFF", 0.01)


def text(id: str, phone: str = "1") -> Arrival:
    """A text that came at ``NOW``."""
    event = events.Text(id=id, body="oi", timestamp=round(NOW), sender=events.Person(phone=phone))
    return arrival(id, f"phone:{phone}", body=events.encode(event))


async def always() -> None:
    """Rasa is ready."""


class Bot:
    """Handles turns as it is told: the problems come first; knows when its last turn is over."""

    def __init__(self, *problems: Exception) -> None:
        self.problems = list(problems)
        self.handled: list[str] = []
        self.finished = asyncio.Event()

    async def handle(self, gathered: Sequence[events.AnyEvent], row: Row) -> None:
        if self.problems:
            raise self.problems.pop(0)
        self.handled += [event.id for event in gathered]
        if "last" in self.handled:
            self.finished.set()


async def test_what_came_long_ago_waits_as_long_as_what_came_just_now() -> None:
    """After an outage of two hours the first try finds one part still away: that buries nothing."""
    bot, store, clock = Bot(Unavailable("the tracker store")), MemoryStore(), Clock()
    clock.now = NOW + 2 * PATIENCE
    dispatcher = Dispatcher(store.turns, bot.handle, always, 1, 24 * 3600, clock=clock)
    dispatcher.start()
    await store.take_in([text("last")])
    await asyncio.wait_for(bot.finished.wait(), 5)
    await dispatcher.stop(1)
    assert (bot.handled, store.turns.dead) == (["last"], [])


async def test_what_is_away_uses_up_no_tries() -> None:
    """After five such tries, four mistakes of the bot's own are not the end; a fifth one is."""
    away, wrong = [Unavailable("the tracker store")] * 5, [ValueError()] * 4
    bot, store = Bot(*away, *wrong, *away), MemoryStore()
    dispatcher = Dispatcher(store.turns, bot.handle, always, 1, 24 * 3600, clock=Clock())
    dispatcher.start()
    await store.take_in([text("a"), text("last")])
    await asyncio.wait_for(bot.finished.wait(), 5)
    await dispatcher.stop(1)
    assert bot.handled == ["a", "last"]
    bot = Bot(*away, *wrong, *away, ValueError())
    dispatcher = Dispatcher(store.turns, bot.handle, always, 1, 24 * 3600, clock=Clock())
    dispatcher.start()
    await store.take_in([text("b"), arrival("c", "phone:1", body=text("last").body)])
    await asyncio.wait_for(bot.finished.wait(), 5)
    await dispatcher.stop(1)
    assert bot.handled == ["last"]
    assert [letter.row.id for letter in store.turns.dead] == ["b"]


@pytest.mark.parametrize(("failures", "is_handled"), [(4, True), (5, False)])
async def test_deaths_use_up_tries_and_attempts_do_not(
    tmp_path: Path, failures: int, is_handled: bool
) -> None:
    """Five unavailable tries, then so many processes that die in the middle of the turn."""
    bot, path = Bot(*[Unavailable("the tracker store")] * 5), tmp_path / "whatsapp.db"
    started = asyncio.Event()

    async def stuck(gathered: Sequence[events.AnyEvent], row: Row) -> None:
        await bot.handle(gathered, row)
        started.set()
        await asyncio.Event().wait()

    for number in range(failures + 1):
        store = SQLiteStore(path, Clock())
        await store.open()
        dies = number < failures
        bot.handled, bot.finished, started = [], asyncio.Event(), asyncio.Event()
        handle = stuck if dies else bot.handle
        dispatcher = Dispatcher(store.turns, handle, always, 1, 24 * 3600, clock=Clock())
        dispatcher.start()
        if number == 0:
            await store.take_in([text("a")])
        if number == failures:
            await store.take_in([text("last")])
        await asyncio.wait_for((started if dies else bot.finished).wait(), 5)
        await dispatcher.stop(0)
        await store.close()
    assert bot.handled == (["a", "last"] if is_handled else ["last"])


async def test_what_stays_away_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some time after the first try the turn becomes a dead letter, and the next one has its turn."""
    monkeypatch.setattr(dispatcher_module, "PATIENCE", 0.05)
    bot, store = Bot(), MemoryStore()
    tries = []

    async def handle(gathered: Sequence[events.AnyEvent], row: Row) -> None:
        tries.append(row.id)
        if row.id == "a":
            raise Unavailable("the tracker store")
        await bot.handle(gathered, row)

    dispatcher = Dispatcher(store.turns, handle, always, 1, 24 * 3600, clock=Clock())
    dispatcher.start()
    await store.take_in([text("a"), text("last")])
    await asyncio.wait_for(bot.finished.wait(), 5)
    await dispatcher.stop(1)
    assert len(tries) > 2
    assert tries == ["a"] * (len(tries) - 1) + ["last"]
    assert [letter.reason for letter in store.turns.dead] == ["Unavailable: the tracker store"]
