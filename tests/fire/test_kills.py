"""A real `rasa run` is killed with SIGKILL under load: nothing lost, nothing twice, nothing out of order."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest
from crowd import Crowd
from rasa_run import RasaRun
from redis_server import RedisServer

from rasa_whatsapp.cli.programs import Programs
from rasa_whatsapp.simulator import Provider

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session")]

PEOPLE, MESSAGES = 50, 10
ALL = PEOPLE * MESSAGES
SEED = 20261121
KILLS = 3
DONE_WITHIN = 60.0
MOVE_ON_WITHIN = 20.0
"""Seconds; a lease runs out after 15."""


@pytest.mark.parametrize("provider", get_args(Provider))
async def test_500_messages_survive_three_kills_on_sqlite(
    programs: Programs,
    echo_bot: Path,
    echo_model: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    provider: Provider,
) -> None:
    """Each message has one turn, every answer is sent, and only what was being sent at a kill comes again."""
    moments = sorted(random.Random(SEED).sample(range(ALL // 20, ALL * 4 // 5), KILLS))
    in_flight: list[str] = []
    async with RasaRun(programs, echo_bot, echo_model, tmp_path, provider=provider) as run:
        crowd = Crowd(run.whatsapp, PEOPLE, MESSAGES)
        writing = asyncio.create_task(crowd.write())
        for moment in moments:
            await crowd.answered(moment, DONE_WITHIN)
            await run.kill()
            in_flight += rows(tmp_path / "whatsapp.db", "answer", "running")
            await run.start()
        await crowd.answered(ALL, DONE_WITHIN)
        await writing
        await until(lambda: not rows(tmp_path / "whatsapp.db", "answer", "waiting", "running"))
    crowd.check_trackers(run.trackers)
    too_often = crowd.check_answers()
    with capsys.disabled():
        print(
            f"\nkilled after {', '.join(map(str, moments))} of {ALL} answers, with {len(in_flight)} being "
            f"sent: {ALL} turns, {ALL} answers, {too_often.total()} of them sent twice"
        )
    if provider == "serpro":  # whose requests do not bear the outbox's id
        assert too_often.total() <= len(in_flight)
    else:
        assert too_often - Counter(in_flight) == Counter()
    assert [rows(tmp_path / "whatsapp.db", table, "dead") for table in ("turn", "answer")] == [[], []]


async def test_a_killed_worker_of_three_is_replaced_on_redis(
    programs: Programs,
    echo_bot: Path,
    echo_model: Path,
    tmp_path: Path,
    own_redis: RedisServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The other two take its conversations over; all 500 messages have one turn and are answered."""
    moment = random.Random(SEED).randrange(ALL // 5, ALL // 2)
    lock_store = {"type": "redis", "url": "127.0.0.1", "port": own_redis.port, "db": 1}
    run = RasaRun(
        programs,
        echo_bot,
        echo_model,
        tmp_path,
        endpoints={"lock_store": lock_store},
        workers=3,
        store=own_redis.url,
    )
    async with run:
        crowd = Crowd(run.whatsapp, PEOPLE, MESSAGES)
        writing = asyncio.create_task(crowd.write())
        workers = children(run.pid)
        assert len(workers) == 3
        await crowd.answered(moment, DONE_WITHIN)
        os.kill(workers[SEED % 3], signal.SIGKILL)
        killed = time.time()
        await crowd.answered(ALL, DONE_WITHIN)
        await writing
        await until(lambda: not own_redis.client.keys("*:rows:*"))
    crowd.check_trackers(run.trackers)
    too_often = crowd.check_answers()
    stood_still = max(
        next((message.at for message in received if message.at > killed), killed) - killed
        for received in crowd.answers().values()
    )
    with capsys.disabled():
        print(
            f"\none of three workers killed after {moment} of {ALL} answers: everyone's next answer came "
            f"within {stood_still:.1f} s, {too_often.total()} of them sent twice"
        )
    assert stood_still < MOVE_ON_WITHIN


def rows(database: Path, table: str, *states: str) -> list[str]:
    """The ids of the rows in one of the states."""
    marks = ", ".join("?" * len(states))
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(f"SELECT id FROM {table} WHERE state IN ({marks})", states).fetchall()
    return [id for (id,) in found]


async def until(true: Callable[[], bool]) -> None:
    """Waits until something is true, as seen from outside."""
    deadline = time.monotonic() + DONE_WITHIN
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
