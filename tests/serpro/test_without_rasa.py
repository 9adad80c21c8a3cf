"""The gateway as any web back end uses it: a FastAPI app, and no Rasa."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import fastapi_app
import uvicorn
from fastapi import FastAPI

from rasa_whatsapp.events import Message, Reply
from rasa_whatsapp.messages import Button, Buttons, CtaUrl, Text
from rasa_whatsapp.messages import Message as Answer
from rasa_whatsapp.simulator import CLIENT_SECRET, PHONE_NUMBER_ID, WABA_ID, WEBHOOK_TOKEN, Simulator


def backend(event: Message) -> Sequence[Answer]:
    """A back end that knows what to do with a message."""
    if isinstance(event, Reply):
        return [CtaUrl(f"Seu voto: {event.title}.", "Resultado", "https://example.org/votos")]
    return [Text(f"Olá, {event.sender.name}!"), Buttons("Concorda?", [Button("/vote", "Concordo")])]


@asynccontextmanager
async def serving(app: FastAPI, listener: socket.socket) -> AsyncIterator[None]:
    """The app on a socket, where connections wait from the first moment on."""
    server = uvicorn.Server(uvicorn.Config(app, ws="none", log_level="warning"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await running


async def test_a_conversation_without_rasa() -> None:
    """A greeting, a tap, an answer to each; one without the token gets 401 and no answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/webhooks/whatsapp/webhook"
        async with Simulator(port=0, provider="serpro", webhook_url=url, status_delay=0) as whatsapp:
            environ = {
                "SERPRO_CLIENT_ID": PHONE_NUMBER_ID,
                "SERPRO_CLIENT_SECRET": CLIENT_SECRET,
                "SERPRO_WABA_ID": WABA_ID,
                "WHATSAPP_WEBHOOK_TOKEN": WEBHOOK_TOKEN,
                "WHATSAPP_BASE_URL": whatsapp.url,
            }
            async with serving(fastapi_app.make_app(environ, backend), listener):
                maria = whatsapp.user("556199990001", name="Maria Exemplo")
                await maria.says("oi")
                await maria.receives("Olá, Maria Exemplo!")
                await maria.receives("Concorda?")
                tapped = await maria.taps("Concordo")
                await maria.receives("Seu voto: Concordo.\n\nResultado: https://example.org/votos")
                assert tapped.status == "read"
                body = {"messages": [{"from": "556199990001", "id": "wamid.forged", "type": "text"}]}
                assert (await whatsapp.deliver(body, signed=False)).status == 401
                await whatsapp.settle()
                assert sum(message.from_bot for message in maria.messages) == 3


def test_the_app_is_short() -> None:
    """Under sixty lines, its documentation included."""
    source = Path(fastapi_app.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 60
