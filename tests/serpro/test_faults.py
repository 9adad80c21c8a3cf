"""The faults of the Serpro integration that came before, each of them gone.

The channel runs in a real Sanic, with a bot in Rasa's place and a Serpro on a free port.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web
from fake_serpro import CLIENT, PERSON, SECRET, WABA, Serpro, serpro

from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.messages import Button, Buttons
from rasa_whatsapp.settings import load

pytest.importorskip("rasa")
sys.path.append(str(Path(__file__).parents[1] / "channel"))

import serving  # type: ignore[import-not-found]

FIXTURES = Path(__file__).parents[1] / "fixtures" / "serpro"
DELIVERIES = [path.read_bytes() for path in sorted(FIXTURES.glob("*.json"))]
TOKEN = "hook-token"
DELIVERED = {"id": "wamid.S", "status": "delivered", "timestamp": "1", "recipient_id": PERSON}
CREDENTIALS = {
    "provider": "serpro",
    "client_id": CLIENT,
    "client_secret": SECRET,
    "waba_id": WABA,
    "webhook_token": TOKEN,
    "phone_number_id": None,
    "typing_indicator": False,
    "read_receipts": False,
}


def delivery(
    *messages: dict[str, Any], statuses: tuple[dict[str, Any], ...] = (), **more: Any
) -> dict[str, Any]:
    """What Serpro posts."""
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "556130000000", "phone_number_id": CLIENT},
        "contacts": [{"profile": {"name": "Maria"}, "wa_id": message["from"]} for message in messages],
        "messages": list(messages),
        "errors": [],
        "statuses": list(statuses),
        "delay": 0,
        **more,
    }


class Running:
    """The channel, Serpro and the bot of one test."""

    def __init__(self, fake: Serpro, bot: Any, server: Any) -> None:
        self.serpro, self.bot, self.server = fake, bot, server

    async def deliver(self, *messages: dict[str, Any], token: str = TOKEN, **more: Any) -> int:
        status: int = await self.server.deliver(delivery(*messages, **more), Authorization=f"Bearer {token}")
        return status

    async def bodies(self, count: int) -> list[str]:
        """The texts that have been sent, once there are so many messages."""
        return [body.get("body") or body.get("textoBody", "") for _, body in await self.serpro.until(count)]


@contextlib.asynccontextmanager
async def running(turn: Any = None, **credentials: Any) -> AsyncIterator[Running]:
    bot = serving.Bot(turn)
    given = {**CREDENTIALS, **credentials}
    async with serpro() as fake, serving.serving(bot, fake.url, **given) as server:
        yield Running(fake, bot, server)


def saying(*responses: dict[str, Any]) -> Any:
    async def turn(message: Any) -> None:
        for response in responses:
            await message.output_channel.send_response(message.sender_id, response)

    return turn


async def test_01_deliveries_are_authenticated() -> None:
    """Without the token 401, with a wrong one 403; a handshake is refused and never fails."""
    async with running() as run:
        assert await run.deliver(serving.text("oi", "w1"), token="") == 401
        assert await run.deliver(serving.text("oi", "w1"), token="wrong") == 403
        assert (await run.server.get("/webhook", **{"hub.mode": "subscribe"}))[0] == 403
        assert await run.deliver(serving.text("oi", "w2")) == 200
        assert [message.message_id for message in await run.bot.until(1)] == ["w2"]


async def test_01_by_an_unguessable_path() -> None:
    """The path alone may be the proof; every other path is refused."""
    path = "a-path-of-16-and-more"
    async with running(webhook_token=None, webhook_path_token=path) as run:
        body = json.dumps(delivery(serving.text("oi", "w1"))).encode()
        run.server.url += "/webhook"
        assert await run.server.deliver(body) in (403, 404)
        run.server.url = run.server.url.removesuffix("/webhook")
        session = run.server._session
        for given, expected in ((path, 200), (path + "x", 403), ("", 403)):
            async with session.post(f"{run.server.url}/webhook/{given}".rstrip("/"), data=body) as answer:
                assert answer.status == expected
        await run.bot.until(1)


async def test_02_and_03_a_slow_serpro_keeps_nobody_waiting() -> None:
    """The 200 comes before the turn, however long that takes, and a repeat is one turn."""
    go_on = asyncio.Event()

    async def slow(message: Any) -> None:
        await go_on.wait()
        await message.output_channel.send_response(message.sender_id, {"text": "pronto"})

    async with running(slow) as run:
        for _ in range(3):
            assert await run.deliver(serving.text("oi", "w1")) == 200
        go_on.set()
        assert await run.bodies(1) == ["pronto"]
        assert await run.deliver(serving.text("oi", "w1")) == 200
        assert await run.deliver(serving.text("tchau", "w2")) == 200
        assert len(await run.bot.until(2)) == 2
        assert len(run.serpro.token_requests) == 1


async def test_04_and_05_one_client_one_token_no_store_needed() -> None:
    """Statuses ask for no token, and all turns share one."""
    async with running() as run:
        status = {"id": "wamid.S", "status": "read", "timestamp": "1", "recipient_id": PERSON}
        assert await run.deliver(statuses=(status,), idRequisicao="r") == 200
        assert run.serpro.token_requests == []
        for number in range(3):
            await run.deliver(serving.text("oi", f"w{number}"))
        await run.serpro.until(3)
        assert len(run.serpro.token_requests) == 1


async def test_06_every_kind_of_message_is_taken() -> None:
    """A picture, a place, a sticker, a relay's array: 200, never 500."""
    async with running() as run:
        for body in DELIVERIES:
            assert await run.server.deliver(body, Authorization=f"Bearer {TOKEN}") == 200


