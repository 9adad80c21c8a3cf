"""`rasa-whatsapp simulator`: what it prints is what credentials.yml needs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from whatsapp_command import COMMAND, run

from rasa_whatsapp.settings import load, read_credentials


@pytest.mark.parametrize("provider", ["cloud", "serpro"])
async def test_the_printed_lines_are_pasted(tmp_path: Path, provider: str) -> None:
    """They are a complete credentials.yml for the chosen provider."""
    simulator = await asyncio.create_subprocess_exec(
        *(*COMMAND, "simulator", "--port", "0", "--provider", provider), stdout=asyncio.subprocess.PIPE
    )
    assert simulator.stdout is not None
    try:
        printed = await asyncio.wait_for(simulator.stdout.readuntil(b"Ctrl-C ends it.\n"), 30)
    finally:
        simulator.terminate()
        await simulator.wait()
    file = tmp_path / "credentials.yml"
    file.write_bytes(printed[printed.index(b"rasa_whatsapp.") : printed.index(b"Ctrl-C")])
    [number] = load(read_credentials(file, {}), {}).numbers
    assert (number.provider, number.base_url.startswith("http://127.0.0.1:")) == (provider, True)


@pytest.mark.parametrize(
    "url", ["foo", "localhost:5005/webhooks", "ftp://localhost", "http://", "http://[::1"]
)
def test_a_bot_that_can_listen_nowhere(tmp_path: Path, url: str) -> None:
    """What is no address is refused at once, with one that is."""
    done = run("simulator", "--webhook-url", url, cwd=tmp_path)
    assert done.returncode == 2
    assert "--webhook-url" in done.stderr
    assert "http://127.0.0.1:5005/webhooks" in done.stderr.replace("\n", "")
