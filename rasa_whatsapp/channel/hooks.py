"""The bot's own functions that the settings name, ready to be called."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_whatsapp import events
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.hooks import Hook
from rasa_whatsapp.settings import Settings
from rasa_whatsapp.transcription import SECONDS, Transcription

EVENT_SECONDS = 60.0
"""For one call of the ``on_event`` function."""


class Hooks:
    """What the bot's project does itself.

    Args:
        settings: name the functions.
        gateways: the way to each number's files, by ``phone_number_id``.

    Attributes:
        transcription: makes text of sounds before Rasa sees them; None where nothing does.

    Raises:
        SettingsError: a module cannot be imported, or has no such function.
    """

    def __init__(self, settings: Settings, gateways: Mapping[str, Gateway]) -> None:
        self.transcription = None
        if settings.transcribe:
            hear = Hook.named(settings.transcribe, "transcribe", SECONDS)
            self.transcription = Transcription(hear, gateways)
        self._kinds = frozenset(settings.on_event.kinds)
        self._on_event = None
        if settings.on_event.handler:
            self._on_event = Hook.named(settings.on_event.handler, "on_event", EVENT_SECONDS)

    async def tell(self, event: events.Event) -> None:
        """Hands an event to the ``on_event`` function where that asked for its kind.

        Raises:
            Exception: the function has failed; it hears of the event again.
        """
        if self._on_event is not None and event.__struct_config__.tag in self._kinds:
            await self._on_event(event)
