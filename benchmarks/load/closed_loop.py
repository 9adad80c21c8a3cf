"""Webhooks as fast as a server takes them (a closed loop)."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence

from benchmarks.load.ids import message_id
from benchmarks.load.webhooks import post, status, text
from rasa_whatsapp.simulator import Simulator
from rasa_whatsapp.simulator.account import Account

CONNECTIONS = 96
"""Nearly the 100 that Sanic lets wait at its door; with fewer, a store that waits for its disk is idle."""
PEOPLE = 1000
KNOCK_AGAIN = 0.1
"""Seconds before a webhook that was answered 503 is posted again."""
TEXTS = 4
"""One of so many mixed webhooks is a text."""

_ids = itertools.count(1)


async def hammer(port: int, requests: Sequence[bytes]) -> float:
    """Posts all requests over ``CONNECTIONS`` connections that stay open; returns how many a second.

    Raises:
        RuntimeError: one of them was refused. One that could not be kept yet is posted again, as by Meta.
    """
    waiting = iter(requests)
    began = time.perf_counter()
    await asyncio.gather(*(_work(port, waiting) for _ in range(CONNECTIONS)))
    return len(requests) / (time.perf_counter() - began)


async def _work(port: int, waiting: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in waiting:
            while (answer := await post(reader, writer, request)) == 503:
                await asyncio.sleep(KNOCK_AGAIN)
            if answer != 200:
                raise RuntimeError(f"a webhook was answered {answer}")
    finally:
        writer.close()


def texts(whatsapp: Simulator, count: int) -> list[bytes]:
    """Signed requests with a new text message each."""
    return [_text(whatsapp.account, number) for number in itertools.islice(_ids, count)]


def mixed(whatsapp: Simulator, count: int) -> list[bytes]:
    """Signed requests as a busy bot gets them: for each text three statuses of the bot's own messages."""
    account, kinds = whatsapp.account, itertools.cycle(("sent", "delivered", "read", None))
    return [
        _text(account, number)
        if kind is None
        else status(account, f"wamid.sent{number}", _phone(number), kind, f"{number:032x}")
        for number, kind in zip(itertools.islice(_ids, count), kinds, strict=False)
    ]


def _text(account: Account, number: int) -> bytes:
    return text(account, message_id(number), _phone(number))


def _phone(number: int) -> str:
    return f"5491155{number % PEOPLE:06}"
