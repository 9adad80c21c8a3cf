"""Meta delivers again, in other batches and another order: nobody is answered twice."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from redis_server import RedisServer
from serving import Bot, Server, local_whatsapp, serving, text, webhook

from rasa_whatsapp.simulator import Provider

PEOPLE, MESSAGES, TIMES = 30, 5, 3
SEED = 7


@pytest.fixture(params=["sqlite", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a durable store."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'whatsapp.db'}"
        return
    server: RedisServer = request.getfixturevalue("own_redis")
    yield server.url


def shuffled(chance: random.Random) -> list[dict[str, Any]]:
    """Everyone's messages, each person's in order, the people at random."""
    people = [person for person in range(PEOPLE) for _ in range(MESSAGES)]
    chance.shuffle(people)
    written: dict[int, int] = defaultdict(int)
    messages = []
    for person in people:
        number, written[person] = written[person], written[person] + 1
        messages.append(text(f"{number}", f"wamid.{person}.{number}", f"54911555{person:05}"))
    return messages


def batches(messages: list[dict[str, Any]], size: Callable[[], int]) -> Iterator[list[dict[str, Any]]]:
    """Cuts messages into webhooks of a size that is asked for each."""
    rest = iter(messages)
    while batch := [message for _, message in zip(range(size()), rest, strict=False)]:
        yield batch


@pytest.mark.parametrize("provider", get_args(Provider))
async def test_what_is_delivered_three_times_in_other_batches_is_answered_once(
    store: str, provider: Provider
) -> None:
    """150 messages arrive three times at the same time: 150 turns, 150 answers, each person's in order."""
    chance = random.Random(SEED)
    bot = Bot()

    async def deliver(server: Server, largest: int) -> None:
        for batch in batches(shuffled(chance), lambda: chance.randint(1, largest)):
            assert await server.deliver(webhook(*batch)) == 200

    async with local_whatsapp(provider) as whatsapp, serving(bot, whatsapp, store=store) as server:
        await asyncio.gather(*(deliver(server, largest) for largest in (1, 4, 12)))
        await whatsapp.until(posts=PEOPLE * MESSAGES, seconds=30)
        await server.deliver(webhook(text("the last", "wamid.last", "54911555999")))
        await whatsapp.until(posts=PEOPLE * MESSAGES + 1)
    heard: dict[str, list[str]] = defaultdict(list)
    for message in bot.heard[:-1]:
        heard[message.sender_id].append(message.text)
    received: dict[str, list[str]] = defaultdict(list)
    for post in whatsapp.posts[:-1]:
        received[post["to"].lstrip("+")].append(post["text"]["body"])
    in_order = [f"{number}" for number in range(MESSAGES)]
    assert len(heard) == PEOPLE
    assert all(texts == in_order for texts in heard.values())
    assert received == {person: [f"echo: {number}" for number in in_order] for person in heard}
