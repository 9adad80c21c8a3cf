"""Forms inside the chat: becoming a member, booking a court. Their screens are in `flows/`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from rasa_whatsapp import actions, events
from rasa_whatsapp.messages import Flow


class OfferMembership(Action):
    """This Flow asks for its first screen itself: `club_flows.py` answers."""

    def name(self) -> str:
        return "action_ofrecer_socio"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        form = Flow(
            "Completá tus datos y ya sos del club.",
            "Hacerme socio",
            flow_name="hacerme_socio",
            action="data_exchange",
        )
        actions.reply(dispatcher, form)
        return []


class OfferCourt(Action):
    """All screens of this Flow are in its JSON; nobody is asked before it is sent."""

    def name(self) -> str:
        return "action_ofrecer_cancha"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        form = Flow("Elegí cancha, día y hora.", "Reservar", flow_name="reservar_cancha", screen="TURNO")
        actions.reply(dispatcher, form)
        return []


class ConfirmMembership(Action):
    """A summary, as WhatsApp recommends: the form itself cannot be opened again."""

    def name(self) -> str:
        return "action_confirmar_socio"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        answers = _answers(tracker)
        if not answers:
            return OfferMembership().run(dispatcher, tracker, domain)
        dispatcher.utter_message(
            text=f"¡Te damos la bienvenida al club, {answers['nombre']}! "
            f"Ya tenemos tu foto; el carnet llega a {answers['correo']}."
        )
        return []


class ConfirmCourt(Action):
    def name(self) -> str:
        return "action_confirmar_cancha"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        answers = _answers(tracker)
        if not answers:
            return OfferCourt().run(dispatcher, tracker, domain)
        dispatcher.utter_message(
            text=f"Reservaste la cancha {answers['cancha']}: {answers['dia']}, {answers['hora']}."
        )
        return []


def _answers(tracker: Tracker) -> dict[str, Any]:
    """What was filled in; from the event, which nobody can type.

    Empty when no form was: on other channels anybody may type the intent and its entities.
    """
    reply = actions.incoming(tracker)
    return reply.answers if isinstance(reply, events.FlowReply) else {}
