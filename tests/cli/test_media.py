"""`rasa-whatsapp media` moves files to and from WhatsApp."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from aiohttp import web
from whatsapp_command import run, section

from rasa_whatsapp.simulator import Simulator

pytestmark = [pytest.mark.whatsapp(webhook_url=""), pytest.mark.usefixtures("credentials")]

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100_000


@pytest.fixture(autouse=True)
def file(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(PNG)


async def media(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "media", *arguments, cwd=tmp_path)


async def test_a_file_there_and_back(whatsapp: Simulator, tmp_path: Path) -> None:
    """The id is all of stdout, so that a shell script can use it."""
    up = await media(tmp_path, "upload", "map.png")
    assert up.returncode == 0, up.stderr
    down = await media(tmp_path, "download", up.stdout.strip(), "--to", "files")
    assert down.returncode == 0, down.stderr
    path = tmp_path / down.stdout.strip()
    assert path.parent.name == "files"
    assert path.read_bytes() == PNG


async def test_json_for_programs(whatsapp: Simulator, tmp_path: Path) -> None:
    """Size, type and whether the checksum is the announced one."""
    media_id = json.loads((await media(tmp_path, "upload", "map.png", "--json")).stdout)["id"]
    told = json.loads((await media(tmp_path, "download", media_id, "--json")).stdout)
    assert (told["size"], told["mime_type"], told["intact"]) == (len(PNG), "image/png", True)


async def test_a_damaged_file_is_kept_and_told(tmp_path: Path) -> None:
    """Stdout stays one JSON document, whatever there is to say beside it."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/file":
            return web.Response(body=PNG)
        url = f"http://{request.host}/file"
        return web.json_response({"id": "1", "url": url, "mime_type": "image/png", "sha256": "0" * 64})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    (tmp_path / "credentials.yml").write_text(section(base_url=url))
    told = await media(tmp_path, "download", "1", "--json")
    seen = await media(tmp_path, "download", "1")
    await runner.cleanup()
    assert json.loads(told.stdout)["intact"] is False
    assert (tmp_path / seen.stdout.strip()).read_bytes() == PNG
    assert "checksum is not the one" in seen.stderr


async def test_progress_on_a_terminal(
    whatsapp: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar goes to stderr, up to all of the bytes; stdout is the same."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    up = await media(tmp_path, "upload", "map.png")
    assert up.stdout.strip().isdecimal()
    assert "↑ map.png" in up.stderr
    assert "100.0/100.0" in up.stderr
    down = await media(tmp_path, "download", up.stdout.strip())
    assert "100.0/100.0" in down.stderr


async def test_deleting_asks_first(whatsapp: Simulator, tmp_path: Path) -> None:
    """No, or no answer, deletes nothing; --yes does not ask."""
    media_id = (await media(tmp_path, "upload", "map.png")).stdout.strip()
    for answer in ("n\n", ""):
        asked = await asyncio.to_thread(run, "media", "delete", media_id, cwd=tmp_path, answer=answer)
        assert asked.returncode == 1
        assert f"Delete media {media_id}?" in asked.stderr
    assert (await media(tmp_path, "download", media_id)).returncode == 0
    assert (await media(tmp_path, "delete", media_id, "--yes")).returncode == 0
    gone = await media(tmp_path, "download", media_id)
    assert gone.returncode == 1
    assert "does not exist" in gone.stderr


async def test_files_that_whatsapp_does_not_take(whatsapp: Simulator, tmp_path: Path) -> None:
    """The type is named, or asked for."""
    (tmp_path / "a.bmp").write_bytes(b"BM")
    (tmp_path / "sound").write_bytes(b"OggS")
    assert "image/bmp" in (await media(tmp_path, "upload", "a.bmp")).stderr
    unknown = await media(tmp_path, "upload", "sound")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "mime_type" in unknown.stderr
    assert (await media(tmp_path, "upload", "sound", "--type", "audio/ogg")).returncode == 0
    assert (await media(tmp_path, "upload", "missing.png")).returncode == 2
