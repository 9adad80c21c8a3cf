"""Pictures and files: those the club sends, and the photos it is sent."""

from __future__ import annotations

import logging
import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

logger = logging.getLogger(__name__)

NOT_CONFIGURED = "Ahora no puedo mandarte archivos: falta definir CLUB_MEDIA_URL en el servidor de acciones."


def media_link(filename: str) -> str | None:
    """The address of a file of `media/`, or None when CLUB_MEDIA_URL does not say where they are."""
    base = os.environ.get("CLUB_MEDIA_URL", "").rstrip("/")
    return f"{base}/{filename}" if base else None


class SendMap(Action):
    def name(self) -> str:
        return "action_mandar_mapa"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        link = media_link("mapa.png")
        if link:
            dispatcher.utter_message(text="Este es el mapa del club.", image=link)
        else:
            dispatcher.utter_message(text=NOT_CONFIGURED)
        return []


class SendDocument(Action):
    """Sends the regulations as a WhatsApp document: a Rasa attachment would have no file name."""

    def name(self) -> str:
        return "action_mandar_documento"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        link = media_link("reglamento.pdf")
        if link:
            document = {
                "link": link,
                "filename": "Reglamento del club.pdf",
                "caption": "El reglamento completo, en PDF.",
            }
            dispatcher.utter_message(json_message={"type": "document", "document": document})
        else:
            dispatcher.utter_message(text=NOT_CONFIGURED)
        return []


class ReceivePhoto(Action):
    def name(self) -> str:
        return "action_recibir_foto"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        media_id = next(tracker.get_latest_entity_values("media_id"), None)
        mime_type = next(tracker.get_latest_entity_values("mime_type"), None)
        caption = next(tracker.get_latest_entity_values("caption"), None)
        logger.info("Foto recibida: %s (%s)", media_id, mime_type)
        about = f" de «{caption}»" if caption else ""
        dispatcher.utter_message(text=f"¡Gracias por la foto{about}! Se la paso a la administración.")
        return []
