"""`rasa-whatsapp doctor`: what keeps the bot from answering on WhatsApp, and what to do."""

from rasa_whatsapp.cli.doctor.command import doctor

__all__ = ["doctor"]
