"""Serpro's gateway to WhatsApp: its webhook, its wire, its client. Needs no Rasa."""

from __future__ import annotations

from rasa_whatsapp.serpro.administration import Administration
from rasa_whatsapp.serpro.client import Sent, SerproClient

__all__ = ["Administration", "Sent", "SerproClient"]
