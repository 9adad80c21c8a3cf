"""A person takes over from the bot, and gives back: what an action says of it, as a custom response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PAUSE = "pause"
RESUME = "resume"


def pausing(seconds: float) -> dict[str, Any]:
    """The custom response after which the bot is silent in its conversation."""
    return {"whatsapp": {PAUSE: seconds}}


def resuming() -> dict[str, Any]:
    """The custom response after which it answers again."""
    return {"whatsapp": {RESUME: True}}


def read(custom: object) -> float | None:
    """For how many seconds a custom response silences the bot, 0 to end that; None where it is about more."""
    order = custom.get("whatsapp") if isinstance(custom, Mapping) else None
    if not isinstance(order, Mapping) or len(order) != 1:
        return None
    if order.get(RESUME) is True:
        return 0.0
    seconds = order.get(PAUSE)
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and seconds > 0:
        return float(seconds)
    return None
