"""Messages sent per second to a Graph 50 ms away: the client, the outbox and pywa beside a bare aiohttp loop.

pywa is taken where it is installed: ``uv run --group bench python -m benchmarks sends``.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import itertools
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from benchmarks.results.result import Result
from benchmarks.starting.graph import slow_graph
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.delivery import Delivery
from rasa_whatsapp.delivery.outbox import Destination
from rasa_whatsapp.delivery.stores import open_url
from rasa_whatsapp.messages import Message, Text
from rasa_whatsapp.providers import gateways
from rasa_whatsapp.settings import load

ROUNDS = 5
RECIPIENTS = (1, 10, 100)
MESSAGES = 20
"""To each recipient, one after the other, as an order that is kept demands."""
GOAL = 0.9
"""How much of the bare client's rate ours should reach."""
TOKEN, NUMBER, TEXT = "EAA" + "x" * 60, "106540352242922", "oi, tudo bem? 👍"

Send = Callable[[str], Awaitable[object]]
Sender = Callable[[str], AbstractAsyncContextManager[Send]]


@asynccontextmanager
async def _bare(url: str) -> AsyncIterator[Send]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:

        async def send(phone: str) -> None:
            body = {"messaging_product": "whatsapp", "to": phone, "type": "text", "text": {"body": TEXT}}
            async with session.post(f"{url}/v26.0/{NUMBER}/messages", json=body) as response:
                await response.json()

        yield send


@asynccontextmanager
async def _cloud_client(url: str) -> AsyncIterator[Send]:
    async with CloudClient(TOKEN, NUMBER, base_url=url) as client:

        async def send(phone: str) -> None:
            await client.send(Text(TEXT), phone)

        yield send


@asynccontextmanager
async def _outbox(url: str) -> AsyncIterator[Send]:
    """The bot's own way: each message is kept in an SQLite file, posted by the sender, and marked as sent."""
    accepted: dict[str, asyncio.Future[None]] = {}
    turns = itertools.count()
    with TemporaryDirectory(prefix="benchmark-") as folder:
        keys = {"phone_number_id": NUMBER, "access_token": TOKEN, "app_secret": TOKEN, "verify_token": "v"}
        store = f"sqlite:///{Path(folder, 'whatsapp.db')}"
        settings = load({**keys, "base_url": url, "store": store, "pacing": False}, {})
        kept = open_url(settings.store)
        ways = gateways(settings, kept)
        posted = ways[NUMBER].send

        async def send_and_tell(message: Message, to: str, *rest: Any, **options: Any) -> Any:
            done = await posted(message, to, *rest, **options)
            accepted.pop(to).set_result(None)
            return done

        ways[NUMBER].send = send_and_tell  # type: ignore[method-assign]
        delivery = Delivery(settings, kept, ways, _no_turns, _ready)
        await delivery.start()

        async def send(phone: str) -> None:
            done = accepted[f"+{phone}"] = asyncio.get_running_loop().create_future()
            destination = Destination(f"turn{next(turns)}", phone, f"+{phone}", NUMBER)
            await delivery.outbox.add(destination, 0, [Text(TEXT)])
            await done

        yield send
        await delivery.stop()
        await ways[NUMBER].close()


async def _no_turns(*_: object) -> None:
    """Nobody writes."""


async def _ready() -> None:
    """There is no model to wait for."""


@asynccontextmanager
async def _pywa_async(url: str) -> AsyncIterator[Send]:
    from pywa_async import WhatsApp

    client = WhatsApp(NUMBER, TOKEN)
    client.api._session.base_url = f"{url}/v26.0"
    yield lambda phone: client.send_message(phone, TEXT)
    await client.api._session.aclose()


@asynccontextmanager
async def _pywa_sync(url: str) -> AsyncIterator[Send]:
    """A thread for each recipient, as a web framework would give it."""
    from httpx import TransportError
    from pywa import WhatsApp

    client = WhatsApp(NUMBER, TOKEN)
    client.api._session.base_url = f"{url}/v26.0"

    def send(phone: str) -> None:
        while True:
            with suppress(TransportError):  # among many threads its client now and then loses a connection
                client.send_message(phone, TEXT)
                return

    with ThreadPoolExecutor(max(RECIPIENTS)) as threads:
        loop = asyncio.get_running_loop()
        yield lambda phone: loop.run_in_executor(threads, send, phone)
    client.api._session.close()


def _senders() -> dict[str, Sender]:
    peers = {"pywa, async": _pywa_async, "pywa, threads": _pywa_sync}
    return {
        "bare aiohttp": _bare,
        "CloudClient": _cloud_client,
        "outbox and sender, SQLite": _outbox,
        **(peers if importlib.util.find_spec("pywa") else {}),
    }


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures all senders in turn in every round and prints their rates beside the bare client's."""
    senders = _senders()
    rates: dict[tuple[str, int], list[float]] = {
        (name, people): [] for name in senders for people in RECIPIENTS
    }
    gc.collect()
    gc.freeze()  # as the channel does in Rasa's process, for all that are measured
    async with slow_graph() as url:
        for number in range(1, rounds + 1):
            for people in RECIPIENTS:
                for name, sender in senders.items():
                    with console.status(f"round {number} of {rounds}: {name}, {people} recipients"):
                        rates[name, people].append(await _rate(sender, url, people))
    gc.unfreeze()
    console.print(_table(rounds, list(senders), rates))
    return [
        Result(
            measure=f"Messages sent, {people} recipients, a Graph 50 ms away",
            beside="a bare aiohttp client",
            name=name,
            ratio=_ratio(rates[name, people], rates["bare aiohttp", people]),
            figure=f"{statistics.median(rates[name, people]):.0f} a second",
            goal=None if name.startswith("pywa") else GOAL,
        )
        for people in RECIPIENTS
        for name in senders
        if name != "bare aiohttp"
    ]


def _ratio(own: list[float], bare: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(own, bare, strict=True))


async def _rate(sender: Sender, url: str, people: int) -> float:
    """Messages a second, the first one to everybody (and the opening of connections) not counted."""
    phones = [f"5491155{number:06}" for number in range(people)]
    async with sender(url) as send:
        await asyncio.gather(*map(send, phones))

        async def talk(phone: str) -> None:
            for _ in range(MESSAGES):
                await send(phone)

        began = time.perf_counter()
        await asyncio.gather(*map(talk, phones))
        return people * MESSAGES / (time.perf_counter() - began)


def _table(rounds: int, names: list[str], rates: dict[tuple[str, int], list[float]]) -> Table:
    table = Table(
        title=f"Messages sent a second to a Graph 50 ms away, median of {rounds} rounds",
        caption=f"In brackets: of the bare client's rate in the same round, median. Goal: {GOAL:g}.",
    )
    table.add_column("recipients")
    for people in RECIPIENTS:
        table.add_column(str(people), justify="right")
    for name in names:
        cells = []
        for people in RECIPIENTS:
            own, bare = rates[name, people], rates["bare aiohttp", people]
            cells.append(f"{statistics.median(own):.0f} ({_ratio(own, bare):.2f})")
        table.add_row(name, *cells)
    return table
