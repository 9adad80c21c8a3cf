"""WhatsApp on your own machine: Meta's Graph API or Serpro's gateway, webhooks, and people who write.

    async with Simulator(port=0, webhook_url="http://127.0.0.1:5005/webhooks/whatsapp/webhook") as whatsapp:
        maria = whatsapp.user("+55 61 99999-0001", name="Maria")
        await maria.says("oi")
        await maria.receives("Bem-vinda")
        await maria.taps("Tênis")

A bot talks to it with ``base_url: http://127.0.0.1:8765`` and the constants below, all of which
``Simulator.credentials`` tells. This is an independent
implementation for development and tests; it is not Meta's.
"""

from __future__ import annotations

from rasa_whatsapp.simulator.account import (
    ACCESS_TOKEN,
    APP_SECRET,
    CLIENT_SECRET,
    DISPLAY_PHONE_NUMBER,
    PHONE_NUMBER_ID,
    VERIFY_TOKEN,
    WABA_ID,
    WEBHOOK_TOKEN,
)
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.options import DEFAULT_PORT, DEFAULT_WEBHOOK_URL, Options, Provider
from rasa_whatsapp.simulator.people.reader import Unexpected
from rasa_whatsapp.simulator.people.user import User
from rasa_whatsapp.simulator.server import Simulator
from rasa_whatsapp.simulator.state import Message
from rasa_whatsapp.simulator.switches.bad_day import BadDay
from rasa_whatsapp.simulator.switches.restrictions import Restrictions

__all__ = [
    "ACCESS_TOKEN",
    "APP_SECRET",
    "CLIENT_SECRET",
    "DEFAULT_PORT",
    "DEFAULT_WEBHOOK_URL",
    "DISPLAY_PHONE_NUMBER",
    "PHONE_NUMBER_ID",
    "VERIFY_TOKEN",
    "WABA_ID",
    "WEBHOOK_TOKEN",
    "BadDay",
    "Clock",
    "Message",
    "Options",
    "Provider",
    "Restrictions",
    "Simulator",
    "Unexpected",
    "User",
]
