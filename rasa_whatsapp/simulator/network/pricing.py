"""Whether Meta charges a message, in which category, and why.

Source: Meta, WhatsApp Business Platform, Pricing: by the message since July 2025.
"""

from __future__ import annotations

from typing import Any

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.state import Person, Price
from rasa_whatsapp.simulator.state.windows import entry_window_open, service_window_open
from rasa_whatsapp.simulator.templates.book import TemplateBook


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
