"""Each call proves that the app's secret is known, and tells it to nobody."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from graph_servers import ACCEPTED, NUMBER, PERSON, TOKEN, answering, calling, graph

from rasa_whatsapp import errors
from rasa_whatsapp.actions import connect
from rasa_whatsapp.cloud import CloudClient
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

    async def __call__(self, request: web.Request) -> web.Response:
        self.proofs[f"{request.method} {request.path}"] = proof = request.query.get("appsecret_proof")
        assert SECRET not in f"{request.rel_url} {request.headers} {await request.read()!r}"
        if request.path == "/file":
            return web.Response(body=PNG)
        if proof is None:
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


@pytest.mark.parametrize(("secret", "taken"), [(APP_SECRET, True), ("", True), ("anothers", False)])
async def test_the_local_whatsapp_refuses_a_wrong_proof(secret: str, taken: bool) -> None:
    """As Meta does, whether the app requires one or not."""
    async with (
        Simulator(port=0) as whatsapp,
        CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, base_url=whatsapp.url, app_secret=secret) as client,
    ):
        asked = client.phone_number()
        if taken:
            assert (await asked)["id"] == PHONE_NUMBER_ID
        else:
            with pytest.raises(errors.GraphError, match="Invalid appsecret_proof"):
                await asked
        assert "appsecret_proof" not in whatsapp.calls[-1].query
