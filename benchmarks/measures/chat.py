"""The local WhatsApp with an echo bot: from typed to shown with 50 people at once, and its memory."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from aiohttp import web
from rich.console import Console
from rich.table import Table

from benchmarks.results.machine import resident_bytes
from benchmarks.results.result import Result, flat
from benchmarks.starting.settings import ROOT
from rasa_whatsapp.cli.ports import free_port, listening
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.simulator import ACCESS_TOKEN, PHONE_NUMBER_ID

ROUNDS = 1
PEOPLE = 50
TURNS = 10
"""What each person types while the times are taken."""
PAUSE = 3.0
"""Seconds from an answer to the next words; at first each waits for a random part of it."""
PAGES = (1, PEOPLE)
"""All on one page, as a developer has it; each on one of their own, which shows what all do, too."""
MESSAGES = 100_000
QUICK = {"TURNS": 3, "MESSAGES": 40_000}
STEP = 20_000
"""Messages, typed and answered together, between two looks at the memory; the first is the warm-up."""
P95_GOAL = 300.0
MEMORY_GOAL = 0.10
"""How much more memory than after the warm-up there may be."""
_ANSWERED_WITHIN = 60.0


class EchoBot:
    """A webhook that answers every text by a call of the Graph API."""

    def __init__(self, graph_url: str) -> None:
        self._url = f"{graph_url}/v26.0/{PHONE_NUMBER_ID}/messages"
        self._answers: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[None]:
        """Listens on this port."""
        app = web.Application()
        app.router.add_get("/webhook", self._handshake)
        app.router.add_post("/webhook", self._take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        headers = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
        async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as self._session:
            yield
            await asyncio.gather(*self._answers)
        await runner.cleanup()

    async def _handshake(self, request: web.Request) -> web.Response:
        return web.Response(text=request.query["hub.challenge"])

    async def _take(self, request: web.Request) -> web.Response:
        for entry in (await request.json())["entry"]:
            for message in entry["changes"][0]["value"].get("messages", ()):
                task = asyncio.create_task(self._answer(message["from"], message["text"]["body"]))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)
        return web.Response()

    async def _answer(self, phone: str, text: str) -> None:
        message = {
            "messaging_product": "whatsapp",
            "to": f"+{phone}",
            "type": "text",
            "text": {"body": f"echo {text}"},
        }
        async with self._session.post(self._url, json=message) as response:
            await response.read()


class Page:
    """An open page of the local WhatsApp, without the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._reading = asyncio.create_task(self._read())

    async def arrives(self, phone: str) -> None:
        """Somebody begins to use WhatsApp here."""
        await self._socket.send_json({"do": "user", "phone": phone, "name": f"Person {phone[-2:]}"})

    async def types(self, phone: str) -> float:
        """Types a text; the milliseconds until its answer is shown."""
        text = f"{phone} says {next(self._numbers)}"
        shown = self._waiting[f"echo {text}"] = asyncio.get_running_loop().create_future()
        typed = time.perf_counter()
        await self._socket.send_json({"do": "text", "user": phone, "text": text})
        milliseconds = (await asyncio.wait_for(shown, _ANSWERED_WITHIN) - typed) * 1e3
        await self._socket.send_json({"do": "read", "user": phone})
        return milliseconds

    async def close(self) -> None:
        """Leaves."""
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        async for packet in self._socket:
            if not any(text in packet.data for text in self._waiting):  # it is told of everybody
                continue
            for event in json.loads(packet.data):
                text = event["message"]["text"] if event["type"] == "message" else ""
                if shown := self._waiting.pop(text, None):
                    shown.set_result(time.perf_counter())


@asynccontextmanager
async def local_whatsapp() -> AsyncIterator[tuple[str, int]]:
    """The command ``rasa-whatsapp simulator`` and an echo bot; gives its address and its process."""
    port, bot_port = free_port(), free_port()
    url, webhook_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bot_port}/webhook"
    command = [sys.executable, "-m", "rasa_whatsapp.cli", "simulator"]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        await stack.enter_async_context(EchoBot(url).serving(bot_port))
        programs = await stack.enter_async_context(Programs(folder, environment()))
        program = await programs.start(
            "simulator", [*command, "--port", str(port), "--webhook-url", webhook_url], cwd=ROOT
        )
        await programs.during(listening(port))
        yield url, program.pid


@asynccontextmanager
async def pages(url: str, number: int) -> AsyncIterator[list[Page]]:
    """So many open pages."""
    async with aiohttp.ClientSession() as session:
        sockets = [
            await session.ws_connect(f"{url}/control/ws?together", max_msg_size=1 << 26)
            for _ in range(number)
        ]
        opened = [Page(socket) for socket in sockets]
        yield opened
        for page in opened:
            await page.close()


