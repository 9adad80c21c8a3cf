"""Requests that arrive in one turn of the event loop are kept together, and answered each by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from serving import NUMBER, SECRET, signature, text, webhook

from rasa_whatsapp.cloud.gateway import CloudGateway
from rasa_whatsapp.errors import PayloadError, SignatureMissing, SignatureWrong, StoreError
from rasa_whatsapp.events import Event, Text
from rasa_whatsapp.gateway import Gateway, Request
from rasa_whatsapp.reception import Reception
from rasa_whatsapp.serpro.gateway import SerproGateway
from rasa_whatsapp.serpro.requests import Requests
from rasa_whatsapp.settings import load

CLOUD = {"phone_number_id": NUMBER, "access_token": "t", "app_secret": SECRET, "verify_token": "v"}
SERPRO = {
    "provider": "serpro",
    "client_id": "106540352242922",
    "client_secret": "s",
    "waba_id": "1",
    "webhook_token": "hook",
}


def cloud() -> Gateway:
    return CloudGateway(load(CLOUD, {}).numbers[0])


def request(id: str, body: str = "oi 👍") -> Request:
    raw = json.dumps(webhook(text(body, id))).encode()
    return Request({"x-hub-signature-256": signature(raw)}, raw)


class Kept:
    """Keeps events in lists, one for each time it is called."""

    def __init__(self, unless: Callable[[Sequence[Event]], Exception | None] = lambda _: None) -> None:
        self.calls: list[list[str]] = []
        self._unless = unless

    async def take(self, events: Sequence[Event]) -> None:
        self.calls.append([event.id for event in events])
        if error := self._unless(events):
            raise error


async def received(reception: Reception, *requests: Request) -> list[Any]:
    """How each of them ended, when all came at once."""
    arriving: list[Awaitable[None]] = [reception.receive(each) for each in requests]
    return await asyncio.gather(*arriving, return_exceptions=True)


async def test_what_arrives_together_is_kept_together() -> None:
    """In the order of arrival, and what comes later by itself."""
    kept = Kept()
    reception = Reception([cloud()], kept.take)
    assert await received(reception, request("1"), request("2"), request("3")) == [None, None, None]
    assert await received(reception, request("4")) == [None]
    assert kept.calls == [["1", "2", "3"], ["4"]]


async def test_each_is_refused_for_its_own_fault() -> None:
    """A forged one and one that is no JSON do not touch the others."""
    kept = Kept()
    forged = Request({"x-hub-signature-256": signature(b"{}", "wrong")}, b"{}")
    broken = Request({"x-hub-signature-256": signature(b"{")}, b"{")
    first, second, third, fourth = await received(
        Reception([cloud()], kept.take), request("1"), forged, broken, request("2")
    )
    assert (first, fourth) == (None, None)
    assert isinstance(second, SignatureWrong)
    assert isinstance(third, PayloadError)
    assert kept.calls == [["1", "2"]]


@pytest.mark.parametrize("serpro_first", [False, True])
async def test_a_wrong_proof_is_refused_in_the_words_of_its_own_gateway(serpro_first: bool) -> None:
    """Whatever else is served: to the other gateway it only lacks that one's proof."""
    serpro = SerproGateway(load(SERPRO, {}).numbers[0])
    both = [serpro, cloud()] if serpro_first else [cloud(), serpro]
    answers = await received(
        Reception(both, Kept().take),
        Request({"x-hub-signature-256": signature(b"{}", "wrong")}, b"{}"),
        Request({"authorization": "Bearer wrong"}, b"{}"),
        Request({}, b"{}"),
    )
    assert [type(answer) for answer in answers] == [SignatureWrong, SignatureWrong, SignatureMissing]
    assert "app_secret" in str(answers[0])
    assert "webhook_token" in str(answers[1])
    await serpro.close()


async def test_an_event_that_cannot_be_kept_stops_no_other() -> None:
    """They are kept one by one then, so that only its own request comes again."""

    def poisoned(events: Sequence[Event]) -> Exception | None:
        return (
            ValueError("poison") if any(isinstance(e, Text) and e.body == "poison" for e in events) else None
        )

    kept = Kept(poisoned)
    answers = await received(
        Reception([cloud()], kept.take), request("1"), request("2", "poison"), request("3")
    )
    assert (answers[0], answers[2]) == (None, None)
    assert isinstance(answers[1], ValueError)
    assert kept.calls == [["1", "2", "3"], ["1"], ["2"], ["3"]]


async def test_a_store_that_is_away_is_asked_once() -> None:
    """All come again; to try one by one would only take longer."""
    away = StoreError("the disk is full")
    kept = Kept(lambda _: away)
    assert await received(Reception([cloud()], kept.take), request("1"), request("2")) == [away, away]
    assert kept.calls == [["1", "2"]]


async def test_a_client_that_hangs_up_takes_nothing_with_it() -> None:
    """What it sent is kept, and the others are answered."""
    kept = Kept()
    reception = Reception([cloud()], kept.take)
    gone = asyncio.create_task(reception.receive(request("1")))
    stays = asyncio.create_task(reception.receive(request("2")))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    assert gone.cancelled()
    assert kept.calls == [["1", "2"]]


async def test_a_status_whose_message_is_not_known_yet_keeps_nobody_waiting() -> None:
    """Serpro's status may overtake the answer to its own request; a message need not wait for that."""
    kept, requests = Kept(), Requests()
    gateway = SerproGateway(load(SERPRO, {}).numbers[0], requests=requests)
    reception = Reception([gateway], kept.take)
    headers = {"authorization": "Bearer hook"}
    status = {"id": "w", "status": "sent", "timestamp": "1", "recipient_id": "5561"}
    both = {"messages": [text("oi", "1")], "statuses": [status], "idRequisicao": "r"}
    told = Request(headers, json.dumps(both).encode())
    said = Request(headers, json.dumps({"messages": [text("oi", "2")]}).encode())
    async with requests.posting():
        telling = asyncio.create_task(reception.receive(told))
        await asyncio.sleep(0)
        await reception.receive(said)
        assert kept.calls == [["1", "2"]]
        assert not telling.done()
    await telling
    assert kept.calls == [["1", "2"], ["w"]]
    await gateway.close()
