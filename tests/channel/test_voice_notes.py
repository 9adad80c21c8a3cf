"""A voice note becomes text before Rasa sees it."""

from __future__ import annotations

import asyncio
import sys
import time
import types
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rasa.shared.exceptions import RasaException
from serving import NUMBER, PERSON, Bot, serving, webhook
from web_server import served

from rasa_whatsapp import WhatsAppInput, events, transcription

NOTE = {
    "from": PERSON,
    "id": "wamid.1",
    "timestamp": str(int(time.time())),
    "type": "audio",
    "audio": {"id": "777", "mime_type": "audio/ogg; codecs=opus", "voice": True},
}
Named = Callable[[Callable[..., Any]], str]


@pytest.fixture
def named() -> Iterator[Named]:
    """Puts a function into a module of the bot's, and says how credentials.yml names it."""
    module = types.ModuleType("club_voice")

    def name(function: Callable[..., Any]) -> str:
        module.hear = function  # type: ignore[attr-defined]
        sys.modules["club_voice"] = module
        return "club_voice:hear"

    yield name
    sys.modules.pop("club_voice", None)


@asynccontextmanager
async def meta() -> AsyncIterator[str]:
    """A Graph that has the file 777 and takes every message."""

    async def look_up(request: web.Request) -> web.Response:
        return web.json_response(
            {"id": "777", "url": f"http://{request.host}/file", "mime_type": "audio/ogg"}
        )

    async def file(_: web.Request) -> web.Response:
        return web.Response(body=b"OggS")

    async def post(_: web.Request) -> web.Response:
        return web.json_response({"messages": [{"id": "wamid.out"}]})

    app = web.Application()
    app.router.add_get("/{version}/777", look_up)
    app.router.add_get("/file", file)
    app.router.add_post("/{version}/{number}/messages", post)
    async with served(app) as url:
        yield url


async def heard(transcribe: str) -> tuple[str, dict[str, Any]]:
    bot = Bot()
    bot.domain.intents.append("whatsapp_audio")
    async with meta() as url, serving(bot, url, transcribe=transcribe) as server:
        assert await server.deliver(webhook(NOTE)) == 200
        [message] = await bot.until(1)
    return message.text, message.metadata["whatsapp"]


async def test_the_words_reach_rasa(named: Named) -> None:
    """The function gets the file and the event; the event still is a voice note."""
    got: list[Any] = []

    async def hear(path: Path, event: events.Audio) -> str:
        got.extend(
            [await asyncio.to_thread(path.read_bytes), event.voice, event.number.phone_number_id, path]
        )
        return " quiero jugar al tenis\n"

    text, told = await heard(named(hear))
    assert text == "quiero jugar al tenis"
    assert (told["event"], told["media_id"]) == ("audio", "777")
    assert got[:3] == [b"OggS", True, NUMBER]
    assert not got[3].exists()


async def test_a_function_that_is_not_async_will_do(named: Named) -> None:
    """It runs in a thread, so that nobody else waits for it."""

    def hear(path: Path, event: events.Audio) -> str:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        return "hola"

    assert (await heard(named(hear)))[0] == "hola"


def fails(path: Path, event: events.Audio) -> str:
    raise OSError("no model")


def is_empty(path: Path, event: events.Audio) -> str:
    return " "


def is_nothing(path: Path, event: events.Audio) -> None:
    return None


async def never_ends(path: Path, event: events.Audio) -> str:
    await asyncio.Event().wait()
    return ""


@pytest.mark.parametrize("hear", [fails, is_empty, is_nothing, never_ends])
async def test_without_words_rasa_hears_of_a_voice_note(
    named: Named, hear: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function that fails, finds nothing or takes too long costs the words, never the message."""
    if hear is never_ends:
        monkeypatch.setattr("rasa_whatsapp.channel.hooks.SECONDS", 0.05)
    assert (await heard(named(hear)))[0] == '/whatsapp_audio{"media_id": "777"}'


async def test_nobody_can_say_that_a_flow_was_completed(named: Named) -> None:
    """A voice note can no more be a command of the channel's own than a typed text."""
    assert (await heard(named(lambda path, event: "/whatsapp_location")))[0] == "whatsapp_location"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("no_such_module:hear", "no_such_module, which does not exist"),
        ("math:hear", "hear, which math does not have"),
        ("math", "not the name of a function"),
    ],
)
def test_a_name_that_leads_nowhere_stops_the_start(name: str, problem: str) -> None:
    """The mistake is told before the first voice note comes."""
    least = {"phone_number_id": 1, "access_token": "x", "app_secret": "x", "verify_token": "x"}
    with pytest.raises(RasaException, match=f"transcribe: .*{problem}"):
        WhatsAppInput.from_credentials({**least, "transcribe": name})


def test_it_has_a_minute() -> None:
    """As credentials.yml.example says."""
    assert transcription.SECONDS == 60
