"""`rasa-whatsapp webhook` tells WhatsApp where the bot is."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from whatsapp_command import run, section

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.simulator import VERIFY_TOKEN, Simulator

pytestmark = [pytest.mark.whatsapp(webhook_url=""), pytest.mark.usefixtures("credentials")]

URL = "https://bot.example.com/webhooks/whatsapp/webhook"


async def webhook(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "webhook", *arguments, cwd=tmp_path)


async def shown(tmp_path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((await webhook(tmp_path, "show", "--json")).stdout)
    return told


async def test_the_number_is_registered_shown_and_deleted(whatsapp: Simulator, tmp_path: Path) -> None:
    """Registering or deleting twice changes nothing."""
    for _ in range(2):
        done = await webhook(tmp_path, "register", "--url", URL)
        assert done.returncode == 0, done.stderr
        assert f"→\tnumber\t{URL}" in done.stdout
        assert VERIFY_TOKEN not in done.stdout + done.stderr
        assert (await shown(tmp_path))["in_use"] == URL
    for _ in range(2):
        assert (await webhook(tmp_path, "delete", "--yes")).returncode == 0
        assert (await shown(tmp_path))["in_use"] == ""


async def test_the_account_is_registered_beside_the_number(whatsapp: Simulator, tmp_path: Path) -> None:
    """Each is deleted alone; the subscription stays."""
    await webhook(tmp_path, "register", "--url", URL)
    done = await webhook(tmp_path, "register", "--url", f"{URL}/all", "--for", "account")
    assert done.returncode == 0, done.stderr
    known = await shown(tmp_path)
    assert (known["number"], known["account"], known["in_use"]) == (URL, f"{URL}/all", URL)
    assert (await webhook(tmp_path, "delete", "--for", "account", "--yes")).returncode == 0
    known = await shown(tmp_path)
    assert (known["account"], known["in_use"]) == ("", URL)
    assert known["apps"]


async def test_an_account_that_nobody_listens_to_is_subscribed(whatsapp: Simulator, tmp_path: Path) -> None:
    """A number's address alone brings no messages."""
    account = whatsapp.account
    async with CloudClient(
        account.access_token, account.phone_number_id, waba_id=account.waba_id, base_url=whatsapp.url
    ) as client:
        await client.webhooks.unsubscribe()
    assert "No app" in (await webhook(tmp_path, "show")).stderr
    assert (await webhook(tmp_path, "register", "--url", URL)).returncode == 0
    assert (await shown(tmp_path))["apps"]


async def test_only_https_and_never_by_default(whatsapp: Simulator, tmp_path: Path) -> None:
    """Messages must not go where nobody has asked for them."""
    done = await webhook(tmp_path, "register", "--url", "http://bot.example.com/webhooks/whatsapp/webhook")
    assert done.returncode == 1
    assert "https://" in done.stderr
    assert (await webhook(tmp_path, "register")).returncode == 2
    assert (await shown(tmp_path))["in_use"] == ""


async def test_deleting_asks_first(whatsapp: Simulator, tmp_path: Path) -> None:
    """A bot without an address is silent."""
    await webhook(tmp_path, "register", "--url", URL)
    done = await asyncio.to_thread(run, "webhook", "delete", cwd=tmp_path, answer="n\n")
    assert done.returncode == 1
    assert (await shown(tmp_path))["in_use"] == URL


async def test_a_bot_that_does_not_know_the_verify_token(whatsapp: Simulator, tmp_path: Path) -> None:
    """Meta refuses the address; the token is not repeated."""
    text = section(base_url=whatsapp.url, verify_token="another-word")
    (tmp_path / "credentials.yml").write_text(text)
    done = await webhook(tmp_path, "register", "--url", URL)
    assert done.returncode == 1
    assert "handshake" in done.stderr
    assert "another-word" not in done.stderr
