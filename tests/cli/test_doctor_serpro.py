"""The doctor asks Serpro about a number that Serpro carries."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rasa_whatsapp.cli.doctor import examination, serpro
from rasa_whatsapp.settings import load
from rasa_whatsapp.simulator import CLIENT_SECRET, Simulator


async def examined(folder: Path, secret: str) -> str:
    """What the doctor says of a credentials.yml with this client secret."""
    async with Simulator(port=0, provider="serpro", webhook_url="http://127.0.0.1:9/webhook") as whatsapp:
        file = folder / "credentials.yml"
        file.write_text(
            f"rasa_whatsapp.WhatsAppInput: {{provider: serpro, client_secret: {secret}, webhook_token: w, "
            f"client_id: '{whatsapp.account.phone_number_id}', base_url: '{whatsapp.url}', "
            "store: 'memory://'}\n"
        )
        command = [sys.executable, "-m", "rasa_whatsapp.cli", "doctor", "--credentials", str(file)]
        process = await asyncio.create_subprocess_exec(
            *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "COLUMNS": "300"}
        )
        printed, _ = await process.communicate()
        return printed.decode()


async def test_good_credentials(tmp_path: Path) -> None:
    """Serpro gives a token and tells of the registered webhook."""
    assert "Serpro takes the credentials and has 1 webhook" in await examined(tmp_path, CLIENT_SECRET)


async def test_wrong_credentials(tmp_path: Path) -> None:
    """The refusal is shown, the secret is not."""
    printed = await examined(tmp_path, "wrong-secret-word")
    assert "✗" in printed
    assert "takes the credentials" not in printed
    assert "wrong-secret-word" not in printed


async def test_a_local_serpro_that_is_not_started() -> None:
    """The simulator is Meta's unless it is told otherwise."""
    given = {"provider": "serpro", "client_id": "1", "client_secret": "s", "webhook_token": "w"}
    settings = load({**given, "base_url": "http://127.0.0.1:9"}, {})
    (finding,) = await serpro.number(settings.numbers[0], settings)
    assert "nothing listens there" in finding.found
    assert "`rasa-whatsapp simulator --provider serpro`" in finding.remedy


@pytest.mark.parametrize(("proof", "told"), [({}, True), ({"webhook_token": "w"}, False)])
async def test_webhooks_that_nothing_proves(tmp_path: Path, proof: dict[str, str], told: bool) -> None:
    """What proves Serpro's is not Meta's secret."""
    given = {"provider": "serpro", "client_id": "1", "client_secret": "s", "allow_unsigned": True, **proof}
    file = tmp_path / "credentials.yml"
    file.write_text(json.dumps({"rasa_whatsapp.WhatsAppInput": given}))
    _, findings = examination._settings(file, {})
    assert any("forge" in each.found for each in findings) is told
    assert all("webhook_token" in each.remedy for each in findings if "forge" in each.found)
