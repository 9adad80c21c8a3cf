"""Whether the bot's own project has what its settings name; without it the channel refuses to start."""

from __future__ import annotations

from rasa_whatsapp.delivery.metrics import check as check_metrics
from rasa_whatsapp.errors import SettingsError
from rasa_whatsapp.flows import FlowHandlers
from rasa_whatsapp.modules import named
from rasa_whatsapp.settings import Settings


def mistakes(settings: Settings) -> list[SettingsError]:
    """Imports the functions from the working directory, as the channel does before it starts."""
    functions = {
        "transcribe": (settings.transcribe, None),
        "on_event": (settings.on_event.handler, None),
        "flows.handlers": (settings.flows.handlers if settings.flows else "", FlowHandlers),
    }
    found = []
    for key, (reference, kind) in functions.items():
        try:
            if reference:
                named(reference, key, kind)
        except SettingsError as error:
            found.append(error)
    try:
        if settings.metrics:
            check_metrics()
    except SettingsError as error:
        found.append(error)
    return found
