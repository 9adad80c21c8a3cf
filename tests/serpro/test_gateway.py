"""A number that Serpro carries: from a row of the outbox to its statuses, however they arrive."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiohttp import web
from fake_serpro import CLIENT, PERSON, SECRET, WABA, Serpro, serpro

from rasa_whatsapp import errors
from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.events import Event, Status
from rasa_whatsapp.gateway import Request
from rasa_whatsapp.messages import Button, Buttons, Image, Text
from rasa_whatsapp.serpro.gateway import SerproGateway
from rasa_whatsapp.serpro.requests import Requests
from rasa_whatsapp.settings import NumberSettings, load

NEVER = (3600.0,)
AT_ONCE = (0.0, 0.0, 0.0, 0.0)
ROW = "0123456789abcdef0123456789abcdef"


def settings(url: str, **more: Any) -> NumberSettings:
    given = {
        "provider": "serpro",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "waba_id": WABA,
        "base_url": url,
        "webhook_token": "hook-token",
    }
    return load({**given, **more}, {}).numbers[0]


@contextlib.asynccontextmanager
async def gateway(
    fake: Serpro, requests: Requests | None = None, ask_after: Sequence[float] = NEVER, **more: Any
) -> AsyncIterator[SerproGateway]:
    made = SerproGateway(settings(fake.url, **more), requests=requests, ask_after=ask_after)
    try:
        yield made
    finally:
        await made.close()


def status(request: str, state: str = "delivered") -> bytes:
    found = {"id": "wamid.S", "status": state, "timestamp": "1763640001", "recipient_id": PERSON}
    metadata = {"phone_number_id": CLIENT}
    return json.dumps(
        {"metadata": metadata, "messages": [], "statuses": [found], "idRequisicao": request}
    ).encode()


async def told(gateway: SerproGateway, body: bytes) -> Status:
    (event,) = await gateway.correlate(gateway.parse(body))
    assert isinstance(event, Status)
    return event


async def test_a_status_finds_its_row() -> None:
    """The webhook tells a request id; the event names the row the message was sent from."""
    async with serpro() as fake, gateway(fake) as number:
        request = await number.send(Text("oi"), PERSON, ROW)
        assert (await told(number, status(request))).outbox_id == ROW
        assert (await told(number, status("someone-elses"))).outbox_id == ""
        assert (await told(number, status(""))).outbox_id == ""


async def test_all_requests_of_a_message_are_its_row() -> None:
    """A message that became several has one row."""
    async with serpro() as fake, gateway(fake) as number:
        await number.send(Buttons("b", [Button("1", "Um")], header=Image(id="1")), PERSON, ROW)
        assert len(fake.ids) == 2
        for request in fake.ids:
            assert (await told(number, status(request))).outbox_id == ROW


async def test_another_process_hears_the_status() -> None:
    """The request id lies in the store, where every worker, and the next start, finds it."""
    store = MemoryStore()
    await store.open()
    async with (
        serpro() as fake,
        gateway(fake, Requests(store)) as sender,
        gateway(fake, Requests(store)) as listener,
    ):
        request = await sender.send(Text("oi"), PERSON, ROW)
        assert (await told(listener, status(request))).outbox_id == ROW
    await store.close()


async def test_a_status_that_overtakes_the_answer() -> None:
    """It waits until the post that is under way has been answered."""
    arrived, go_on = asyncio.Event(), asyncio.Event()
    async with serpro() as fake, gateway(fake) as number:

        class Slow(web.Response):
            async def prepare(self, request: Any) -> Any:
                arrived.set()
                await go_on.wait()
                return await super().prepare(request)

        fake.answers["texto"].append(Slow(text='{"id": "early"}', content_type="application/json"))
        sending = asyncio.create_task(number.send(Text("oi"), PERSON, ROW))
        await arrived.wait()
        hearing = asyncio.create_task(told(number, status("early")))
        await asyncio.sleep(0)
        go_on.set()
        assert await sending == "early"
        assert (await hearing).outbox_id == ROW


async def test_unknown_statuses_wait_together() -> None:
    """Those of one request wait for the same posts, not each for the next: Serpro waits for its answer."""
    requests = Requests()
    async with serpro() as fake, gateway(fake, requests) as number:
        unknown = [*number.parse(status("someone-elses")), *number.parse(status("nobodys"))]
        async with requests.posting():
            hearing = asyncio.create_task(number.correlate(unknown))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        async with requests.posting():
            found = await asyncio.wait_for(hearing, 1)
    assert [event.outbox_id for event in found if isinstance(event, Status)] == ["", ""]


def watched(gateway: SerproGateway) -> set[asyncio.Task[None]]:
    """The requests that are being asked about."""
    assert gateway._watch is not None
    return set(gateway._watch._tasks.values())


class Inbox:
    """Where polled statuses go."""

    def __init__(self) -> None:
        self.taken: list[Status] = []
        self.changed = asyncio.Condition()

    async def take(self, found: Sequence[Event]) -> None:
        async with self.changed:
            self.taken += [event for event in found if isinstance(event, Status)]
            self.changed.notify_all()

    async def until(self, count: int) -> list[Status]:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: len(self.taken) >= count), 10)
        return self.taken


@pytest.mark.parametrize(
    ("item", "state", "reason"),
    [
        (
            {"sent": "2026-11-20T12:00:01Z", "delivered": "2026-11-20T12:00:03Z", "read": None},
            "delivered",
            "",
        ),
        ({"sent": True, "read": True}, "read", ""),
        ({"sent": 1, "failed": 2, "mensagemErro": "janela fechada"}, "failed", "janela fechada"),
        ({"mensagemErro": "número inválido"}, "failed", "número inválido"),
        (
            {"failed": 2, "mensagemErro": "(#131047) Re-engagement message"},
            "failed",
            "(#131047) Re-engagement message",
        ),
        ({"failed": 2, "mensagemErro": "Erro 131047 da Meta"}, "failed", "Erro 131047 da Meta"),
    ],
)
async def test_without_webhooks_serpro_is_asked(item: dict[str, Any], state: str, reason: str) -> None:
    """What became of a message is known all the same, with its row and its reason."""
    inbox = Inbox()
    async with serpro() as fake, gateway(fake, ask_after=AT_ONCE) as number:
        number.listen(inbox.take)
        report = {"requisicoesEnvio": [{"destinatario": PERSON, "idMeta": "wamid.M", **item}]}
        fake.answers["r-1"] += [
            web.json_response({"requisicoesEnvio": []}),
            web.Response(status=500, text="<html>"),
            web.json_response(report),
        ]
        fake.answers["texto"].append(web.json_response({"id": "r-1"}))
        await number.send(Text("oi"), PERSON, ROW)
        (found,) = await inbox.until(1)
        assert (found.status, found.outbox_id) == (state, ROW)
        assert [error.details for error in found.errors] == ([reason] if reason else [])
        # What the webhook tells of a failure, with its code, must not be taken for known.
        codes = [error.code for error in found.errors]
        assert codes == ([131047] if "131047" in reason else [0] if reason else [])
        assert found.id == ("request:r-1" if 0 in codes else "wamid.M")


async def test_a_webhook_ends_the_questions() -> None:
    """Where webhooks come, Serpro is not asked."""
    inbox = Inbox()
    async with serpro() as fake, gateway(fake) as number:
        number.listen(inbox.take)
        request = await number.send(Text("oi"), PERSON, ROW)
        watching = watched(number)
        await told(number, status(request, "sent"))
        await asyncio.wait(watching, timeout=10)
        assert all(task.cancelled() for task in watching)
        assert not watched(number)


async def test_closing_ends_the_questions() -> None:
    """No task outlives its gateway."""
    async with serpro() as fake:
        async with gateway(fake) as number:
            number.listen(Inbox().take)
            await number.send(Text("oi"), PERSON, ROW)
            watching = watched(number)
        assert watching
        assert all(task.done() for task in watching)


async def test_the_number_where_serpro_leaves_it_out() -> None:
    """An event without a phone number id belongs to the number it was delivered to."""
    async with serpro() as fake, gateway(fake) as number:
        message = {"from": PERSON, "id": "w", "type": "text", "text": {"body": "oi"}, "timestamp": "1"}
        (event,) = number.parse(json.dumps({"messages": [message]}).encode())
        assert event.number.phone_number_id == CLIENT


async def test_the_door() -> None:
    """The gateway checks what is configured, lets all in where nothing is, and knows no handshake."""
    async with serpro() as fake, gateway(fake) as number:
        number.authenticate(Request({"authorization": "Bearer hook-token"}, b""))
        with pytest.raises(errors.SignatureMissing):
            number.authenticate(Request({}, b""))
        assert number.challenge({"hub.mode": "subscribe", "hub.challenge": "1"}) is None
        await number.mark_read("wamid.IN", typing=True)
        assert fake.reads == ["wamid.IN"]
    async with (
        serpro() as fake,
        gateway(fake, webhook_token=None, webhook_path_token=None, allow_unsigned=True) as number,
    ):
        number.authenticate(Request({}, b""))


async def test_a_store_that_fails_still_sends() -> None:
    """The message has left: it must not be sent again because its id could not be kept."""

    class Broken:
        async def get(self, key: str) -> bytes | None:
            raise errors.StoreError("down")

        async def set(self, key: str, value: bytes, ttl: float) -> None:
            raise errors.StoreError("down")

    async with serpro() as fake, gateway(fake, Requests(Broken())) as number:
        request = await number.send(Text("oi"), PERSON, ROW)
        assert (await told(number, status(request))).outbox_id == ROW
        with pytest.raises(errors.StoreError):
            await number.correlate(number.parse(status("unknown")))


async def test_memory_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest requests are forgotten first, and all after thirty days."""
    monkeypatch.setattr("rasa_whatsapp.serpro.requests.IN_MEMORY", 2)
    now = [0.0]
    requests = Requests(clock=lambda: now[0])
    for number in range(3):
        await requests.remember(f"r{number}", f"row{number}")
    assert [await requests.outbox_id(f"r{number}") for number in range(3)] == ["", "row1", "row2"]
    now[0] = 31 * 24 * 3600
    assert await requests.outbox_id("r2") == ""
