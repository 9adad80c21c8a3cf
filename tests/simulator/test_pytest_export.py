"""A conversation had by hand is saved as a test, which the same bot passes and another does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import every_message
import pytest
from scripted_bot import MARIA, ScriptedBot

from rasa_whatsapp.simulator import Provider, Simulator, Unexpected

ANSWERS: dict[str, dict[str, Any]] = {
    "hola": every_message.BUTTONS,
    "Tenis": every_message.LIST,
    "image": {"type": "text", "text": {"body": 'Linda "foto"\ny grande'}},
    "location": every_message.LOCATION_REQUEST,
    "contacts": every_message.TEMPLATE,
}


@asynccontextmanager
async def club(answers: dict[str, dict[str, Any]]) -> AsyncIterator[Simulator]:
    """A local WhatsApp with a bot that has one answer to each text, tap and kind of message."""
    bot = ScriptedBot()
    sending: dict[str, asyncio.Task[str]] = {}

    def answer(event: dict[str, Any]) -> None:
        message = event.get("message", {"from": "bot"})
        if message["from"] == "user" and message["id"] not in sending:
            key = message["text"] if message["text"] in answers else message["content"]["type"]
            sending[message["id"]] = asyncio.ensure_future(bot.sends(answers[key]))

    async with Simulator(port=0, webhook_url=await bot.listen(), status_delay=0) as whatsapp:
        bot.use(whatsapp)
        whatsapp.listen(answer)
        yield whatsapp
        await asyncio.gather(*sending.values())
        await bot.close()


@pytest.fixture
async def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the page saves after such a conversation; the picture lies where it wants it."""
    (tmp_path / "image.png").write_bytes(every_message.png())
    monkeypatch.chdir(tmp_path)
    async with club(ANSWERS) as whatsapp:
        maria = whatsapp.user(f"+{MARIA}", name="María José")
        await maria.says("hola")
        topics = await maria.receives()
        await maria.taps("Tenis")
        await maria.receives()
        await maria.sends_image("image.png", caption="mi cancha")
        await maria.receives()
        await maria.sends_location(-34.6, -58.4, name="Club")
        await maria.receives()
        await maria.sends_contacts({"name": {"formatted_name": "Ana", "first_name": "Ana"}})
        await maria.receives()
        await maria.says("hola", reply_to=topics)
        await maria.receives()
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{whatsapp.url}/control/users/{MARIA}/test.py") as response,
        ):
            assert response.headers["Content-Disposition"] == 'attachment; filename="test_maria_jose.py"'
            return await response.text()


def function_in(source: str) -> Any:
    """The function in the module, as pytest would import it."""
    module: dict[str, Any] = {}
    exec(compile(source, "test_maria_jose.py", "exec"), module)
    return module["test_maria_jose"]


async def test_the_same_bot_passes(saved: str) -> None:
    """Words, taps, files, places and all else are done again, and each answer is compared."""
    async with club(ANSWERS) as whatsapp:
        await function_in(saved)(whatsapp)
        messages = whatsapp.user(f"+{MARIA}").messages
        assert len(messages) == 12
        assert messages[10].reply_to == messages[1].id


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("hola", every_message.LIST),
        ("image", {"type": "text", "text": {"body": "?"}}),
        ("contacts", every_message.LOCATION_REQUEST),
    ],
)
async def test_another_bot_fails(saved: str, kind: str, answer: dict[str, Any]) -> None:
    """Other buttons, other words, another type: the error says what was expected."""
    async with club({**ANSWERS, kind: answer}) as whatsapp:
        with pytest.raises(Unexpected, match="expected"):
            await function_in(saved)(whatsapp)


async def test_it_is_a_module_for_the_fixture(saved: str) -> None:
    """Port and webhook are those of the conversation, the names are people's names."""
    assert "@pytest.mark.whatsapp(port=" in saved
    assert "    await maria_jose.says('hola')\n    message_2 = await maria_jose.expects(" in saved
    assert "    await maria_jose.says('hola', reply_to=message_2)\n" in saved
    assert "    await maria_jose.taps('Tenis')\n" in saved
    assert "    await maria_jose.sends_image('image.png', caption='mi cancha')\n" in saved


async def test_a_host_without_a_port() -> None:
    """The saved test names the port where the local WhatsApp listens, however the page was reached."""
    async with Simulator(port=0, webhook_url="") as whatsapp, aiohttp.ClientSession() as session:
        whatsapp.user(f"+{MARIA}")
        url = f"{whatsapp.url}/control/users/{MARIA}/test.py"
        async with session.get(url, headers={"Host": "localhost"}) as answer:
            assert answer.status == 200
            assert f"port={whatsapp.port}," in await answer.text()


@pytest.mark.parametrize(("provider", "named"), [("cloud", False), ("serpro", True)])
async def test_the_provider_is_saved(provider: Provider, named: bool) -> None:
    """A bot on Serpro's gateway would not answer Meta's handshake."""
    async with Simulator(port=0, webhook_url="", provider=provider) as whatsapp:
        whatsapp.user(f"+{MARIA}")
        async with aiohttp.request("GET", f"{whatsapp.url}/control/users/{MARIA}/test.py") as answer:
            assert ("provider='serpro')" in await answer.text()) is named


async def test_what_came_past_the_network_is_saved_too() -> None:
    """A webhook that a test replays becomes the step that sends such a message, or the message as it is."""
    voice = {"id": "1", "voice": True, "mime_type": "audio/ogg; codecs=opus"}
    odd: list[dict[str, Any]] = [
        {"type": "audio"},
        {"type": "image", "image": None},
        {"type": "video", "video": 5},
        {"type": "text", "text": {}},
        {"type": "interactive", "interactive": {"type": "button_reply"}},
        {"type": "button", "button": []},
        {"type": "location", "location": "here"},
    ]
    contents = [{"type": "audio", "audio": voice}, *odd]
    async with Simulator(port=0, webhook_url="") as whatsapp, aiohttp.ClientSession() as session:
        for place, content in enumerate(contents):
            whatsapp.overhear({"messages": [{"from": MARIA, "id": f"wamid.{place}", **content}]})
        async with session.get(f"{whatsapp.url}/control/users/{MARIA}/test.py") as answer:
            assert answer.status == 200
            saved = await answer.text()
    steps = [line.strip() for line in saved.splitlines() if line.startswith("    await user.")]
    assert steps == [
        "await user.sends_audio('audio.ogg', voice=True)",
        *(f"await user.sends({content!r})" for content in odd),
    ]
