"""Serpro's gateway to the local WhatsApp: the same people and conversations on another wire.

What Serpro's pages leave open is decided here as its public clients expect it.
"""

from __future__ import annotations

from rasa_whatsapp.simulator.serpro.api import Serpro
from rasa_whatsapp.simulator.serpro.hooks import Hooks
from rasa_whatsapp.simulator.serpro.presence import Presence
from rasa_whatsapp.simulator.serpro.wire import SerproWire

__all__ = ["Hooks", "Presence", "Serpro", "SerproWire"]
