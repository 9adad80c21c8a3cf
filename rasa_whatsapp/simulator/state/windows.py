"""The windows in which the bot may write to a person freely, or for nothing.

Source: Meta, WhatsApp Business Platform, Pricing; Conversation windows.
"""

from __future__ import annotations

from rasa_whatsapp.simulator.state.person import Person

SERVICE_WINDOW = 24 * 60 * 60
"""Seconds after a person's message for which the bot may write freely, and does not pay for it."""
ENTRY_WINDOW = 72 * 60 * 60
"""Seconds after the answer to somebody who came by an advertisement for which nothing is charged."""


def service_window_open(person: Person, now: float) -> bool:
    """Whether the person has written within 24 hours."""
    return now - person.last_wrote <= SERVICE_WINDOW


def entry_window_open(person: Person, now: float) -> bool:
    """Whether a message is free because the person came by an advertisement and was answered within a day."""
    return person.entry_ends > now or (not person.entry_ends and now - person.entered_at <= SERVICE_WINDOW)
