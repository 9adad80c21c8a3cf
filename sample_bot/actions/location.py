"""How far from the club somebody is."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

# The place that utter_ubicacion in domain.yml sends.
CLUB = (-34.4519, -58.8816)
EARTH_RADIUS_KM = 6371.0088


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The great-circle distance between two (latitude, longitude) points in degrees, in kilometres."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(radians, point)) for point in (a, b))
    chord = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    # Rounding may lift the chord of two antipodes just above 1, where asin ends.
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def in_words(kilometres: float) -> str:
    """Metres below one kilometre, a decimal comma below ten, whole kilometres from there on."""
    metres = round(kilometres * 1000, -1)
    if metres < 1000:
        return f"{metres:.0f} metros"
    if kilometres < 9.95:
        return f"{kilometres:.1f} km".replace(".", ",")
    return f"{kilometres:.0f} km"


class MeasureDistance(Action):
    def name(self) -> str:
        return "action_medir_distancia"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        latitude = next(tracker.get_latest_entity_values("latitude"), None)
        longitude = next(tracker.get_latest_entity_values("longitude"), None)
        if latitude is None or longitude is None:
            dispatcher.utter_message(text="No pude leer tu ubicación. ¿Me la mandás de nuevo?")
            return []
        distance = in_words(distance_km((float(latitude), float(longitude)), CLUB))
        dispatcher.utter_message(text=f"Estás a {distance} del club.")
        return []
