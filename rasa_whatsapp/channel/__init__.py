"""The Rasa side: the only folder that imports rasa or sanic."""

from __future__ import annotations

from rasa_whatsapp.channel.input import WhatsAppInput
from rasa_whatsapp.channel.output import WhatsAppOutput

__all__ = ["WhatsAppInput", "WhatsAppOutput"]
