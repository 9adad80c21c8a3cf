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

# The rooms, each of which knows only those above it:
#
#   account, clock, ids, refusal …   what everything stands on: the credentials, the time, Meta's errors
#   state      people, messages and files, as plain data; the file that keeps them
#   media      files that are uploaded, fetched by link, or come in forms
#   switches   single faults, bad days, Meta's restrictions
#   limits     what WhatsApp lets pass: the form of messages, and who may send them
#   api        what stands around every request of the bot: token, log, pages, protection
#   templates  the account's templates
#   flows      the account's Flows, the endpoint, and the Flows that are open
#   webhook    how webhooks are written, posted, and agreed on by a handshake
#   network    carries messages between people and the number
#   people     people as Python sees them
#   graph      Meta's API for one number and its account
#   serpro     Serpro's API for one number
#   page       what the browser shows, and what it talks to
#   server     all of it, made of its parts, with the troubles that can be ordered
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
