"""The command itself: help, version, and how fast it is there."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from whatsapp_command import run, run_cold

from rasa_whatsapp import __version__


def test_the_version_is_printed(tmp_path: Path) -> None:
    """Bug reports begin with it."""
    assert run_cold("--version", cwd=tmp_path).stdout == f"rasa-whatsapp {__version__}\n"


@pytest.mark.parametrize("command", ["init", "demo", "simulator", "doctor", "inbox"])
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    """`--help` shows the commands, and each of them its options."""
    assert command in run("--help", cwd=tmp_path).stdout
    assert run(command, "--help", cwd=tmp_path).returncode == 0


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """Rasa takes seconds to import, and somebody who reads the help may not even have it."""
    program = (
        "import sys; from rasa_whatsapp.cli.app import app; app(['--help'], standalone_mode=False); "
        "print('loaded:', *sorted({'rasa', 'sanic', 'aiohttp', 'msgspec', 'structlog'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_the_installed_command_is_this_one() -> None:
    """pyproject.toml names the entry point."""
    (command,) = entry_points(group="console_scripts", name="rasa-whatsapp")
    assert command.value == "rasa_whatsapp.cli:main"