async def test_07_all_messages_of_a_delivery_are_answered() -> None:
    """Not only the first."""
    async with running() as run:
        await run.deliver(*(serving.text(f"{n}", f"w{n}") for n in range(3)))
        assert await run.bodies(3) == ["echo: 0", "echo: 1", "echo: 2"]


@pytest.mark.parametrize(
    "person", ["556199990001", "5561999990001", "556133330001", "351912345678", "12025550101"]
)
async def test_08_the_number_is_answered_as_it_came(person: str) -> None:
    """No ninth digit is put in, at home or abroad, and no plus sign."""
    async with running() as run:
        await run.deliver(serving.text("oi", "w1", sender=person))
        await run.serpro.until(1)
        assert run.serpro.posts[0][1]["destinatario"] == person


async def test_09_and_10_long_lists_and_texts() -> None:
    """Twelve options become two whole lists with a label; long titles and texts are cut or split visibly."""
    buttons = [{"title": f"Opção de número {n} muito longa", "payload": f"/o{n}"} for n in range(12)]
    async with running(saying({"text": "Qual?", "buttons": buttons}, {"text": "a b " * 1500})) as run:
        await run.deliver(serving.text("oi", "w1"))
        posts = await run.serpro.until(4)
        rows = [row for _, body in posts[:2] for section in body["secoes"] for row in section["rows"]]
        assert [row["id"] for row in rows] == [f"/o{n}" for n in range(12)]
        assert all(len(row["titulo"]) <= 24 for row in rows)
        assert all(body["button"] for _, body in posts[:2])
        assert all("foo" not in json.dumps(body) for _, body in posts)
        assert all(len(body["body"]) <= 4096 for _, body in posts[2:])


async def test_11_a_button_without_payload_stays() -> None:
    """Its title is its payload."""
    async with running(saying({"text": "Qual?", "buttons": [{"title": "Sim"}]})) as run:
        await run.deliver(serving.text("oi", "w1"))
        ((_, body),) = await run.serpro.until(1)
        assert body["buttons"][0]["titulo"] == "Sim"


async def test_12_every_response_of_rasa_is_sent() -> None:
    """Pictures, attachments, quick replies and custom bodies; none as an empty text."""
    responses = (
        {"image": "https://ej.org/a.png", "text": "foto"},
        {"attachment": "https://ej.org/edital.pdf"},
        {"text": "Qual?", "quick_replies": [{"title": "Sim", "payload": "/sim"}]},
        {"custom": {"type": "location", "location": {"latitude": 1.0, "longitude": 2.0}}},
    )
    async with running(saying(*responses)) as run:
        await run.deliver(serving.text("oi", "w1"))
        for count in (1, 2):
            # What follows a picture waits until that was delivered, which the request id tells.
            await run.serpro.until(count)
            assert len(run.serpro.posts) == count
            await run.deliver(statuses=(DELIVERED,), idRequisicao=run.serpro.ids[-1])
        posts = await run.serpro.until(4)
        assert [kind for kind, _ in posts] == ["media", "media", "interativa-botoes", "texto"]


async def test_12_parts_that_serpro_lacks_leave_in_order() -> None:
    """A picture above buttons becomes a picture and buttons: two rows of the outbox, in order, each once."""
    custom = Buttons("Quer?", [Button("/sim", "Sim")], header="Título", footer="fim").to_json()
    async with running(saying({"custom": custom}, {"text": "depois"})) as run:
        await run.deliver(serving.text("oi", "w1"))
        assert await run.bodies(2) == ["*Título*\n\nQuer?\n\n_fim_", "depois"]


