"""Meta's Cloud API: its webhook, its wire, its client. Needs no Rasa."""

from __future__ import annotations

from rasa_whatsapp.cloud.client import CloudClient, Sent
from rasa_whatsapp.files import MediaFile, MediaInfo

__all__ = ["CloudClient", "MediaFile", "MediaInfo", "Sent"]
