"""What only WhatsApp has: a link button, a request for a place, a carousel, a reaction, a template.

On other channels, `rasa shell` among them, each shows the nearest that they can.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.media import NOT_CONFIGURED, media_link
from rasa_whatsapp import actions
from rasa_whatsapp.messages import (
    Button,
    Card,
    Carousel,
    CtaUrl,
    Image,
    LocationRequest,
    Reaction,
    Template,
    Text,
)

WEBSITE = "https://club.example"


class ShowWebsite(Action):
    """A link button below the map, which is a file of `media/`: uploaded once, then sent by its id."""

    def name(self) -> str:
        return "action_mostrar_sitio"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        site = CtaUrl(
            "En la web del club reservás canchas y salones.",
            "Abrir la web",
            WEBSITE,
            header=Image(link="media://mapa.png"),
        )
        actions.reply(dispatcher, site)
        return []


class AskPlace(Action):
    """WhatsApp shows a button that shares the place; action_medir_distancia answers it."""

    def name(self) -> str:
        return "action_pedir_ubicacion"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        actions.reply(dispatcher, LocationRequest("Compartime tu ubicación y te digo a cuánto estás."))
        return []


class ShowFacilities(Action):
    """A carousel, whose pictures WhatsApp takes by public link alone."""

    def name(self) -> str:
        return "action_mostrar_instalaciones"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        cards = [
            Card(
                Image(link=link),
                f"*{title}*",
                replies=[Button(f'/elegir{{"opcion": "{title.lower()}"}}', "Ver reglas")],
            )
            for title in ("Pileta", "Tenis", "SUM")
            if (link := media_link(f"{title.lower()}.png"))
        ]
        if not cards:
            dispatcher.utter_message(text=NOT_CONFIGURED)
            return []
        actions.reply(dispatcher, Carousel("Estas son las instalaciones del club.", cards))
        return []


class ReactToPraise(Action):
    """A heart on the person's own message; in words where there is no such message."""

    def name(self) -> str:
        return "action_reaccionar"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        praise = actions.incoming(tracker)
        actions.reply(dispatcher, Reaction(praise.id, "❤️") if praise else Text("❤️"))
        return []


class SendNotice(Action):
    """A template, for it arrives also more than 24 hours after the person's last message."""

    def name(self) -> str:
        return "action_mandar_aviso"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        told = str(next(tracker.get_latest_entity_values("aviso"), ""))
        # WhatsApp takes neither line breaks nor tabs in a template's value.
        notice = " ".join(told.split()) or "Hay novedades en la administración."
        actions.reply(dispatcher, Template("aviso_del_club", "es_AR", body=[notice]))
        return []
