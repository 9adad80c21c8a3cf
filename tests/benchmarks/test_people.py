"""People who write to a bot that is measured: the same exchange as with WhatsApp."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.load.people import STATUSES, People, people
from benchmarks.starting.channel import channel
from rasa_whatsapp.cli.programs import Programs, environment
from rasa_whatsapp.simulator.account import Account


@pytest.mark.rasa
async def test_each_is_answered_and_the_bot_told_of_it(
    rasa_open_source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed webhooks reach the channel, its calls are taken, and three statuses follow each answer."""
    posted: list[bytes] = []
    post = People._post

    async def noted(them: People, request: bytes) -> None:
        await post(them, request)
        posted.append(request)

    monkeypatch.setattr(People, "_post", noted)
    async with people(Account()) as them, Programs(tmp_path, environment()) as programs:
        port, _ = await channel(
            programs, tmp_path, {"base_url": them.url, "store": "memory://"}, turn="awaits:0.01"
        )
        them.meet(port)
        answers = [await them.say(phone, "pileta") for phone in ("5491155000001", "5491155000002")]
        await them.settle()

    assert all("You said pileta." in answer for answer in answers)
    assert len(posted) == 2 * (1 + len(STATUSES))
