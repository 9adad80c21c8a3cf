"""Everything the local WhatsApp remembers, as plain data."""

from __future__ import annotations

from rasa_whatsapp.simulator.state.message import Message, Price, Wording
from rasa_whatsapp.simulator.state.person import Person
from rasa_whatsapp.simulator.state.state import Media, State

__all__ = ["Media", "Message", "Person", "Price", "State", "Wording"]
