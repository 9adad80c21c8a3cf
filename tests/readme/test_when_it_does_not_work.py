"""What the READMEs advise when the two commands do not work: each advice is run, or it is said why not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
from documents import ROOT

RUN_BY_CI = {"python3 -m venv ~/.uv && ~/.uv/bin/pip install uv"}
"""What needs PyPI; `.ci/run` has the same words."""
ASKED_FIRST = {
    "uv python install 3.10": "downloads a Python",
    "pyenv install 3.10": "compiles a Python",
    "apt-get install redis-server chromium": "changes the system",
}
"""What no test does, and why; a test below asks the program itself whether it could."""
BY_THE_READER = {
    "pipx install uv": "pipx is not installed where the tests run, and installs for the user",
    "python3 -m uv run rasa-whatsapp demo": "another name of the first command; .ci/run asks for its version",
}


def section(name: str, title: str) -> str:
    """A README's section."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


SECTIONS = {
    "README.md": section("README.md", "When the two commands do not work"),
    "README.pt-BR.md": section("README.pt-BR.md", "Quando os dois comandos não funcionam"),
}


def asked(*command: str) -> str:
    """What a program prints, if it is here."""
    program = os.environ.get("UV") if command[0] == "uv" else shutil.which(command[0])
    if not program:
        pytest.skip(f"needs {command[0]}")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", SECTIONS)
def test_every_advice_is_known(name: str) -> None:
    """Both languages give the same ones, and none that nobody has tried."""
    commands = {words for words in re.findall(r"`([^`]+)`", SECTIONS[name]) if " " in words}
    assert commands == RUN_BY_CI | ASKED_FIRST.keys() | BY_THE_READER.keys()


@pytest.mark.parametrize("command", RUN_BY_CI)
def test_an_advice_that_needs_the_network_is_run_by_ci(command: str) -> None:
    """And the program that it leads to is called by the path that the README names."""
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"{command}; ~/.uv/bin/uv --version" in run
    assert all("`~/.uv/bin/uv`" in text for text in SECTIONS.values())


def test_the_python_that_is_missing_can_be_had() -> None:
    """From uv and from pyenv, which finds it by the file that the README names."""
    assert (ROOT / ".python-version").read_text().strip() == "3.10"
    assert "cpython-3.10." in asked("uv", "python", "list", "3.10", "--only-downloads", "--offline")


def test_pyenv_knows_the_python_that_is_missing() -> None:
    """It takes the first two numbers for the newest release of them."""
    assert asked("pyenv", "latest", "--known", "3.10").startswith("3.10.")


def test_the_packages_bring_what_the_tests_look_for() -> None:
    """By the names that Debian gives them, where its lists of packages are here."""
    _, *install = next(command for command in ASKED_FIRST if command.startswith("apt-get")).split()
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(f"command -v {package} " in run for package in install[1:])
    if not asked("apt-cache", "pkgnames", install[1]):
        pytest.skip("needs Debian's lists of packages")
    asked("apt-get", "--simulate", *install)
