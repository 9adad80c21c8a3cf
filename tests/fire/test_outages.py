"""Programs of a running bot go away and come back: it recovers by itself, and nothing is lost."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage
from rasa_run import SHOW_BOT, RasaRun
from redis_server import RedisServer
from serving import Bot, local_whatsapp, serving, text, webhook

from rasa_whatsapp.cli.programs import Programs
from rasa_whatsapp.simulator import User

THROUGHPUT = 2
"""Messages a second: ten answers of one turn take five seconds to leave."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def show(
    programs: Programs, trained: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RasaRun]:
    """The show bot, whose answers come from an action server, and leave slowly."""
    folder = tmp_path_factory.mktemp("outages")
    environment = {"MEDIA_URL": "https://club.example", "GATE_URL": "http://127.0.0.1:1/"}
    run = RasaRun(
        programs, SHOW_BOT, trained(SHOW_BOT), folder, environment, pacing=True, throughput=THROUGHPUT
    )
    async with run:
        yield run


_phones = (f"54911999{number:05}" for number in itertools.count(1))


@pytest.fixture
def ana(show: RasaRun) -> User:
    """Somebody who has not written to the bot before."""
    return show.whatsapp.user(next(_phones))


async def logged(run: RasaRun, event: str, behind: int) -> None:
    """Waits until the log of `rasa run` names an event, behind so many characters."""

    async def found() -> None:
        while event not in run.printed()[behind:]:
            await asyncio.sleep(0.05)

    await asyncio.wait_for(found(), 30)


@pytest.mark.rasa
@pytest.mark.asyncio(loop_scope="session")
async def test_turns_wait_for_the_action_server(show: RasaRun, ana: User) -> None:
    """Rasa alone would record half a turn; here the log says what is missing, and the answer comes later."""
    await ana.says("say one")
    await ana.receives("one")
    before = len(show.printed())
    await show.stop_actions()
    # The server counts as there for five seconds after it was last seen.
    await asyncio.sleep(5.5)
    await ana.says("say two")
    await logged(show, "whatsapp.action_server.away", before)
    await show.start_actions()
    await ana.receives("two", timeout=30)
    assert await show.texts_heard(ana.phone) == ["say one", "say two"]


@pytest.mark.rasa
@pytest.mark.asyncio(loop_scope="session")
async def test_a_turn_waits_for_the_tracker_store(show: RasaRun, ana: User) -> None:
    """Rasa alone would answer from an empty tracker; here the turn is run again when the store is back."""
    await ana.says("say one")
    await ana.receives("one")
    before = len(show.printed())
    with closing(sqlite3.connect(show.trackers, isolation_level=None)) as intruder:
        intruder.execute("BEGIN EXCLUSIVE")
        await ana.says("say two")
        await logged(show, "whatsapp.turn.failed", before)
        intruder.execute("ROLLBACK")
    await ana.receives("two", timeout=30)
    await ana.says("say three")
    await ana.receives("three", timeout=30)
    assert await show.texts_heard(ana.phone) == ["say one", "say two", "say three"]


@pytest.mark.rasa
@pytest.mark.asyncio(loop_scope="session")
async def test_a_kill_after_a_turn_loses_none_of_its_paced_answers(show: RasaRun, ana: User) -> None:
    """The turn is in the tracker and most of its ten answers are still to be sent: they are, once each."""
    await ana.says('/show{"what": "pages"}')
    received = [(await ana.receives()).text]
    assert await show.texts_heard(ana.phone) == ['/show{"what": "pages"}']
    await show.kill()
    left = 10 - len([message for message in ana.messages if message.from_bot])
    assert left > 5
    await show.start()
    received += [(await ana.receives(timeout=30)).text for _ in range(9)]
    await ana.says("say that was all")
    await ana.receives("that was all", timeout=30)
    assert received == [f"Page {number}" for number in range(1, 11)]
    assert await show.texts_heard(ana.phone) == ['/show{"what": "pages"}', "say that was all"]


async def test_redis_restarts_under_a_running_channel(own_redis: RedisServer) -> None:
    """While it is away Meta is asked to come again; then what was kept is answered, without a restart."""
    bot = Bot()
    hold = asyncio.Event()

    async def turn(heard: UserMessage) -> None:
        await hold.wait()
        await heard.output_channel.send_response(heard.sender_id, {"text": f"echo: {heard.text}"})

    bot.turn = turn
    async with local_whatsapp() as whatsapp, serving(bot, whatsapp, store=own_redis.url) as server:
        assert await server.deliver(webhook(text("1", "wamid.1"), text("2", "wamid.2"))) == 200
        own_redis.kill()
        assert await server.deliver(webhook(text("3", "wamid.3"))) == 503
        hold.set()
        own_redis.start()
        assert await server.deliver(webhook(text("3", "wamid.3"))) == 200
        posts = await whatsapp.until(posts=3, seconds=30)
        assert await server.deliver(webhook(text("4", "wamid.4", "5491100000001"))) == 200
        await whatsapp.until(posts=4)
    assert [post["text"]["body"] for post in posts[:3]] == ["echo: 1", "echo: 2", "echo: 3"]
