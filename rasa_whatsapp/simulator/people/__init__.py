"""People in front of WhatsApp: they write, tap, and wait for what the bot answers."""
