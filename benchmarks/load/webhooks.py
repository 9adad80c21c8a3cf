"""Webhooks as the bytes of whole requests, made before they are posted so that the server is measured."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.state import Message, Person
from rasa_whatsapp.simulator.webhook.envelope import encode, envelope, message_value, sign, status_value

PATH = "/webhooks/whatsapp/webhook"
BODY = "oi, tudo bem? 👍"

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def text(account: Account, id_: str, phone: str, body: str = BODY, path: str = PATH) -> bytes:
    """The request with which Meta tells an account of a text message."""
    person = _person(phone)
    content = {"type": "text", "text": {"body": body}}
    message = Message(id=id_, user=phone, from_bot=False, at=time.time(), content=content)
    return _signed(account, message_value(account, person, message), path)


def status(account: Account, id_: str, phone: str, kind: str, opaque: str) -> bytes:
    """The request with which Meta tells what became of a message of the bot's."""
    message = Message(id=id_, user=phone, from_bot=True, at=time.time(), content={}, opaque=opaque)
    return _signed(account, status_value(account, _person(phone), message, kind, message.at), PATH)


def _person(phone: str) -> Person:
    return Person(phone=phone, user_id=f"AR.{phone}", name="María Ação 👍")


def _signed(account: Account, value: dict[str, Any], path: str) -> bytes:
    body = encode(envelope(account, value))
    return request(path, body, f"X-Hub-Signature-256: {sign(body, account.app_secret)}")


def request(path: str, body: bytes, signature: str) -> bytes:
    """Any request with a JSON body; ``signature`` is a whole header."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"{signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Posts over a connection that stays open; returns the status.

    Raises:
        OSError, EOFError: the connection was closed.
    """
    writer.write(request)
    head, _ = await read(reader)
    return int(head.split(b" ", 2)[1])


async def read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head and the body of a request, or of an answer, that says how long it is.

    Raises:
        OSError, EOFError: the connection was closed.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head, await reader.readexactly(int(length[1])) if length else b""
