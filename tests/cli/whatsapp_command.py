"""The command as its users run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=60
    )
