"""Serpro's face of the local WhatsApp: what is delivered, where to, and with which proof."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from rasa_whatsapp import errors, events
from rasa_whatsapp.messages import Text
from rasa_whatsapp.serpro import SerproClient
from rasa_whatsapp.serpro.webhook import Proof, check_proof, parse, read
from rasa_whatsapp.simulator import CLIENT_SECRET, PHONE_NUMBER_ID, WEBHOOK_TOKEN, Simulator, User

MARIA = "5561999990001"
EMPTY = ("contacts", "messages", "errors", "statuses")


@pytest.fixture
async def serpro(bot) -> AsyncIterator[Simulator]:
    async with Simulator(
        port=0, provider="serpro", webhook_url=bot.url, status_delay=0, retry_after=(0,), seed=1
    ) as simulator:
        yield simulator


@pytest.fixture
async def client(serpro: Simulator) -> AsyncIterator[SerproClient]:
    async with SerproClient(PHONE_NUMBER_ID, CLIENT_SECRET, base_url=serpro.url) as client:
        yield client


@pytest.fixture
def maria(serpro: Simulator) -> User:
    return serpro.user(MARIA, name="María José 👩‍🦰")


def bodies(bot) -> list[dict[str, Any]]:
    return [json.loads(body) for body in bot.bodies]


async def test_a_message_is_a_bare_value(bot, maria: User) -> None:
    """All arrays are there, most of them empty; nothing of Meta's envelope, and no user ids."""
    await maria.says("olá")
    await bot.has(1)
    [body] = bodies(bot)
    assert [len(body[name]) for name in EMPTY] == [1, 1, 0, 0]
    assert body["delay"] == 0
    assert body["metadata"]["phone_number_id"] == PHONE_NUMBER_ID
    assert body["contacts"] == [{"profile": {"name": "María José 👩‍🦰"}, "wa_id": MARIA}]
    assert list(body["messages"][0]) == ["from", "id", "timestamp", "type", "text"]
    [event] = parse(read(bot.bodies[0]))
    assert isinstance(event, events.Text)
    assert (event.body, event.sender.name) == ("olá", "María José 👩‍🦰")


async def test_a_delivery_brings_the_registered_token(bot, maria: User) -> None:
    """And no signature."""
    await maria.says("olá")
    await bot.has(1)
    check_proof({"authorization": bot.headers[0]["Authorization"]}, "", Proof(token=WEBHOOK_TOKEN))
    assert "X-Hub-Signature-256" not in bot.headers[0]
    assert bot.headers[0]["User-Agent"] == "Resteasy Reactive Client"


async def test_a_status_names_its_request(bot, serpro: Simulator, client: SerproClient, maria: User) -> None:
    """``idRequisicao`` is the id that sending was answered with; messages and contacts are empty."""
    await maria.says("olá")
    sent = await client.send(Text("oi"), MARIA)
    await serpro.settle()
    statuses = bodies(bot)[1:]
    assert [body["statuses"][0]["status"] for body in statuses] == ["sent", "delivered", "read"]
    for body in statuses:
        assert body["idRequisicao"] == sent.id
        assert [len(body[name]) for name in EMPTY] == [0, 0, 0, 1]
        assert body["statuses"][0]["id"] == maria.messages[-1].id
        assert body["statuses"][0]["recipient_id"] == MARIA


async def test_a_failure_is_a_status(bot, serpro: Simulator, client: SerproClient, maria: User) -> None:
    """With Meta's error."""
    sent = await client.send(Text("oi"), MARIA)
    await serpro.settle()
    [body] = bodies(bot)
    assert (body["idRequisicao"], body["statuses"][0]["errors"][0]["code"]) == (sent.id, 131047)


async def test_a_file_has_no_address(bot, maria: User) -> None:
    """Serpro's media are fetched by their id alone."""
    await maria.sends_image(b"\x89PNG\r\n\x1a\n", caption="foto")
    await bot.has(1)
    assert set(bodies(bot)[0]["messages"][0]["image"]) == {"id", "mime_type", "sha256", "caption"}


async def test_registering_with_a_token(bot, serpro: Simulator, client: SerproClient, maria: User) -> None:
    """The JSON form: deliveries go to the new address and bring the new token."""
    made = await client.create_webhook(f"{bot.url}?new", "new-token")
    await maria.says("olá")
    await bot.has(1)
    assert bot.headers[0]["Authorization"] == "Bearer new-token"
    first, second = await client.webhooks()
    assert (first["uri"], first["jwtToken"]) == (bot.url, WEBHOOK_TOKEN)
    assert second == {
        "id": made["id"],
        "uri": f"{bot.url}?new",
        "jwtToken": "new-token",
        "fromPhoneNumberId": PHONE_NUMBER_ID,
    }


async def test_registering_in_the_older_form(
    bot, serpro: Simulator, client: SerproClient, maria: User
) -> None:
    """A bare address as text: the delivery's bearer token is empty."""
    await client.request("POST", f"client/{PHONE_NUMBER_ID}/v2/webhook", text=f"{bot.url}?text")
    await maria.says("olá")
    await bot.has(1)
    assert bot.headers[0]["Authorization"].strip() == "Bearer"
    assert serpro.webhook_url == f"{bot.url}?text"


async def test_updating_and_deleting(bot, serpro: Simulator, client: SerproClient, maria: User) -> None:
    """One of them by its id; then the one before it gets the deliveries again; all at once, and none does."""
    made = await client.create_webhook("http://127.0.0.1:9/nobody", "a")
    await client.update_webhook(made["id"], f"{bot.url}?updated", "b")
    await maria.says("olá")
    await bot.has(1)
    assert bot.headers[0]["Authorization"] == "Bearer b"
    await client.delete_webhook(made["id"])
    assert serpro.webhook_url == bot.url
    await client.delete_webhook()
    assert (await client.webhooks(), serpro.webhook_url) == ([], "")
    await maria.says("alguém?")
    await client.create_webhook(bot.url)
    await bot.has(2)
    for wrong in (client.delete_webhook("none"), client.create_webhook("ftp://x", "t")):
        with pytest.raises(errors.InvalidMessage):
            await wrong


async def test_nobody_is_asked_for_a_handshake(bot, serpro: Simulator) -> None:
    """It is enough that somebody listens."""
    await serpro.connected(5)
    assert bot.bodies == []


async def test_a_delivery_of_ones_own(bot, serpro: Simulator, client: SerproClient) -> None:
    """A test posts any value; the sender may then be answered."""
    message = {"from": MARIA, "id": "wamid.X", "timestamp": "1", "type": "text", "text": {"body": "oi"}}
    delivery = await serpro.deliver({"messages": [message]}, signed=False)
    assert (delivery.status, "Authorization" in bot.headers[0]) == (200, False)
    assert bodies(bot)[0]["statuses"] == []
    await client.send(Text("olá"), MARIA)
    await serpro.user(MARIA).receives("olá")
