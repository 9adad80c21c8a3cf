"""An action server starts quickly: importing the helpers loads what reads and replies, and no more."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "rasa_whatsapp.delivery",
    "rasa_whatsapp.cloud",
    "aiohttp",
    "cryptography",
    "ruamel.yaml",
    "structlog",
    "rich",
)
PROGRAM = f"""
import sys
from rasa_whatsapp import actions
print([name for name in {HEAVY} if name in sys.modules])
actions.connect, actions.connect_sync, actions.Connection, actions.BlockingConnection
"""


def test_stores_and_clients_are_loaded_by_connect_alone() -> None:
    """They take several times as long to load as all the rest, and most actions never connect."""
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert run.stderr == ""
    assert run.stdout == "[]\n"
