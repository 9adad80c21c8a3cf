"""A program writes first: beside the running bot, or by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from serving import (
    NUMBER,
    PERSON,
    SECRET,
    Bot,
    Domain,
    WhatsApp,
    local_whatsapp,
    message,
    serving,
    text,
    webhook,
)

from rasa_whatsapp import actions, errors
from rasa_whatsapp import messages as m
from rasa_whatsapp.actions import parts
from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.flows import FlowToken, FlowTokens

REMINDER = m.Template("booking_reminder", "es", body=["18:00"])
HUMAN = "+55 (61) 9 9999-0001"


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsApp]:
    async with local_whatsapp() as local:
        yield local


@pytest.fixture
def credentials(tmp_path: Path, whatsapp: WhatsApp) -> Path:
    """What the bot and the program beside it read."""
    return write(tmp_path, whatsapp.url, f"sqlite:///{tmp_path}/whatsapp.db")


def write(folder: Path, url: str, store: str) -> Path:
    section = {
        "phone_number_id": NUMBER,
        "access_token": "${TOKEN}",
        "app_secret": SECRET,
        "verify_token": "verify",
        "base_url": url,
        "store": store,
    }
    path = folder / "credentials.yml"
    path.write_bytes(msgspec.json.encode({"rasa_whatsapp.WhatsAppInput": section}))
    return path


TOKEN = {"TOKEN": "token"}


@pytest.mark.parametrize("to", [HUMAN, PERSON, f"+{PERSON}"])
async def test_what_is_sent_beside_the_bot_leaves_by_the_bot(
    whatsapp: WhatsApp, credentials: Path, tmp_path: Path, to: str
) -> None:
    """It waits in the same file, in the conversation of that person, and the bot's process posts it."""
    async with serving(Bot(), whatsapp, store=f"sqlite:///{tmp_path}/whatsapp.db") as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        await whatsapp.until(posts=1)
        async with actions.connect(credentials, environ=TOKEN) as connection:
            assert await connection.send(REMINDER, to) == ""
        _, post = await whatsapp.until(posts=2)
    assert post["to"] == f"+{PERSON}"
    assert post["template"]["name"] == "booking_reminder"
    assert post["biz_opaque_callback_data"].startswith("rw:")


async def test_a_conversation_s_id_will_do(whatsapp: WhatsApp, credentials: Path, tmp_path: Path) -> None:
    """A pseudonym leads to the number behind it."""
    store = f"sqlite:///{tmp_path}/whatsapp.db"
    bot = Bot()
    async with serving(bot, whatsapp, store=store, sender_id="pseudonym", pseudonym_key="k") as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [heard] = await bot.until(1)
        async with actions.connect(credentials, environ=TOKEN) as connection:
            await connection.send(REMINDER, heard.sender_id)
            await connection.send(m.Text("!"), HUMAN)
        posts = await whatsapp.until(posts=3)
    assert [post["to"] for post in posts] == [f"+{PERSON}"] * 3
    assert [post["type"] for post in posts] == ["text", "template", "text"]


async def test_a_flow_sent_beside_the_bot_gets_a_token_that_the_bot_knows(
    whatsapp: WhatsApp, credentials: Path, tmp_path: Path
) -> None:
    """So the bot's endpoint answers it, and its reply is called as ``flows.intents`` says."""
    bot, store = Bot(), f"sqlite:///{tmp_path}/whatsapp.db"
    bot.domain = Domain(["inform", "whatsapp_flow_reply"], [])
    flow = m.Flow("Join us", "Sign up", flow_name="sign_up", action="data_exchange")
    async with serving(bot, whatsapp, store=store, flows={"intents": {"sign_up": "inform"}}) as server:
        async with actions.connect(credentials, environ=TOKEN) as connection:
            await connection.send(flow, HUMAN)
        [post] = await whatsapp.until(posts=1)
        assert server.channel._running is not None
        known = FlowTokens(server.channel._running._delivery.store)
        token = post["interactive"]["action"]["parameters"]["flow_token"]
        assert await known.verify(token) == FlowToken(conversation=PERSON, flow="sign_up")
        reply = {"name": "flow", "body": "Sent", "response_json": json.dumps({"flow_token": token})}
        content = {"type": "nfm_reply", "nfm_reply": reply}
        await server.deliver(webhook(message("interactive", content, "wamid.1")))
        [heard] = await bot.until(1)
    assert heard.text == "/inform"


async def test_without_a_store_of_the_bot_it_says_so(credentials: Path) -> None:
    """Messages must not be put into a file that nobody works off."""
    with pytest.raises(errors.StoreError, match=r"there is no .*whatsapp\.db"):
        async with actions.connect(credentials, environ=TOKEN):
            pass


