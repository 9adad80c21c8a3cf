"""Conversations survive a restart of the local WhatsApp, where a file keeps them."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import stat
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.messages import Text
from rasa_whatsapp.simulator import Simulator
from rasa_whatsapp.simulator.state import Media, Person, State, file

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


class Disk:
    """The disk under the state file, which a test can hold up, or fill.

    ``waits`` is whether somebody waits for it now, ``timed_out`` whether nobody released it in time.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._loop = asyncio.get_running_loop()
        self._replace = os.replace
        self._free = threading.Event()
        self._free.set()
        self._news = asyncio.Event()
        self._full = ""
        self.waits = False
        self.timed_out = False
        monkeypatch.setattr(file, "WRITTEN_AFTER", 0.0)
        monkeypatch.setattr(os, "replace", self.replace)

    def replace(self, source: str, target: str | Path) -> None:
        self.waits = not self._free.is_set()
        self._loop.call_soon_threadsafe(self._news.set)
        if not self._free.wait(5):
            self.timed_out = True
        if str(target) == self._full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._replace(source, target)
        self.waits = False
        self._loop.call_soon_threadsafe(self._news.set)

    def hold(self) -> None:
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def fill(self, path: Path) -> None:
        """No more room for this file."""
        self._full = str(path)

    async def until(self, true: Callable[[], bool]) -> None:
        while not true():
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 10)


@pytest.fixture
async def disk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Disk]:
    disk = Disk(monkeypatch)
    yield disk
    disk.release()


def texts(path: Path) -> list[str]:
    """What stands in the file."""
    return [message["content"]["text"]["body"] for message in _state(path)["messages"].values()]


def write(path: Path, kept: object) -> None:
    path.write_bytes(msgspec.json.encode(kept))


def _state(path: Path) -> Any:
    return json.loads(path.read_bytes())["state"]


async def test_a_crash_loses_nothing_older_than_a_second(bot, path: Path, disk: Disk) -> None:
    """The file is written while the local WhatsApp runs, not only at its end."""
    async with whatsapp(bot, path) as simulator:
        await simulator.user("+5561999990001").says("oi")
        await disk.until(lambda: texts(path) == ["oi"])
        after_a_crash = Simulator(port=0, state_file=path)
        assert [message.text for message in after_a_crash.user("+5561999990001").messages] == ["oi"]


async def test_a_slow_disk_holds_nobody_up(bot, graph, path: Path, disk: Disk) -> None:
    """While the file is being written people write and bots call; what they do is written next."""
    async with whatsapp(bot, path) as graph.simulator:
        maria = graph.simulator.user("+5561999990001")
        disk.hold()
        await maria.says("oi")
        await disk.until(lambda: disk.waits)
        await maria.says("tudo bem?")
        await graph.says("olá")
        disk.release()
        await disk.until(lambda: texts(path) == ["oi", "tudo bem?", "olá"])
    assert not disk.timed_out


async def test_an_orderly_stop_waits_for_what_is_being_written(bot, path: Path, disk: Disk) -> None:
    """It comes first, and what happened meanwhile after it."""
    simulator = whatsapp(bot, path)
    await simulator.start()
    maria = simulator.user("+5561999990001")
    disk.hold()
    await maria.says("oi")
    await disk.until(lambda: disk.waits)
    await maria.says("tudo bem?")
    stopping = asyncio.ensure_future(simulator.stop())
    await maria.says("até")
    disk.release()
    await stopping
    assert texts(path) == ["oi", "tudo bem?", "até"]
    assert not disk.timed_out


