"""Conversations survive a restart of the local WhatsApp, where a file keeps them."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.messages import Text
from rasa_whatsapp.simulator import Simulator
from rasa_whatsapp.simulator.state import file
from rasa_whatsapp.simulator.state.file import StateFile

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chats.json"


def whatsapp(bot, path: Path) -> Simulator:
    return Simulator(port=0, webhook_url=bot.url, status_delay=0, state_file=path)


async def test_conversations_survive_a_restart(bot, path: Path) -> None:
    """People, messages of both sides, reactions, files and the moved clock are as they were."""
    async with whatsapp(bot, path) as simulator:
        maria = simulator.user("+55 61 99999-0001", name="María")
        await maria.says("oi")
        await maria.sends_image(PICTURE, caption="a quadra")
        account = simulator.account
        async with CloudClient(
            account.access_token, account.phone_number_id, base_url=simulator.url
        ) as client:
            await client.send(Text("olá"), maria.phone)
        await maria.reacts(await maria.receives("olá"), "👍")
        await simulator.settle()
        simulator.clock.advance(hours=25)
        before, clock = maria.messages, simulator.clock.now()
    async with whatsapp(bot, path) as simulator:
        again = simulator.user("+5561999990001")
        assert (again.name, again.user_id) == (maria.name, maria.user_id)
        assert again.messages == before
        picture = before[1].content["image"]["id"]
        assert simulator.state.media[picture].data == PICTURE
        assert simulator.clock.now() >= clock
        await again.says("ainda aqui")
        assert [message.text for message in again.messages][-2:] == ["olá", "ainda aqui"]


async def test_a_crash_loses_nothing_older_than_a_second(bot, path: Path, monkeypatch) -> None:
    """The file is written while the local WhatsApp runs, not only at its end."""
    monkeypatch.setattr(file, "WRITTEN_AFTER", 0.0)
    written = asyncio.Event()
    write = StateFile.write

    def written_now(self: StateFile) -> None:
        write(self)
        if self.state.messages:
            written.set()

    monkeypatch.setattr(StateFile, "write", written_now)
    async with whatsapp(bot, path) as simulator:
        await simulator.user("+5561999990001").says("oi")
        await asyncio.wait_for(written.wait(), 5)
        after_a_crash = Simulator(port=0, state_file=path)
        assert [message.text for message in after_a_crash.user("+5561999990001").messages] == ["oi"]


def test_only_the_owner_may_read_the_file(path: Path) -> None:
    """Conversations are private, and no half-written file stays beside it."""
    Simulator(state_file=path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"ahead": 0}', b"\xff\xfe"])
def test_another_file_is_not_overwritten(path: Path, content: bytes) -> None:
    """What is no state is named, and stays as it is."""
    path.write_bytes(content)
    with pytest.raises(ValueError, match="holds no conversations") as caught:
        Simulator(state_file=path)
    assert "Name another file" in str(caught.value)
    assert path.read_bytes() == content


def test_a_folder_that_does_not_exist(path: Path) -> None:
    """It is told at the start, not when the first message is lost."""
    with pytest.raises(ValueError, match="cannot be written: No such file or directory"):
        Simulator(state_file=path.parent / "nowhere" / "chats.json")


async def test_a_moved_clock_is_kept_when_nothing_else_happens(bot, path: Path) -> None:
    """A day that was skipped stays skipped."""
    async with whatsapp(bot, path) as simulator:
        simulator.clock.advance(hours=25)
    async with whatsapp(bot, path) as simulator:
        assert simulator.clock.ahead == 25 * 60 * 60


async def test_a_shortened_number_survives_a_restart(bot, path: Path) -> None:
    """A bot that knows somebody by the number without its ninth digit reaches them afterwards, too."""
    async with whatsapp(bot, path) as simulator:
        simulator.bad_day(ninth_digit=1.0)
        await simulator.user("+5561999990001").says("oi")
        await bot.has(1)
    [told] = bot.messages
    assert told["from"] == "556199990001"
    async with whatsapp(bot, path) as simulator:
        account = simulator.account
        async with CloudClient(
            account.access_token, account.phone_number_id, base_url=simulator.url
        ) as client:
            await client.send(Text("de volta"), f"+{told['from']}")
        await simulator.user("+5561999990001").receives("de volta")
        assert len(simulator.state.people) == 1


async def test_a_changed_number_survives_a_restart(bot, path: Path) -> None:
    """The conversation is the same one, under the new number alone."""
    async with whatsapp(bot, path) as simulator:
        maria = simulator.user("+5561999990001", name="María")
        await maria.says("oi")
        await maria.changes_number("+5561999990002")
        await simulator.settle()
    async with whatsapp(bot, path) as simulator:
        again = simulator.user("+5561999990002")
        assert (again.name, again.user_id, len(again.messages)) == ("María", maria.user_id, 1)
        assert simulator.user("+5561999990001").messages == []


async def test_half_an_emoji_does_not_stop_the_file(bot, path: Path) -> None:
    """A text that was cut in the middle of an emoji is kept as it is, and so is what comes after it."""
    async with whatsapp(bot, path) as simulator:
        maria = simulator.user("+5561999990001")
        await maria.says("quadra \ud83c")
        await maria.says("obrigada")
    async with whatsapp(bot, path) as simulator:
        again = simulator.user("+5561999990001")
        assert [message.text for message in again.messages] == ["quadra \ud83c", "obrigada"]
