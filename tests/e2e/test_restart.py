"""A real `rasa run` that is stopped and killed: nothing is lost, nothing is answered twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from itertools import groupby
from pathlib import Path

import pytest
import pytest_asyncio
from gate import Gate
from rasa_run import SHOW_BOT, RasaRun

from rasa_whatsapp.cli.programs import Programs
from rasa_whatsapp.simulator import User

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session")]

THROUGHPUT = 5
"""Messages a second: ten answers of one turn take two seconds to leave."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mortal(
    programs: Programs, show_model: Path, media_url: str, gate: Gate, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RasaRun]:
    """A show bot of this module's own."""
    run = RasaRun(
        programs,
        SHOW_BOT,
        show_model,
        tmp_path_factory.mktemp("mortal"),
        {"MEDIA_URL": media_url, "GATE_URL": gate.url},
        pacing=True,
        throughput=THROUGHPUT,
    )
    async with run:
        yield run


@pytest.fixture
def ana(mortal: RasaRun, person: Callable[[RasaRun], User]) -> User:
    """Somebody who has not written to the bot before."""
    return person(mortal)


async def test_a_restart_keeps_the_conversation(mortal: RasaRun, ana: User) -> None:
    """A message that was answered before a restart is not answered again after it, the next one is.

    WhatsApp delivers the first one again, and a message that was written meanwhile.
    """
    await ana.says("say before")
    assert (await ana.receives()).text == "before"
    await mortal.whatsapp.settle()
    first = next(delivery for delivery in mortal.whatsapp.deliveries if b"say before" in delivery.body)
    await mortal.stop()
    await ana.says("say meanwhile")
    await mortal.start()
    again = await mortal.whatsapp.deliver(first.body)
    assert again.status == 200
    assert (await ana.receives(timeout=30)).text == "meanwhile"
    await ana.says("say after")
    assert (await ana.receives()).text == "after"
    assert await mortal.texts_heard(ana.phone) == ["say before", "say meanwhile", "say after"]


async def test_a_kill_in_the_middle_of_turns_and_answers_loses_none(
    mortal: RasaRun, ana: User, gate: Gate, person: Callable[[RasaRun], User]
) -> None:
    """After SIGKILL the turn that ran is run again, and the paced answers still leave in order."""
    ben = person(mortal)
    await ben.says("/wait")
    await gate.arrival()
    await ana.says('/show{"what": "pages"}')
    before = [(await ana.receives()).text for _ in range(3)]
    await mortal.kill()
    await mortal.start()

    (await gate.arrival()).set()
    assert (await ben.receives(timeout=30)).text == "I have waited."
    await ana.says("say that was all")
    after = []
    while "that was all" not in after:
        after.append((await ana.receives(timeout=30)).text)
    # The one that was on its way at the kill may have come twice, no other.
    pages = [page for page, _ in groupby([*before, *after])]
    assert pages == [*(f"Page {n}" for n in range(1, 11)), "that was all"]
    assert len(before) + len(after) <= len(pages) + 1
    assert await mortal.texts_heard(ben.phone) == ["/wait"]
    assert await mortal.texts_heard(ana.phone) == ['/show{"what": "pages"}', "say that was all"]