async def run(rounds: int, console: Console) -> list[Result]:
    """Measures both in a fresh local WhatsApp each round, and prints two tables."""
    times, memory = _times_table(), _memory_table()
    p95s: dict[int, list[float]] = {number: [] for number in PAGES}
    growths, most = [], []
    for number in range(1, rounds + 1):
        async with local_whatsapp() as (url, pid):
            for opened in PAGES:
                with console.status(f"round {number} of {rounds}: {PEOPLE} people, open pages: {opened}"):
                    milliseconds = sorted(await typed_to_shown(url, opened))
                p95 = percentile(milliseconds, 0.95)
                p95s[opened].append(p95)
                figures = [statistics.median(milliseconds), p95, milliseconds[-1]]
                verdict = "[green]met" if p95 < P95_GOAL else "[red]missed"
                name = f"open pages: {opened}, round {number}"
                times.add_row(name, *(f"{each:.1f}" for each in figures), verdict)
            with console.status(f"round {number} of {rounds}: {MESSAGES} messages"):
                sizes = await resident(url, pid, MESSAGES)
            growth = max(sizes) / sizes[0] - 1
            growths.append(growth)
            most.append(max(sizes))
            verdict = "[green]met" if growth <= MEMORY_GOAL else "[red]missed"
            figures_mb = [f"{size / 1e6:.1f}" for size in sizes]
            memory.add_row(f"round {number}", *figures_mb, f"{growth:+.1%}", verdict)
    console.print(times)
    console.print(memory)
    return [
        *(
            Result(
                measure=f"Typed to shown in the local WhatsApp, {PEOPLE} at once, 95th percentile",
                beside=f"the {P95_GOAL:g} ms allowed",
                name=f"open pages: {opened}",
                ratio=statistics.median(found) / P95_GOAL,
                figure=f"{statistics.median(found):.0f} ms",
                goal=1.0,
                at_most=True,
            )
            for opened, found in p95s.items()
        ),
        flat(
            f"Memory of the local WhatsApp after {MESSAGES} messages",
            f"after {STEP}",
            "echo bot",
            growths,
            most,
            MEMORY_GOAL,
        ),
    ]


async def typed_to_shown(url: str, number: int) -> list[float]:
    """Milliseconds from typed to shown, of people who chat at once on so many pages."""
    dice = random.Random(1)

    async def chat(page: Page, phone: str, delay: float) -> list[float]:
        await page.arrives(phone)
        await asyncio.sleep(delay)
        took = []
        for _ in range(TURNS):
            took.append(await page.types(phone))
            await asyncio.sleep(PAUSE)
        return took

    async with pages(url, number) as opened:
        chats = (chat(page, phone, dice.uniform(0, PAUSE)) for page, phone in zip(cycle(opened), _phones()))
        return [each for took in await asyncio.gather(*chats) for each in took]


async def resident(url: str, pid: int, messages: int) -> list[int]:
    """The bytes that the simulator holds after each step; all chat without a pause, on one page."""

    async def chat(page: Page, phone: str) -> None:
        for _ in range(STEP // PEOPLE // 2):
            await page.types(phone)

    sizes = []
    async with pages(url, 1) as [page]:
        for phone in _phones():
            await page.arrives(phone)
        for _ in range(messages // STEP):
            await asyncio.gather(*(chat(page, phone) for phone in _phones()))
            sizes.append(resident_bytes(pid))
    return sizes


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of the ordered ones is not above."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _phones() -> list[str]:
    return [f"55619999{number:05}" for number in range(PEOPLE)]


def _times_table() -> Table:
    table = Table(
        title=f"From typed to shown, {PEOPLE} people at once",
        caption=f"{TURNS} texts each, {PAUSE:g} s after every answer; an echo bot answers by the Graph API",
    )
    table.add_column("")
    for column in ("median ms", "95 % ms", "max ms", f"goal: 95 % < {P95_GOAL:g}"):
        table.add_column(column, justify="right")
    return table


def _memory_table() -> Table:
    table = Table(
        title=f"Resident memory of the local WhatsApp in MB, {PEOPLE} people on one page",
        caption=f"Goal: within {MEMORY_GOAL:.0%} of what it was after {STEP} messages, typed and answered.",
    )
    table.add_column("")
    for number in range(STEP, MESSAGES + 1, STEP):
        table.add_column(f"{number}", justify="right")
    for column in ("growth", "goal"):
        table.add_column(column, justify="right")
    return table
