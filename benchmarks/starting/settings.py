"""What every server is started with: where, for which channel, by which credentials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa_whatsapp.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
"""The repository, in which all programs run."""
CHANNEL = "rasa_whatsapp.WhatsAppInput"


def credentials(whatsapp: Simulator) -> dict[str, Any]:
    """The settings that lead to a local WhatsApp."""
    account = whatsapp.account
    return {
        "base_url": whatsapp.url,
        "phone_number_id": account.phone_number_id,
        "access_token": account.access_token,
        "app_secret": account.app_secret,
        "verify_token": account.verify_token,
    }