async def test_no_error_leaves_the_store_open(
    whatsapp: WhatsApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong on the way to a connection."""
    opened: list[str] = []

    class Watched(MemoryStore):
        async def open(self) -> None:
            await super().open()
            opened.append("it")

        async def close(self) -> None:
            await super().close()
            opened.remove("it")

    def failing(*_: Any) -> dict[str, Any]:
        raise errors.SettingsError("access_token", "is wrong.", "Copy it again.")

    monkeypatch.setattr(parts, "MemoryStore", Watched)
    credentials = write(tmp_path, whatsapp.url, "memory://")
    async with actions.connect(credentials, direct=True, environ=TOKEN):
        assert opened == ["it"]
    monkeypatch.setattr(parts, "gateways_of", failing)
    with pytest.raises(errors.SettingsError):
        async with actions.connect(credentials, direct=True, environ=TOKEN):
            pass
    assert opened == []


@pytest.mark.parametrize("direct", [True, False])
async def test_by_itself_it_posts_at_once(whatsapp: WhatsApp, tmp_path: Path, direct: bool) -> None:
    """Directly, or with a store that lives in one process alone."""
    whatsapp.simulator.user(user_id="BR.409")
    credentials = write(tmp_path, whatsapp.url, "redis://127.0.0.1:1/0" if direct else "memory://")
    async with actions.connect(credentials, direct=direct, environ=TOKEN) as connection:
        sent = await connection.send(m.Text("Hola"), "BR.409")
    [post] = whatsapp.posts
    assert (post["recipient"], post["text"]["body"]) == ("BR.409", "Hola")
    assert sent in whatsapp.simulator.state.messages


async def test_the_environment_alone_will_do(
    whatsapp: WhatsApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cron job needs no file."""
    monkeypatch.chdir(tmp_path)
    environ = {
        "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
        "WHATSAPP_ACCESS_TOKEN": "token",
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": "verify",
        "WHATSAPP_BASE_URL": whatsapp.url,
        "WHATSAPP_STORE": "memory://",
    }
    async with actions.connect(environ=environ) as connection:
        await connection.send(m.Text("Hola"), HUMAN)
    assert whatsapp.posts[0]["to"] == f"+{PERSON}"


async def test_what_cannot_be_sent_is_told_at_once(whatsapp: WhatsApp, tmp_path: Path) -> None:
    """A recipient that is none, a number that is not ours."""
    credentials = write(tmp_path, whatsapp.url, "memory://")
    async with actions.connect(credentials, environ=TOKEN) as connection:
        with pytest.raises(errors.MessageError):
            await connection.send(m.Text("Hola"), "+not a number")
        with pytest.raises(errors.SettingsError, match=NUMBER):
            await connection.send(m.Text("Hola"), HUMAN, number="1")
    assert whatsapp.posts == []


async def test_an_action_that_is_not_async_sends_too(whatsapp: WhatsApp, tmp_path: Path) -> None:
    """Even called in a thread whose event loop is running, as the action server does."""
    credentials = write(tmp_path, whatsapp.url, "memory://")

    def run() -> list[str]:
        async def within_a_loop() -> list[str]:
            with actions.connect_sync(credentials, environ=TOKEN) as connection:
                return [connection.send(m.Text(body), HUMAN) for body in ("1", "2")]

        return asyncio.run(within_a_loop())

    sent = await asyncio.to_thread(run)
    assert sent == list(whatsapp.simulator.state.messages)


async def test_files_go_up_and_come_down(tmp_path: Path) -> None:
    """An uploaded file has an id; what a person sent becomes a file."""
    uploaded: dict[str, Any] = {}

    async def upload(request: web.Request) -> web.Response:
        uploaded.update(await request.post())
        return web.json_response({"id": "777"})

    async def look_up(request: web.Request) -> web.Response:
        url = f"http://{request.host}/file"
        return web.json_response({"id": "777", "url": url, "mime_type": "image/png", "file_size": 3})

    async def file(_: web.Request) -> web.Response:
        return web.Response(body=b"png")

    app = web.Application()
    app.router.add_post("/{version}/{number}/media", upload)
    app.router.add_get("/{version}/777", look_up)
    app.router.add_get("/file", file)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    credentials = write(tmp_path, f"http://127.0.0.1:{runner.addresses[0][1]}", "memory://")
    try:
        async with actions.connect(credentials, environ=TOKEN) as connection:
            assert await connection.upload(b"\x89PNG", "image/png") == "777"
            found = await connection.download("777", tmp_path / "files")
    finally:
        await runner.cleanup()
    assert uploaded["type"] == "image/png"
    assert (found.path.read_bytes(), found.path.parent) == (b"png", tmp_path / "files")
