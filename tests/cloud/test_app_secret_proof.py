"""Calls prove that the app's secret is known where Meta demands it, and tell it to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from graph_servers import ACCEPTED, PERSON, TOKEN, answering, calling

from rasa_whatsapp import errors
from rasa_whatsapp.actions import connect
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.cloud.graph import proof_of
from rasa_whatsapp.messages import Text
from rasa_whatsapp.providers import client_of
from rasa_whatsapp.settings import load
from rasa_whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, Simulator
from rasa_whatsapp.simulator.account import APP_ID

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100


@pytest.fixture
async def whatsapp() -> AsyncIterator[Simulator]:
    """A WhatsApp whose app is set to *Require App Secret*."""
    async with Simulator(
        port=0, webhook_url="", closed_window="ignored", require_app_secret=True
    ) as whatsapp:
        yield whatsapp


def client_for(whatsapp: Simulator, app_secret: str = APP_SECRET, **options: Any) -> CloudClient:
    return CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, base_url=whatsapp.url, app_secret=app_secret, **options)


def answers(whatsapp: Simulator) -> list[int | None]:
    """How each call was answered."""
    return [call.status for call in whatsapp.calls]


async def test_every_call_is_proved_and_no_address_of_a_file(whatsapp: Simulator, tmp_path: Path) -> None:
    """Messages, files and reading alike; what a media address needs is the token alone."""
    proofs: dict[str, str | None] = {}

    async def look(_: object, __: object, call: aiohttp.TraceRequestStartParams) -> None:
        proofs[f"{call.method} {call.url.path}"] = call.url.query.get("appsecret_proof")
        assert APP_SECRET not in f"{call.url} {call.headers}"

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(look)
    async with (
        aiohttp.ClientSession(trace_configs=[trace]) as session,
        client_for(whatsapp, f" {APP_SECRET} ", session=session) as client,
    ):
        await client.send(Text("oi"), PERSON)
        file = await client.upload(PNG, "image/png")
        await client.phone_number()
        await client.download(file, tmp_path)
    assert proofs.pop("GET /whatsapp_business/attachments/") is None
    assert len(proofs) == 4
    assert set(proofs.values()) == {proof_of(APP_SECRET, ACCESS_TOKEN)}
    assert answers(whatsapp) == [400, 200, 200, 200, 200, 200]
    assert not any(APP_SECRET in call.text for call in whatsapp.calls)


async def test_calls_side_by_side_are_all_proved(whatsapp: Simulator) -> None:
    """Each was on its way before Meta demanded that."""
    async with client_for(whatsapp) as client:
        await asyncio.gather(*(client.send(Text("oi"), PERSON) for _ in range(5)))
    assert sorted(answers(whatsapp)) == [200] * 5 + [400] * 5


async def test_an_upload_cannot_be_repeated_but_tried_again(whatsapp: Simulator) -> None:
    """Its file is read only once; the outbox does by itself what the error says."""
    async with client_for(whatsapp) as client:
        with pytest.raises(errors.NotSent, match="Try again"):
            await client.upload(PNG, "image/png")
        assert await client.upload(PNG, "image/png") in whatsapp.state.media


async def test_nothing_is_proved_to_an_app_that_does_not_demand_it() -> None:
    """The secret, which checks webhooks, may be that of another app than the token's."""
    proofs = []

    async def meta(request: web.Request) -> web.Response:
        proofs.append(request.query.get("appsecret_proof"))
        return web.json_response(ACCEPTED)

    async with calling(meta, app_secret="anothers") as client:
        await client.send(Text("oi"), PERSON)
    assert proofs == [None]


@pytest.mark.parametrize(
    ("secret", "help"),
    [("", "Require App Secret"), ("anothers", "`app_secret` is not that of the app")],
)
async def test_what_meta_wants_is_told(whatsapp: Simulator, secret: str, help: str) -> None:
    """Error 100 says little by itself; neither the secret nor the proof is shown."""
    async with client_for(whatsapp, secret) as client:
        with pytest.raises(errors.InvalidMessage, match=help):
            await client.send(Text("oi"), PERSON)


async def test_a_proof_that_meta_repeats_is_not_shown() -> None:
    """As with the token."""
    proof = proof_of(APP_SECRET, TOKEN)
    error = {"message": f"Malformed {proof}", "code": 100}
    async with calling(answering(json={"error": error}, status=400), app_secret=APP_SECRET) as client:
        with pytest.raises(errors.GraphError) as refused:
            await client.send(Text("oi"), PERSON)
    assert proof not in str(refused.value) + repr(client)


@pytest.mark.parametrize("app_secret", [APP_SECRET, [APP_SECRET, "old"]])
async def test_a_number_of_the_settings_proves_its_calls(
    whatsapp: Simulator, app_secret: str | list[str]
) -> None:
    """While the secret is rotated, by the new one."""
    settings = load({**whatsapp.credentials, "app_secret": app_secret}, {})
    async with client_of(settings.numbers[0]) as client:
        await client.send(Text("oi"), PERSON)
    assert answers(whatsapp) == [400, 200]


async def test_a_program_besides_the_bot_proves_its_calls(
    whatsapp: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the settings, as the bot."""
    monkeypatch.chdir(tmp_path)
    settings = {**whatsapp.credentials, "store": "memory://"}
    environ = {f"WHATSAPP_{key.upper()}": value for key, value in settings.items()}
    async with connect(environ=environ) as connection:
        await connection.send(Text("oi"), PERSON)
    assert answers(whatsapp) == [400, 200]


@pytest.mark.parametrize(
    ("demanded", "secret", "status"),
    [
        (False, "", 200),
        (False, APP_SECRET, 200),
        (False, "anothers", 400),
        (True, "", 400),
        (True, APP_SECRET, 200),
        (True, "anothers", 400),
    ],
)
@pytest.mark.parametrize(
    ("token", "path"),
    [(ACCESS_TOKEN, PHONE_NUMBER_ID), (f"{APP_ID}|{APP_SECRET}", f"{APP_ID}/subscriptions")],
    ids=["the bot's token", "the app's token"],
)
async def test_the_local_whatsapp_judges_a_proof(
    whatsapp: Simulator, token: str, path: str, demanded: bool, secret: str, status: int
) -> None:
    """As Meta does: a wrong one is refused, and none where it is demanded; the log does not tell it."""
    whatsapp.restrict(require_app_secret=demanded)
    proof = {"appsecret_proof": proof_of(secret, token)} if secret else {}
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(whatsapp.url) as session,
        session.get(f"/v26.0/{path}", params=proof, headers=headers) as answer,
    ):
        assert answer.status == status
    assert "appsecret_proof" not in whatsapp.calls[-1].query
