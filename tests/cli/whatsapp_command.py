"""The command as its users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from rasa_whatsapp.simulator import Simulator

COMMAND = [sys.executable, "-m", "rasa_whatsapp.cli"]


def section(**settings: str) -> str:
    """A credentials.yml that is complete with these settings, for the local WhatsApp's number."""
    account = Simulator(port=0).account
    keys = {
        "phone_number_id": f'"{account.phone_number_id}"',
        "waba_id": f'"{account.waba_id}"',
        "access_token": account.access_token,
        "app_secret": account.app_secret,
        "verify_token": account.verify_token,
        **settings,
    }
    lines = [f"  {key}: {value}\n" for key, value in keys.items() if value]
    return "rasa_whatsapp.WhatsAppInput:\n" + "".join(lines)


class _Warm:
    """The program that starts the command without its imports; it ends when the tests end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(self, **order: Any) -> int:
        """The command's exit code."""
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, str(Path(__file__).with_name("warm_command.py"))],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            print(json.dumps(order), file=self._process.stdin, flush=True)
            return int(self._process.stdout.readline())


_warm = _Warm()


def run(*arguments: str | Path, cwd: Path, answer: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command to its end.

    Args:
        arguments: of the command.
        cwd: where it is run.
        answer: what somebody types; by default there is nobody.
    """
    with tempfile.TemporaryDirectory() as folder:
        stdin, stdout, stderr = (Path(folder, name) for name in ("stdin", "stdout", "stderr"))
        stdin.write_text(answer)
        stdout.touch()
        stderr.touch()
        code = _warm.run(
            arguments=[str(argument) for argument in arguments],
            cwd=str(cwd),
            environment=dict(os.environ),
            streams=[str(stdin), str(stdout), str(stderr)],
        )
        return subprocess.CompletedProcess(arguments, code, stdout.read_text(), stderr.read_text())


def run_cold(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, from the start of Python, as `rasa-whatsapp` is run."""
    return subprocess.run([*COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60)
