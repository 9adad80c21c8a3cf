"""`rasa-whatsapp demo`: the sample bot, its action server, Rasa and the local WhatsApp, with one command."""

from rasa_whatsapp.cli.demo.command import demo

__all__ = ["demo"]
