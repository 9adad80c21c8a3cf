"""Whether Meta charges a message, in which category, and why.

Source: Meta, WhatsApp Business Platform, Pricing: by the message since July 2025; Conversation windows.
"""

from __future__ import annotations

from typing import Any

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.state import Person, Price
from rasa_whatsapp.simulator.template_book import TemplateBook

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


class Tariff:
    """Meta's prices, as far as they are the same for everybody: free or not, and the category."""

    def __init__(self, templates: TemplateBook, clock: Clock) -> None:
        self._templates = templates
        self._clock = clock

    def price(self, person: Person | None, body: dict[str, Any]) -> Price:
        """What a message to this person would be; None for somebody who is not here yet."""
        category, now = self._templates.category(body), self._clock.now()
        if person is not None and entry_window_open(person, now):
            return Price(type="free_entry_point", category="referral_conversion")
        answer = person is not None and service_window_open(person, now)
        if category == "service" or (category == "utility" and answer):
            return Price(type="free_customer_service", category=category)
        return Price(type="regular", category=category)
