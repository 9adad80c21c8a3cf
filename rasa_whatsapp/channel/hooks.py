"""The bot's own functions that the settings name, ready to be called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.hooks import Hook
from rasa_whatsapp.settings import Settings
from rasa_whatsapp.transcription import SECONDS, Transcription


class Hooks(NamedTuple):
    """What the bot's project does itself; None where the settings name nothing.

    Attributes:
        transcription: makes text of sounds before Rasa sees them.
    """

    transcription: Transcription | None = None

    @classmethod
    def of(cls, settings: Settings, gateways: Mapping[str, Gateway]) -> Hooks:
        """As the settings say.

        Raises:
            SettingsError: a module cannot be imported, or has no such function.
        """
        transcription = None
        if settings.transcribe:
            hook = Hook.named(settings.transcribe, "transcribe", SECONDS)
            transcription = Transcription(hook, gateways)
        return cls(transcription)