async def test_13_messages_without_a_message_before() -> None:
    """Reminders and external events have an output channel."""
    async with running() as run:
        output = run.server.channel.get_output_channel()
        await output.send_response(PERSON, {"text": "lembrete"})
        assert await run.bodies(1) == ["lembrete"]


def test_14_settings_are_read_and_checked() -> None:
    """From credentials.yml and the environment; nothing is read when the module is imported."""
    given = {"provider": "serpro", "webhook_token": TOKEN}
    environ = {"SERPRO_CLIENT_ID": CLIENT, "SERPRO_CLIENT_SECRET": "env"}
    assert load({**given, "client_secret": "file"}, environ).numbers[0].client_secret == "file"
    with pytest.raises(SettingsError, match="client_secret"):
        load(given, {})


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_15_any_2xx_is_an_acceptance(status: int) -> None:
    """And an HTML error is an error, not a crash: the next message still leaves."""
    async with running() as run:
        run.serpro.answers["texto"].append(web.Response(status=400, text="<html>"))
        run.serpro.answers["texto"].append(web.json_response({"id": "r"}, status=status))
        for number in range(3):
            await run.deliver(serving.text(f"{number}", f"w{number}"))
        assert await run.bodies(1) == ["echo: 2"]


async def test_16_a_failed_delivery_reaches_the_conversation() -> None:
    """A failed status, known by its request id, becomes a turn where that is asked for."""
    heard = asyncio.Event()

    async def turn(message: Any) -> None:
        if message.text.startswith("/falhou"):
            heard.set()
        else:
            await message.output_channel.send_response(message.sender_id, {"text": "resposta"})

    async with running(turn, delivery_failed_intent="falhou") as run:
        run.bot.domain.intents.append("falhou")
        run.bot.domain.entities += ["code", "reason"]
        await run.deliver(serving.text("oi", "w1"))
        await run.serpro.until(1)
        failed = {
            "id": "wamid.S",
            "status": "failed",
            "timestamp": "1",
            "recipient_id": PERSON,
            "errors": [{"code": 131026, "title": "Message undeliverable"}],
        }
        assert await run.deliver(statuses=(failed,), idRequisicao=run.serpro.ids[0]) == 200
        await asyncio.wait_for(heard.wait(), 10)


async def test_19_nothing_personal_is_logged() -> None:
    """Neither the number, nor the words, nor a secret, in all the logs of a turn and a refused message."""
    with structlog.testing.capture_logs() as logs:
        async with running() as run:
            run.serpro.answers["texto"].append(
                web.json_response({"message": f"{PERSON} echo: segredo"}, status=400)
            )
            await run.deliver(serving.text("segredo", "w1"))
            await run.deliver(serving.text("oi", "w2"))
            await run.serpro.until(1)
            token = run.serpro.tokens[-1]
    assert any(log["event"] == "whatsapp.message.undelivered" for log in logs)
    for private in (serving.PERSON, PERSON, "segredo", SECRET, TOKEN, token):
        assert private not in str(logs)


async def test_20_sending_keeps_to_a_rate() -> None:
    """The number's throughput and the person's pair rate hold for Serpro, too; `throughput` sets it."""
    assert load({"provider": "serpro", "client_id": 1, "client_secret": "x", "webhook_token": "x"}, {}).pacing
    async with running(throughput=1000, pacing=True) as run:
        await run.deliver(serving.text("oi", "w1"))
        await run.serpro.until(1)


async def test_21_several_numbers_of_both_providers() -> None:
    """One route, one Rasa: each number by its own proof, and each answers by itself."""
    async with serving.local_whatsapp("cloud") as meta:
        numbers = [
            {
                **serving.ACCOUNTS["cloud"],
                "provider": "cloud",
                "base_url": meta.url,
            },
            {"client_id": CLIENT, "webhook_token": TOKEN},
        ]
        async with running(numbers=numbers) as run:
            assert await run.deliver(serving.text("pelo serpro", "w1")) == 200
            assert await run.server.deliver(serving.webhook(serving.text("pela meta", "w2"))) == 200
            assert await run.bodies(1) == ["echo: pelo serpro"]
            assert (await meta.until(posts=1))[0]["text"]["body"] == "echo: pela meta"
            # The token of the one does not open the door of the other.
            assert (
                await run.server.deliver(
                    {**delivery(serving.text("x", "w3")), "metadata": {"phone_number_id": serving.NUMBER}},
                    Authorization=f"Bearer {TOKEN}",
                )
                == 200
            )
            assert await run.server.deliver(serving.webhook(serving.text("fim", "w4"))) == 200
            heard = [message.text for message in await run.bot.until(3)]
            assert sorted(heard) == ["fim", "pela meta", "pelo serpro"]
