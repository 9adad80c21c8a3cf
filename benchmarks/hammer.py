"""Webhooks as fast as a server takes them (a closed loop), made beforehand so that the server is measured."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from typing import Any

from rasa_whatsapp.simulator import Simulator
from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.envelope import encode, envelope, sign

CONNECTIONS = 64
PATH = "/webhooks/whatsapp/webhook"
PEOPLE = 1000
KNOCK_AGAIN = 0.1
"""Seconds before a webhook that was answered 503 is posted again."""
TEXTS = 4
"""One of so many mixed webhooks is a text."""

_ids = itertools.count(1)


async def hammer(port: int, requests: Sequence[bytes]) -> float:
    """Posts all requests over ``CONNECTIONS`` connections that stay open; returns how many a second.

    Raises:
        RuntimeError: one of them was refused. One that could not be kept yet is posted again, as by Meta.
    """
    waiting = iter(requests)
    began = time.perf_counter()
    await asyncio.gather(*(_work(port, waiting) for _ in range(CONNECTIONS)))
    return len(requests) / (time.perf_counter() - began)


async def _work(port: int, waiting: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in waiting:
            while (status := await _post(reader, writer, request)) == 503:
                await asyncio.sleep(KNOCK_AGAIN)
            if status != 200:
                raise RuntimeError(f"a webhook was answered {status}")
    finally:
        writer.close()


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1])


def texts(whatsapp: Simulator, count: int) -> list[bytes]:
    """Signed requests with a new text message each."""
    return [_request(whatsapp.account, _text(number)) for number in itertools.islice(_ids, count)]


def mixed(whatsapp: Simulator, count: int) -> list[bytes]:
    """Signed requests as a busy bot gets them: for each text three statuses of the bot's own messages."""
    kinds = itertools.cycle(("sent", "delivered", "read", None))
    return [
        _request(whatsapp.account, _text(number) if kind is None else _status(number, kind))
        for number, kind in zip(itertools.islice(_ids, count), kinds, strict=False)
    ]


def _text(number: int) -> dict[str, Any]:
    phone = f"5491155{number % PEOPLE:06}"
    message = {
        "from": phone,
        "id": f"wamid.hammer{number}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": "oi, tudo bem? 👍"},
    }
    return {"contacts": [{"profile": {"name": "María Ação 👍"}, "wa_id": phone}], "messages": [message]}


def _status(number: int, kind: str) -> dict[str, Any]:
    status = {
        "id": f"wamid.sent{number}",
        "status": kind,
        "timestamp": str(int(time.time())),
        "recipient_id": f"5491155{number % PEOPLE:06}",
        "biz_opaque_callback_data": f"{number:032x}",
    }
    return {"statuses": [status]}


def _request(account: Account, value: dict[str, Any]) -> bytes:
    number = {
        "display_phone_number": account.display_phone_number,
        "phone_number_id": account.phone_number_id,
    }
    body = encode(envelope(account, {"messaging_product": "whatsapp", "metadata": number, **value}))
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: {sign(body, account.app_secret)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
