"""A mistake in credentials.yml, seen by somebody who starts `rasa run`."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa_run import CHANNEL, SHOW_BOT, RasaRun, alive

from rasa_whatsapp.cli.programs import Programs

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session")]


async def test_rasa_run_names_the_mistake_and_the_remedy(
    programs: Programs, show_model: Path, tmp_path: Path
) -> None:
    """The server does not start, and prints our words instead of "Failed to find input channel class"."""
    run = RasaRun(programs, SHOW_BOT, show_model, tmp_path, {})
    settings = {**run.account, "acess_token": "a typing mistake"}
    del settings["access_token"]
    program = await run.launch({CHANNEL: settings})
    assert await alive(program, program.ended()) != 0
    printed = program.printed()
    assert "Failed to find input channel class" not in printed
    assert "WhatsApp channel, credentials.yml:" in printed
    assert "acess_token" in printed
    assert "access_token" in printed
    assert "WHATSAPP_ACCESS_TOKEN" in printed
    assert "a typing mistake" not in printed
