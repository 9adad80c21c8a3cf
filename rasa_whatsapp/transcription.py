"""Voice notes and other sounds as text, by a function of the bot's own project.

def transcribe(path: Path, event: events.Audio) -> str: ...
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping

import structlog

from rasa_whatsapp import events
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.hooks import Hook
from rasa_whatsapp.tracebacks import told

logger = structlog.get_logger()

SECONDS = 60.0
"""For the download and the function together; then the message reaches Rasa as what it is."""


class Transcription:
    """Makes text of sounds.

    Args:
        hook: the function; gets the file's path and the event, and returns the text. The file is deleted
            when it has returned.
        gateways: the way to each number's files, by ``phone_number_id``.
    """

    def __init__(self, hook: Hook, gateways: Mapping[str, Gateway], seconds: float = SECONDS) -> None:
        self._hook = hook
        self._gateways = gateways
        self._seconds = seconds

    async def text(self, event: events.Audio) -> str:
        """The words of a sound, or an empty text when it has none or anything failed, which is logged."""
        gateway = self._gateways.get(event.number.phone_number_id)
        if gateway is None:
            return ""
        try:
            text = await asyncio.wait_for(self._transcribed(event, gateway), self._seconds)
        except Exception as error:
            # Whatever the function does, the person is answered.
            logger.warning("whatsapp.audio.untranscribed", id=event.id, error=told(error))
            return ""
        if isinstance(text, str):
            return text.strip()
        logger.warning("whatsapp.audio.untranscribed", id=event.id, error="the function returned no text")
        return ""

    async def _transcribed(self, event: events.Audio, gateway: Gateway) -> object:
        with tempfile.TemporaryDirectory(prefix="whatsapp-") as folder:
            file = await gateway.download(event, folder)
            return await self._hook(file.path, event)
