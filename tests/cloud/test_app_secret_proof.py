"""Calls prove that the app's secret is known where Meta demands it, and tell it to nobody."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from graph_servers import ACCEPTED, NUMBER, PERSON, TOKEN, answering, calling, graph

from rasa_whatsapp import errors
from rasa_whatsapp.actions import connect
from rasa_whatsapp.cloud.graph import proof_of
from rasa_whatsapp.messages import Text
from rasa_whatsapp.providers import client_of
from rasa_whatsapp.settings import load
from rasa_whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, Simulator

SECRET = "app-secret"
PROOF = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100


class Meta:
    """An app that is set to *Require App Secret*."""

    def __init__(self) -> None:
        self.proofs: dict[str, str | None] = {}
        self.unproved = 0

    async def __call__(self, request: web.Request) -> web.Response:
        self.proofs[f"{request.method} {request.path}"] = proof = request.query.get("appsecret_proof")
        assert SECRET not in f"{request.rel_url} {request.headers} {await request.read()!r}"
        if request.path == "/file":
            return web.Response(body=PNG)
        if proof is None:
            self.unproved += 1
            message = "API calls from the server require an appsecret_proof argument"
        elif proof != PROOF:
            message = "Invalid appsecret_proof provided in the API argument"
        elif request.method == "GET":
            return web.json_response({"id": "7", "url": f"http://{request.host}/file"})
        else:
            return web.json_response({**ACCEPTED, "id": "7"})
        return web.json_response({"error": {"message": message, "code": 100}}, status=400)


async def test_every_call_is_proved_and_no_address_of_a_file(tmp_path: Path) -> None:
    """Messages, files and reading alike; what a media address needs is the token alone."""
    meta = Meta()
    async with calling(meta, app_secret=f" {SECRET} ") as client:
        await client.send(Text("oi"), PERSON)
        await client.upload(PNG, "image/png")
        await client.phone_number()
        await client.download("7", tmp_path)
    assert meta.proofs.pop("GET /file") is None
    assert len(meta.proofs) == 4
    assert set(meta.proofs.values()) == {PROOF}
    assert meta.unproved == 1


async def test_calls_side_by_side_are_all_proved() -> None:
    """Each was on its way before Meta demanded that."""
    meta = Meta()
    async with calling(meta, app_secret=SECRET) as client:
        await asyncio.gather(*(client.send(Text("oi"), PERSON) for _ in range(5)))
    assert meta.unproved == 5


async def test_an_upload_cannot_be_repeated_but_tried_again() -> None:
    """Its file is read only once; the outbox does by itself what the error says."""
    meta = Meta()
    async with calling(meta, app_secret=SECRET) as client:
        with pytest.raises(errors.NotSent, match="Try again"):
            await client.upload(PNG, "image/png")
        assert await client.upload(PNG, "image/png") == "7"


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
async def test_what_meta_wants_is_told(secret: str, help: str) -> None:
    """Error 100 says little by itself; neither the secret nor the proof is shown."""
    async with calling(Meta(), app_secret=secret) as client:
        with pytest.raises(errors.InvalidMessage, match=help):
            await client.send(Text("oi"), PERSON)


async def test_a_proof_that_meta_repeats_is_not_shown() -> None:
    """As with the token."""
    error = {"message": f"Malformed {PROOF}", "code": 100}
    async with calling(answering(json={"error": error}, status=400), app_secret=SECRET) as client:
        with pytest.raises(errors.GraphError) as refused:
            await client.send(Text("oi"), PERSON)
    assert PROOF not in str(refused.value) + repr(client)


def given(url: str, **more: Any) -> dict[str, Any]:
    """The settings of a number."""
    return {"phone_number_id": NUMBER, "access_token": TOKEN, "verify_token": "v", "base_url": url, **more}


@pytest.mark.parametrize("app_secret", [SECRET, [SECRET, "old"]])
async def test_a_number_of_the_settings_proves_its_calls(app_secret: str | list[str]) -> None:
    """While the secret is rotated, by the new one."""
    meta = Meta()
    async with graph(meta) as url:
        settings = load(given(url, app_secret=app_secret), {})
        async with client_of(settings.numbers[0]) as client:
            await client.send(Text("oi"), PERSON)
    assert set(meta.proofs.values()) == {PROOF}


async def test_a_program_besides_the_bot_proves_its_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the settings, as the bot."""
    monkeypatch.chdir(tmp_path)
    meta = Meta()
    async with graph(meta) as url:
        settings = given(url, app_secret=SECRET, store="memory://")
        environ = {f"WHATSAPP_{key.upper()}": value for key, value in settings.items()}
        async with connect(environ=environ) as connection:
            await connection.send(Text("oi"), PERSON)
    assert set(meta.proofs.values()) == {PROOF}


@pytest.mark.parametrize(("secret", "status"), [(APP_SECRET, 200), ("anothers", 400)])
async def test_the_local_whatsapp_refuses_a_wrong_proof(secret: str, status: int) -> None:
    """As Meta does, whether the app demands one or not."""
    proof = {"appsecret_proof": proof_of(secret, ACCESS_TOKEN)}
    async with Simulator(port=0) as whatsapp, aiohttp.ClientSession(whatsapp.url) as session:
        headers = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
        async with session.get(f"/v26.0/{PHONE_NUMBER_ID}", params=proof, headers=headers) as answer:
            assert answer.status == status
        assert "appsecret_proof" not in whatsapp.calls[-1].query
