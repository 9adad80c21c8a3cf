"""The command itself: help, version, and how fast it is there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import typer
from whatsapp_command import run, run_cold

from rasa_whatsapp import __version__
from rasa_whatsapp.cli.app import app


def test_the_version_is_printed(tmp_path: Path) -> None:
    """Bug reports begin with it."""
    assert run_cold("--version", cwd=tmp_path).stdout == f"rasa-whatsapp {__version__}\n"


@pytest.mark.parametrize("command", ["init", "demo", "simulator", "doctor", "inbox"])
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    """`--help` shows the commands, and each of them its options."""
    assert command in run("--help", cwd=tmp_path).stdout
    assert run(command, "--help", cwd=tmp_path).returncode == 0


def test_no_help_breaks_within_a_sentence() -> None:
    """The help is wrapped to the terminal, but keeps the line breaks within a paragraph of a docstring."""

    def broken(command: Any, *path: str) -> Iterator[str]:
        paragraphs = re.split(r"\n\s*\n", (command.help or "").strip())
        if any("\n" in paragraph for paragraph in paragraphs):
            yield " ".join(path)
        for name, below in getattr(command, "commands", {}).items():
            yield from broken(below, *path, name)

    assert list(broken(typer.main.get_command(app))) == []


def test_the_doctor_tells_its_two_domains_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One names the file, the other asks for what is missing in it."""
    monkeypatch.setenv("COLUMNS", "200")
    lines = run("doctor", "--help", cwd=tmp_path).stdout
    assert "by default domain.yml or domain/" in lines
    assert "Instead of the checks" in lines


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
