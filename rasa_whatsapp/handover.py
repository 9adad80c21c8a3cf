"""A person takes over from the bot, and gives back: what an action says of it, in a response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_whatsapp.rendering.values import for_whatsapp

PAUSE = "pause"
RESUME = "resume"


def pausing(seconds: float) -> dict[str, Any]:
    """The metadata of a response after which the bot is silent in its conversation."""
    return {"whatsapp": {PAUSE: seconds}}


def resuming() -> dict[str, Any]:
    """The metadata of a response after which it answers again."""
    return {"whatsapp": {RESUME: True}}


def take(response: Mapping[str, Any]) -> tuple[Mapping[str, Any], float | None]:
    """What of a response is for the person, and for how many seconds it silences the bot.

    0 ends the silence, None is for a response that says nothing of it. A domain file may also say it under
    ``custom``.
    """
    custom = for_whatsapp(response.get("custom"))
    if len(custom) == 1 and (seconds := _seconds(custom)) is not None:
        return {**response, "custom": None}, seconds
    return response, _seconds(for_whatsapp(response.get("metadata")))


def _seconds(order: Mapping[Any, Any]) -> float | None:
    if order.get(RESUME) is True:
        return 0.0
    seconds = order.get(PAUSE)
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and seconds > 0:
        return float(seconds)
    return None
