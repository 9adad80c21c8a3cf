"""The reader of a document, ready to begin."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from flow_endpoint import flow_endpoint
from reader import PERSON, SECRETS, Reader, example, keep_a_dead_letter, lay_out, pointed_at
from redis_server import RedisServer

from rasa_whatsapp.simulator import Simulator


@pytest.fixture
async def reader(
    document: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Reader]:
    """As the document's reader has it before the first line: somebody has written, one turn has failed."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "bot"
    lay_out(folder, document)
    text = example(document)
    if "redis://redis:6379/0" in text:
        server: RedisServer = request.getfixturevalue("own_redis")
        text = text.replace("redis://redis:6379/0", server.url)
    number = re.search(r'(?:phone_number_id|client_id): "(\d+)"', text)
    account = re.search(r'waba_id: "(\d+)"', text)
    async with Simulator(
        port=0,
        provider="serpro" if "serpro" in text else "cloud",
        webhook_url="",
        status_delay=0,
        **({"phone_number_id": number[1]} if number else {}),
        **({"waba_id": account[1]} if account else {}),
    ) as whatsapp:
        (folder / "credentials.yml").write_text(pointed_at(whatsapp, text), encoding="utf-8")
        await whatsapp.user(f"+{PERSON}", name="Ana").says("Hola")
        monkeypatch.chdir(folder)
        await keep_a_dead_letter(text)
        async with flow_endpoint(folder / "flows.pem") as flow_url:
            yield Reader(folder, whatsapp, flow_url)
