"""The whole demo, as a newcomer starts it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from whatsapp_command import COMMAND


def still_running(mark: str) -> list[str]:
    """The processes in whose environment the mark stands."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdecimal() and mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


async def start(tmp_path: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *COMMAND,
        "demo",
        *arguments,
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


@pytest.mark.parametrize("provider", ["cloud", "serpro"])
async def test_the_scripted_conversation(sample_model: Path, tmp_path: Path, provider: str) -> None:
    """Every feature of the club bot through the real Rasa, action server and channel."""
    demo = await start(tmp_path, "--check", "--provider", provider, "--model", str(sample_model))
    output, _ = await asyncio.wait_for(demo.communicate(), 240)
    transcript = output.decode()
    assert demo.returncode == 0, transcript
    assert "✗" not in transcript
    for line in ("Bot  Hola!", "[Pileta] [Tenis] [SUM]", "✓ the reminder arrives", "expectations hold"):
        assert line in transcript
    assert still_running(str(tmp_path)) == []
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_stopping_it_while_it_starts(sample_model: Path, tmp_path: Path, how: signal.Signals) -> None:
    """Ctrl-C leaves no process and no file, whenever it comes."""
    demo = await start(tmp_path, "--no-browser", "--model", str(sample_model))
    assert demo.stdout is not None
    assert "Action server" in (await asyncio.wait_for(demo.stdout.readline(), 60)).decode()
    assert still_running(str(tmp_path))
    demo.send_signal(how)
    await asyncio.wait_for(demo.communicate(), 60)
    assert demo.returncode == 0
    assert still_running(str(tmp_path)) == []
    assert os.listdir(tmp_path) == []
