"""Files by link are fetched when that is asked for, and what cannot be sent fails as at Meta."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from web_server import served

from rasa_whatsapp.simulator import Simulator, User

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
FILES = {
    "/a.png": ("image/png", PNG),
    "/a.webp": ("image/webp", PNG),
    "/large.webp": ("image/webp", PNG + bytes(100 * 1024)),
    "/empty.png": ("image/png", b""),
    "/large.png": ("image/png", PNG + bytes(5 * 1024 * 1024)),
    "/huge.mp4": ("video/mp4", bytes(17 * 1024 * 1024)),
    "/huge.pdf": ("application/pdf", bytes(17 * 1024 * 1024)),
}


@pytest.fixture
async def files() -> AsyncIterator[str]:
    """A server with files; its URL."""

    async def give(request: web.Request) -> web.Response:
        mime_type, data = FILES.get(request.path, ("", b""))
        return web.Response(body=data, content_type=mime_type) if mime_type else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{file}", give)
    async with served(app) as url:
        yield url


def header(file: dict[str, Any]) -> dict[str, Any]:
    button = {"type": "reply", "reply": {"id": "1", "title": "Sim"}}
    action = {"buttons": [button]}
    interactive = {"type": "button", "header": file, "body": {"text": "?"}, "action": action}
    return {"type": "interactive", "interactive": interactive}


def card(file: dict[str, Any]) -> dict[str, Any]:
    tapped = {"name": "cta_url", "parameters": {"display_text": "Abrir", "url": "https://clube.example"}}
    cards = [{"card_index": n, "type": "cta_url", "header": file, "action": tapped} for n in range(2)]
    interactive = {"type": "carousel", "body": {"text": "?"}, "action": {"cards": cards}}
    return {"type": "interactive", "interactive": interactive}


# kind, file, and why it cannot be sent
LINKS = [
    ("image", "/a.png", ""),
    ("image", "/gone.png", "leads to no file"),
    ("image", "/a.webp", "type image/webp cannot be sent as image"),
    ("image", "/empty.png", "empty or too large"),
    ("image", "/large.png", "empty or too large"),
    ("sticker", "/a.webp", ""),
    ("sticker", "/large.webp", "empty or too large"),
    ("video", "/huge.mp4", "too large"),
    ("document", "/huge.pdf", ""),
]
PLACES = {"message": lambda file: file, "header": header, "card": card}


@pytest.mark.parametrize(
    ("place", "link"),
    [
        (place, link)
        for place in PLACES
        for link in LINKS
        if link[0] not in {"header": ("sticker",), "card": ("sticker", "document")}.get(place, ())
    ],
)
async def test_a_link_must_lead_to_a_file_that_fits(
    simulator: Simulator, graph, maria: User, files: str, place: str, link: tuple[str, str, str]
) -> None:
    """Else the message, which was accepted, fails with 131053; without the switch nothing is fetched."""
    kind, path, why = link
    await maria.says("oi")
    message = PLACES[place]({"type": kind, kind: {"link": files + path}})
    assert (await graph.send(message))[0] == 200
    simulator.restrict(broken_links="refused")
    assert (await graph.send(message))[0] == 200
    await simulator.settle()
    first, second = [each for each in maria.messages if each.from_bot]
    assert first.status == "read"
    assert second.status == ("failed" if why else "read")
    assert not why or ("131053" in str(second.error) and why in str(second.error))
