"""A custom action that answers a Flow downloads what was picked in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from web_server import served

from rasa_whatsapp import actions
from rasa_whatsapp.actions.flow import REQUEST
from rasa_whatsapp.errors import MediaError, SettingsError
from rasa_whatsapp.flows import FlowMedia, FlowRequest
from rasa_whatsapp.simulator.flows.crypto import encrypted

PICTURE = b"\x89PNG the photo"
WHOLE, KEYS = encrypted(PICTURE)


@pytest.fixture
async def local() -> AsyncIterator[str]:
    """The address of a local WhatsApp that has a picked file."""

    async def file(_: web.Request) -> web.Response:
        return web.Response(body=WHOLE)

    app = web.Application()
    app.router.add_get("/flows/media/1", file)
    async with served(app) as url:
        yield url


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory of an action server."""
    monkeypatch.chdir(tmp_path)


def picked(url: str) -> list[dict[str, Any]]:
    return [{"media_id": "1", "cdn_url": url, "file_name": "a.png", "encryption_metadata": KEYS}]


def tracker(url: str) -> dict[str, Any]:
    """As the channel calls the action."""
    asked = FlowRequest("data_exchange", "PHOTO", {"photo": picked(f"{url}/flows/media/1")})
    return {"latest_message": {"metadata": {REQUEST: asked.to_dict()}}}


async def photo(request: FlowRequest | None) -> bytes:
    assert request is not None
    [file] = request.files("photo")
    return await file.download()


async def test_from_the_local_whatsapp(local: str, tmp_path: Path) -> None:
    """Where the settings are found by `connect`; the rest of them may be wanting."""
    section = f"rasa_whatsapp.WhatsAppInput:\n  access_token: ${{NOT_HERE}}\n  base_url: {local}\n"
    (tmp_path / "else.yml").write_text(section)
    assert await photo(actions.flow_request(tracker(local), "else.yml", environ={})) == PICTURE
    assert await photo(actions.flow_request(tracker(local), environ={"WHATSAPP_BASE_URL": local})) == PICTURE
    (tmp_path / "credentials.yml").write_text(section)
    assert await photo(actions.flow_request(tracker(local), environ={})) == PICTURE


async def test_from_nowhere_else(local: str) -> None:
    """An action server without settings knows Meta alone."""
    with pytest.raises(MediaError, match="not Meta's"):
        await photo(actions.flow_request(tracker(local), environ={}))
    [file] = [FlowMedia.from_json(each) for each in picked(local)]
    with pytest.raises(MediaError, match="not Meta's"):
        await file.download()


async def test_settings_that_are_wrong(local: str) -> None:
    """They are told when a file is wanted."""
    request = actions.flow_request(tracker(local), environ={"WHATSAPP_CA_BUNDLE": "/nowhere.pem"})
    with pytest.raises(SettingsError, match="ca_bundle"):
        await photo(request)
