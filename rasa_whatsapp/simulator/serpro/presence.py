"""Serpro registers webhooks without a handshake."""

from __future__ import annotations

from rasa_whatsapp.simulator.webhook.handshake import Handshake


class Presence(Handshake):
    """In the handshake's place: it is enough that somebody listens at the webhook's address."""

    async def _ask(self) -> str:
        if await self._webhook.somebody_listens():
            return ""
        return f"Nothing listens at {self._webhook.url or 'the webhook URL, which is empty'}."
