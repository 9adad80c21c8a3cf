"""The way to WhatsApp is broken in every way: everything arrives, in order, nothing twice.

Clocks are scaled down: the outage lasts a second instead of a minute, and the back-off begins at 20 ms.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial

import pytest
from serving import NUMBER, SECRET, Bot, Server, serving, text, webhook
from structlog.testing import capture_logs

from rasa_whatsapp.cli.ports import free_port
from rasa_whatsapp.cloud import gateway
from rasa_whatsapp.cloud.client import CloudClient
from rasa_whatsapp.delivery import sender
from rasa_whatsapp.simulator import Simulator

PEOPLE, MESSAGES = 20, 5
TOO_FAST = (4, 130429, 131056)
"""Rate limits of the app, of the number, of the pair; Meta sends each under HTTP 429 or 400."""
PHONES = [f"54911666{person:05}" for person in range(PEOPLE)]
OUTAGE = 1.0
ONLY_ANSWERS = {"read_receipts": False, "typing_indicator": False}
"""So that every call to Graph is an answer."""


@pytest.fixture(autouse=True)
def _faster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "FIRST_BACKOFF", 0.02)
    monkeypatch.setattr(sender, "LONGEST_BACKOFF", 0.3)
    monkeypatch.setattr(sender, "UNKNOWN_WAIT", 1.0)


@pytest.fixture
async def whatsapp() -> AsyncIterator[Simulator]:
    """A local WhatsApp that is not listening yet."""
    simulator = Simulator(
        port=free_port(),
        phone_number_id=NUMBER,
        app_secret=SECRET,
        access_token="token",
        verify_token="verify",
        closed_window="ignored",
        status_delay=0.01,
    )
    yield simulator
    await simulator.stop()


async def write(server: Server, first: int = 0) -> None:
    """Everyone writes their messages, one webhook each."""
    for number in range(first, first + MESSAGES):
        for phone in PHONES:
            assert await server.deliver(webhook(text(f"{number}", f"wamid.{phone}.{number}", phone))) == 200


def received(whatsapp: Simulator, phone: str) -> list[str]:
    """The numbers that somebody was answered with."""
    messages = whatsapp.user(phone).messages
    return [message.text.removeprefix("echo: ") for message in messages if message.from_bot]


async def all_received(whatsapp: Simulator, count: int) -> None:
    """Waits until everyone has so many answers."""
    for phone in PHONES:
        for _ in range(count):
            await whatsapp.user(phone).receives(timeout=30)


async def test_an_outage_and_a_storm_of_refusals_lose_nothing(whatsapp: Simulator) -> None:
    """First nobody listens at Graph, then it turns away every other message as too fast."""
    bot = Bot()
    async with serving(bot, whatsapp.url, **ONLY_ANSWERS) as server:
        whatsapp.webhook_url = f"{server.url}/webhook"
        await write(server)
        await bot.until(PEOPLE * MESSAGES)
        await asyncio.sleep(OUTAGE)
        for code in random.Random(1).choices(TOO_FAST, k=PEOPLE * MESSAGES):
            whatsapp.fail_next(code, http=429, headers={"Retry-After": "0"})
        await whatsapp.start()
        await all_received(whatsapp, MESSAGES)
        await whatsapp.settle()
    refused = Counter(call.response["error"]["code"] for call in whatsapp.calls if call.status != 200)
    assert set(refused) == set(TOO_FAST)
    assert refused.total() == PEOPLE * MESSAGES
    assert {phone: received(whatsapp, phone) for phone in PHONES} == {
        phone: [f"{number}" for number in range(MESSAGES)] for phone in PHONES
    }


async def test_an_answer_of_graph_that_is_lost_costs_no_second_message(whatsapp: Simulator) -> None:
    """WhatsApp has taken the messages, but every connection was cut: their statuses say so."""
    bot = Bot()
    await whatsapp.start()
    async with serving(bot, whatsapp.url, **ONLY_ANSWERS) as server:
        whatsapp.webhook_url = f"{server.url}/webhook"
        whatsapp.fail_next(cut=True, accepted=True, times=PEOPLE)
        await write(server)
        await all_received(whatsapp, MESSAGES)
        await whatsapp.settle()
    assert sum(call.status is None for call in whatsapp.calls) == PEOPLE
    assert {phone: received(whatsapp, phone) for phone in PHONES} == {
        phone: [f"{number}" for number in range(MESSAGES)] for phone in PHONES
    }


async def test_after_a_time_out_nothing_is_sent_again_blindly(
    whatsapp: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whether WhatsApp took the message: it becomes a dead letter, and the next one leaves."""
    monkeypatch.setattr(gateway, "CloudClient", partial(CloudClient, timeout=0.3))
    bot = Bot()
    await whatsapp.start()
    with capture_logs() as logs:
        async with serving(bot, whatsapp.url, **ONLY_ANSWERS) as server:
            whatsapp.webhook_url = f"{server.url}/webhook"
            whatsapp.fail_next(131000, delay=0.6, recipient=PHONES[0])
            await write(server)
            for _ in range(MESSAGES - 1):
                await whatsapp.user(PHONES[0]).receives(timeout=30)
            await whatsapp.settle()
    assert received(whatsapp, PHONES[0]) == [f"{number}" for number in range(1, MESSAGES)]
    asked = [call.body["text"]["body"] for call in whatsapp.calls if call.body["to"].endswith(PHONES[0])]
    assert asked.count("echo: 0") == 1
    [letter] = [log for log in logs if log["event"] == "whatsapp.message.undelivered"]
    assert letter["reason"].startswith(sender.UNKNOWN)
