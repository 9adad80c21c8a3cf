"""Statuses that come too early, never, or in disorder, for a number that WhatsApp writes in another way.

A bot that waits for them by the recipient's number, or by a message id that it has not been told yet, falls
silent for that person.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from serving import NUMBER, SECRET, Bot, Server, serving, text, webhook

from rasa_whatsapp.delivery import delivery, sender
from rasa_whatsapp.simulator import Simulator, User
from rasa_whatsapp.simulator.api.calls import Call

WITH_NINE, WITHOUT_NINE = "5561999990001", "556199990001"
"""The number that a Brazilian wrote from, and how WhatsApp names it in its statuses."""
NOBODY = "http://127.0.0.1:1/webhook"
PATIENCE = 30.0
"""Far longer than a test: whoever waits so long for a status has missed it."""


async def picture_then_text(heard: UserMessage) -> None:
    """A turn whose second answer waits until the first was delivered."""
    await heard.output_channel.send_response(heard.sender_id, {"image": "https://club.example/map.png"})
    await heard.output_channel.send_response(heard.sender_id, {"text": f"after {heard.text}"})


@pytest.fixture
async def whatsapp() -> AsyncIterator[Simulator]:
    async with Simulator(
        port=0,
        webhook_url=NOBODY,
        phone_number_id=NUMBER,
        app_secret=SECRET,
        access_token="token",
        verify_token="verify",
        closed_window="ignored",
        status_delay=0.0,
    ) as simulator:
        yield simulator


@pytest.fixture
async def server(whatsapp: Simulator) -> AsyncIterator[Server]:
    """A bot that answers with a picture and a text. The statuses of WhatsApp reach nobody yet."""
    settings = {"read_receipts": False, "typing_indicator": False}
    async with serving(Bot(picture_then_text), whatsapp.url, **settings) as running:
        yield running


@pytest.fixture
def maria(whatsapp: Simulator) -> User:
    return whatsapp.user(WITH_NINE)


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "MEDIA_WAIT", PATIENCE)
    monkeypatch.setattr(delivery, "SENDER_GRACE", 0.1)


def statuses(call: Call, *kinds: str) -> list[dict[str, Any]]:
    """Webhooks about the message of a call, with the number as WhatsApp normalises it."""
    common = {
        "id": call.response["messages"][0]["id"],
        "recipient_id": WITHOUT_NINE,
        "biz_opaque_callback_data": call.body["biz_opaque_callback_data"],
    }
    bodies = []
    for timestamp, kind in enumerate(kinds, start=1):
        body = webhook()
        value = body["entry"][0]["changes"][0]["value"]
        del value["messages"], value["contacts"]
        value["statuses"] = [{**common, "status": kind, "timestamp": str(timestamp)}]
        bodies.append(body)
    return bodies


@pytest.mark.usefixtures("_patient")
async def test_a_status_before_the_answer_to_the_send_is_not_missed(
    whatsapp: Simulator, server: Server, maria: User
) -> None:
    """The picture is delivered before Graph's own answer to it arrives; the text leaves at once after."""
    whatsapp.webhook_url = f"{server.url}/webhook"
    whatsapp.fail_next(delay=0.5, accepted=True)
    await server.deliver(webhook(text("oi", "wamid.1", WITH_NINE)))
    await maria.receives(type="image")
    await maria.receives("after oi", timeout=PATIENCE / 3)


async def test_a_status_that_never_comes_costs_only_the_wait(
    server: Server, maria: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one status arrives; two turns are answered all the same, in order."""
    monkeypatch.setattr(sender, "MEDIA_WAIT", 0.2)
    await server.deliver(webhook(text("1", "wamid.1", WITH_NINE), text("2", "wamid.2", WITH_NINE)))
    received = [await maria.receives() for _ in range(4)]
    assert [message.text or message.type for message in received] == ["image", "after 1", "image", "after 2"]


@pytest.mark.usefixtures("_patient")
@pytest.mark.parametrize(
    "kinds",
    [("read", "delivered", "sent"), ("sent", "read"), ("delivered", "delivered", "sent", "sent")],
    ids=lambda kinds: ", ".join(kinds),
)
async def test_statuses_of_a_normalised_number_count_in_any_order(
    whatsapp: Simulator, server: Server, maria: User, kinds: tuple[str, ...]
) -> None:
    """They are matched by our own id, not by the recipient: WhatsApp drops the ninth digit in them."""
    await server.deliver(webhook(text("oi", "wamid.1", WITH_NINE)))
    await maria.receives(type="image")
    [call] = whatsapp.calls
    assert call.body["to"] == f"+{WITH_NINE}"
    for body in statuses(call, *kinds):
        assert await server.deliver(body) == 200
    await maria.receives("after oi", timeout=PATIENCE / 3)


@pytest.mark.usefixtures("_patient")
async def test_a_picture_that_whatsapp_refuses_holds_up_nothing(
    whatsapp: Simulator, server: Server, maria: User
) -> None:
    """At once, or in a failed status later: the text behind it leaves, and so do the next answers."""
    whatsapp.webhook_url = f"{server.url}/webhook"
    whatsapp.fail_next(131052)
    await server.deliver(webhook(text("1", "wamid.1", WITH_NINE)))
    await maria.receives("after 1", timeout=PATIENCE / 3)
    whatsapp.fail_delivery(131052)
    await server.deliver(webhook(text("2", "wamid.2", WITH_NINE)))
    await maria.receives("after 2", timeout=PATIENCE / 3)


@pytest.mark.usefixtures("_patient")
async def test_a_person_without_statuses_delays_nobody_else(server: Server, whatsapp: Simulator) -> None:
    """A hundred people wait for the delivery of their pictures; one more is answered meanwhile."""
    people = [f"54911888{number:05}" for number in range(101)]
    await server.deliver(webhook(*(text("oi", f"wamid.{phone}", phone) for phone in people)))
    await asyncio.gather(*(whatsapp.user(phone).receives(type="image") for phone in people))
