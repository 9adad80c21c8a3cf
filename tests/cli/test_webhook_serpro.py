"""`rasa-whatsapp webhook` for a number that Serpro carries."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from whatsapp_command import run

sys.path.append(str(Path(__file__).parents[1] / "serpro"))

from fake_serpro import CLIENT, SECRET, serpro

URL = "https://bot.example.org/webhooks/whatsapp/webhook"
TOKEN = "a-word-of-my-choice"


async def command(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "webhook", *arguments, cwd=tmp_path)


def settings(tmp_path: Path, base_url: str) -> None:
    (tmp_path / "credentials.yml").write_text(
        f"rasa_whatsapp.WhatsAppInput:\n  provider: serpro\n  client_id: {CLIENT}\n"
        f"  client_secret: {SECRET}\n  webhook_token: {TOKEN}\n  base_url: {base_url}\n"
    )


async def test_register_show_and_delete(tmp_path: Path) -> None:
    """Registering twice leaves one address with the token; it is shown without it, and deleted."""
    async with serpro() as fake:
        settings(tmp_path, fake.url)
        for _ in range(2):
            done = await command(tmp_path, "register", "--url", URL)
            assert done.returncode == 0, done.stderr
        (hook,) = fake.webhooks.values()
        assert (hook["uri"], hook["jwtToken"]) == (URL, TOKEN)
        shown = await command(tmp_path, "show", "--json")
        assert json.loads(shown.stdout) == {"webhooks": [{"id": "hook-1", "url": URL, "has_token": True}]}
        assert TOKEN not in done.stdout + done.stderr + shown.stdout
        gone = await command(tmp_path, "delete", "--yes")
        assert gone.returncode == 0
        assert fake.webhooks == {}


@pytest.mark.parametrize("arguments", [["register"], ["register", "--url", "http://bot.example.org"]])
async def test_there_is_no_default_and_no_plain_http(tmp_path: Path, arguments: list[str]) -> None:
    """Without an https address nothing is registered."""
    async with serpro() as fake:
        settings(tmp_path, fake.url)
        done = await command(tmp_path, *arguments)
        assert done.returncode in (1, 2)
        assert fake.webhooks == {}
