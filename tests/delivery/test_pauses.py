"""Where the bot is silent, for how long, and for whom."""

from __future__ import annotations

from arrivals import Clock

from rasa_whatsapp.delivery.pauses import Pauses
from rasa_whatsapp.delivery.stores import Store


async def test_a_pause_ends_by_itself_or_by_order(store: Store, clock: Clock) -> None:
    """After its seconds, or with none."""
    pauses = Pauses(store, clock)
    assert not await pauses.silent("1")
    await pauses.set("1", 60)
    assert await pauses.silent("1")
    assert not await pauses.silent("2")
    await pauses.set("1", 0)
    assert not await pauses.silent("1")
    await pauses.set("1", 60)
    clock.now += 61
    assert not await pauses.silent("1")


async def test_the_turn_that_orders_it_is_not_meant(store: Store, clock: Clock) -> None:
    """It may have to be run again, also where a colleague has written meanwhile."""
    pauses = Pauses(store, clock)
    await pauses.set("1", 60, "wamid.1")
    await pauses.lengthen("1", clock() + 90)
    assert not await pauses.silent("1", "wamid.1")
    assert await pauses.silent("1", "wamid.2")
    assert await pauses.silent("1")


async def test_it_is_only_lengthened(store: Store, clock: Clock) -> None:
    """By words of long ago not at all."""
    pauses = Pauses(store, clock)
    await pauses.lengthen("1", clock() - 1)
    assert not await pauses.silent("1")
    await pauses.set("1", 100)
    await pauses.lengthen("1", clock() + 50)
    clock.now += 60
    assert await pauses.silent("1")
    await pauses.lengthen("1", clock() + 100)
    clock.now += 60
    assert await pauses.silent("1")
