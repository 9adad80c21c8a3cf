"""Turns that keep the loop busy begin one at a time; turns that wait run side by side."""

from __future__ import annotations

import asyncio
import time

from rasa_whatsapp.delivery.admission import Admission


async def test_turns_that_wait_run_side_by_side() -> None:
    """All of them are inside before the first ends."""
    admission, inside, end = Admission(), 0, asyncio.Event()
    all_inside = asyncio.Event()

    async def turn() -> None:
        nonlocal inside
        async with admission.turn():
            inside += 1
            if inside == 10:
                all_inside.set()
            await end.wait()

    turns = [asyncio.create_task(turn()) for _ in range(10)]
    await asyncio.wait_for(all_inside.wait(), 5)
    end.set()
    await asyncio.gather(*turns)


async def test_turns_that_compute_begin_one_after_the_other() -> None:
    """While one keeps the loop busy the next does not begin, so that a request waits for one, not for ten."""
    admission, inside, most = Admission(), 0, 0

    async def turn() -> None:
        nonlocal inside, most
        async with admission.turn():
            inside += 1
            most = max(most, inside)
            for _ in range(4):
                time.sleep(0.05)  # noqa: ASYNC251 - Rasa predicts without awaiting
                await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(turn() for _ in range(10)))
    assert most <= 2
