"""The option a person chose, by tapping it or by naming it."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

logger = logging.getLogger(__name__)


class LogChoice(Action):
    """Logs the chosen option; `utter_reglas` then answers it from the slot."""

    def name(self) -> str:
        return "action_registrar_opcion"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        option = next(tracker.get_latest_entity_values("opcion"), None)
        logger.info("Opción elegida: %s", option)
        # Set even when it is None: otherwise an unknown option would be answered with the previous one.
        return [SlotSet("opcion", option)]