async def test_a_file_is_written_once(bot, path: Path, disk: Disk) -> None:
    """However much is said after it; the state names it and does not hold it."""
    async with whatsapp(bot, path) as simulator:
        maria = simulator.user("+5561999990001")
        await maria.sends_image(PICTURE * 1000)
        picture = path.with_name("chats.json.media") / maria.messages[0].content["image"]["id"]
        await disk.until(lambda: picture.exists() and len(_state(path)["messages"]) == 1)
        first = picture.stat()
        await maria.says("gostou?")
    assert len(_state(path)["messages"]) == 2
    assert (first.st_ino, first.st_mtime_ns) == (picture.stat().st_ino, picture.stat().st_mtime_ns)
    assert picture.read_bytes() == PICTURE * 1000
    assert len(json.dumps(_state(path))) < len(PICTURE) * 20
    assert stat.S_IMODE(first.st_mode) == 0o600
    assert stat.S_IMODE(picture.parent.stat().st_mode) == 0o700


async def test_a_forgotten_file_is_removed(bot, graph, path: Path) -> None:
    """The last one with its folder; another's files in there stay."""
    async with whatsapp(bot, path) as graph.simulator:
        maria = graph.simulator.user("+5561999990001")
        first, second = [(await maria.sends_image(PICTURE)).content["image"]["id"] for _ in range(2)]
    folder = path.with_name("chats.json.media")
    assert {each.name for each in folder.iterdir()} == {first, second}
    async with whatsapp(bot, path) as graph.simulator:
        assert (await graph.call("DELETE", f"/v26.0/{first}"))[0] == 200
        await graph.simulator.user("+5561999990001").says("oi")
    assert [each.name for each in folder.iterdir()] == [second]
    async with whatsapp(bot, path) as graph.simulator:
        assert graph.simulator.state.media[second].data == PICTURE
        assert (await graph.call("DELETE", f"/v26.0/{second}"))[0] == 200
        await graph.simulator.user("+5561999990001").says("oi")
    assert not folder.exists()


async def test_no_file_goes_before_the_state_forgets_it(bot, graph, path: Path, disk: Disk) -> None:
    """On a full disk the state from before stands, and so does every file that it names."""
    async with whatsapp(bot, path) as graph.simulator:
        maria = graph.simulator.user("+5561999990001")
        picture = (await maria.sends_image(PICTURE)).content["image"]["id"]
    async with whatsapp(bot, path) as graph.simulator:
        disk.fill(path)
        await graph.call("DELETE", f"/v26.0/{picture}")
        await graph.simulator.user("+5561999990001").says("oi")
    disk.fill(Path())
    async with whatsapp(bot, path) as again:
        assert again.state.media[picture].data == PICTURE
    assert [each for each in path.parent.iterdir() if each.name.startswith(".")] == []


async def test_a_state_file_with_the_files_inside_is_read(bot, path: Path) -> None:
    """As it was written once; the files are put beside it then."""
    picture = Media(id="1234567890123456", data=PICTURE, mime_type="image/png", expires_at=2e9)
    stray = Media(id="../stray", data=PICTURE, mime_type="image/png", expires_at=2e9)
    old = State(people={"55": Person(phone="55", user_id="BR.1", name="Ana")})
    old.media = {each.id: each for each in (picture, stray)}
    write(path, {"ahead": 60.0, "state": old})
    for _ in range(2):
        async with whatsapp(bot, path) as simulator:
            assert simulator.state.media[picture.id] == picture
            assert simulator.state.people == old.people
            assert simulator.clock.ahead == 60
    assert [each.name for each in path.with_name("chats.json.media").iterdir()] == [picture.id]
    assert not path.with_name("stray").exists()


async def test_a_file_that_somebody_removed(bot, graph, path: Path) -> None:
    """The conversation is there without it."""
    async with whatsapp(bot, path) as simulator:
        picture = (await simulator.user("+5561999990001").sends_image(PICTURE)).content["image"]["id"]
    (path.with_name("chats.json.media") / picture).unlink()
    async with whatsapp(bot, path) as graph.simulator:
        assert len(graph.simulator.user("+5561999990001").messages) == 1
        assert (await graph.call("GET", f"/v26.0/{picture}"))[0] == 400


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
