"""Event in, answer backend, payload out: the gateway as any web back end uses it, without Rasa."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from fake_serpro import CLIENT, SECRET, WABA, serpro

from rasa_whatsapp import events
from rasa_whatsapp.errors import RequestError
from rasa_whatsapp.gateway import Request
from rasa_whatsapp.messages import Button, Buttons, Message, Text
from rasa_whatsapp.serpro import SerproClient
from rasa_whatsapp.serpro.webhook import Proof, check_proof, parse, read

FIXTURES = Path(__file__).parents[1] / "fixtures" / "serpro"
PROOF = Proof(token="hook-token")

AnswerBackend = Callable[[events.Message], Sequence[Message]]


def answers(event: events.Message) -> Sequence[Message]:
    """A back end that knows what to do with a message."""
    if isinstance(event, events.Reply):
        return [Text(f"Seu voto: {event.title}.")]
    return [Text(f"Olá, {event.sender.name}!"), Buttons("Concorda?", [Button("/vote", "Concordo")])]


async def handle(request: Request, client: SerproClient, backend: AnswerBackend) -> int:
    """What a view of Flask, Django or FastAPI does; returns the HTTP status."""
    try:
        check_proof(request.headers, request.path_token, PROOF)
        found = parse(read(request.body))
    except RequestError as error:
        return error.status
    for event in found:
        if isinstance(event, events.Message):
            for message in backend(event):
                await client.send(message, event.sender.phone)
    return 200


def delivery(name: str, token: str = "hook-token") -> Request:
    return Request({"authorization": f"Bearer {token}"}, (FIXTURES / f"{name}.json").read_bytes())


async def test_a_conversation_without_rasa() -> None:
    """Statuses first, then a message, then a tap: answers go to exactly the number that wrote."""
    async with serpro() as fake:
        async with SerproClient(CLIENT, SECRET, waba_id=WABA, base_url=fake.url) as client:
            for name in ("status_sent", "text", "button_reply"):
                assert await handle(delivery(name), client, answers) == 200
            assert await handle(delivery("text", "forged"), client, answers) == 403
        assert [(kind, body["destinatario"]) for kind, body in fake.posts] == [
            ("texto", "556199990001"),
            ("interativa-botoes", "556199990001"),
            ("texto", "556199990001"),
        ]
        assert [body.get("body") or body["textoBody"] for _, body in fake.posts] == [
            "Olá, Maria Exemplo!",
            "Concorda?",
            "Seu voto: Concordo.",
        ]
        assert json.dumps(fake.posts[1][1]["buttons"]) == '[{"id": "/vote", "titulo": "Concordo"}]'
