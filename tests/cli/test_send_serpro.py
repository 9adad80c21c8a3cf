"""The commands speak to Serpro where it carries the number."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from whatsapp_command import run

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
SECRET = "the-client-secret"


class Serpro:
    """Serpro's gateway, as far as these commands go: a token, messages, files, templates."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.templates: list[dict[str, Any]] = [
            {"name": "ola", "language": "pt_BR", "status": "APPROVED", "category": "UTILITY", "id": 1},
            {"name": "oi", "language": "pt_BR", "status": "PENDING", "category": "UTILITY", "id": 2},
        ]

    async def answer(self, request: web.Request) -> web.Response:
        self.paths.append(f"{request.method} {request.path}")
        if "token" in request.path:
            return web.json_response({"access_token": "issued", "token_type": "Bearer", "expires_in": 300})
        if request.path.endswith("/media"):
            await request.read()
            return web.json_response({"id": "file-1"})
        if request.method == "GET" and request.path.endswith("/templates"):
            return web.json_response(self.templates)
        return web.json_response({"id": "request-1", "status": "PENDING"})


@pytest.fixture
async def serpro(tmp_path: Path) -> AsyncIterator[Serpro]:
    gateway = Serpro()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", gateway.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    (tmp_path / "credentials.yml").write_text(
        "rasa_whatsapp.WhatsAppInput:\n  provider: serpro\n  client_id: 100200300\n"
        f"  client_secret: {SECRET}\n  waba_id: 7\n  webhook_token: a-word-of-my-choice\n"
        f"  base_url: http://127.0.0.1:{runner.addresses[0][1]}\n"
    )
    yield gateway
    await runner.cleanup()


async def command(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, *arguments, cwd=tmp_path)


async def test_a_text_and_a_file(serpro: Serpro, tmp_path: Path) -> None:
    """The id is that of Serpro's request; files are uploaded there."""
    done = await command(tmp_path, "send", "text", "+55 61 99999-0001", "oi", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "request-1"
    (tmp_path / "map.png").write_bytes(PNG)
    assert (await command(tmp_path, "media", "upload", "map.png")).stdout == "file-1\n"
    assert all("100200300" in path or "token" in path for path in serpro.paths)


async def test_templates(serpro: Serpro, tmp_path: Path) -> None:
    """They are filtered here, for Serpro does not."""
    listed = await command(tmp_path, "templates", "list", "--status", "pending")
    assert listed.stdout == "oi\tpt_BR\tUTILITY\tPENDING\t2\n"
    (tmp_path / "oi.yml").write_text(
        "{name: hi, language: pt_BR, category: UTILITY, components: [{type: BODY, text: Oi}]}"
    )
    made = await command(tmp_path, "templates", "create", "oi.yml")
    assert made.stdout == "hi (pt_BR) is PENDING, id request-1.\n"
    assert (await command(tmp_path, "templates", "delete", "hi", "--yes")).returncode == 0
    assert serpro.paths[-1].startswith("DELETE ")


async def test_what_is_for_the_cloud_api_alone(serpro: Serpro, tmp_path: Path) -> None:
    """It is said, and nothing is tried."""
    for arguments in (
        ("media", "delete", "1", "--yes"),
        ("templates", "delete", "oi", "--id", "2", "--yes"),
    ):
        done = await command(tmp_path, *arguments)
        assert done.returncode == 1
        assert "provider: is serpro" in done.stderr
        assert SECRET not in done.stderr
    assert serpro.paths == []
