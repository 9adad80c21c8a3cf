"""The reminder of a booking, which another system sets off."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class RemindBooking(Action):
    def name(self) -> str:
        return "action_recordar_reserva"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        facility = next(tracker.get_latest_entity_values("instalacion"), "el club")
        hour = next(tracker.get_latest_entity_values("hora"), None)
        at = f" a las {hour}" if hour else ""
        dispatcher.utter_message(text=f"Recordatorio: tenés una reserva en {facility}{at}.")
        return []
