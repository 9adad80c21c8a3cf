"""The settings that name functions of the bot's own project, and what happens when a person takes over."""

from collections.abc import Mapping
from typing import Any

import msgspec

from rasa_whatsapp.events import NOTIFICATIONS
from rasa_whatsapp.modules import is_reference
from rasa_whatsapp.settings import kinds
from rasa_whatsapp.settings.kinds import Kind, Wrong, nearest

EVENT_KINDS = (
    *NOTIFICATIONS, "echo", "out_of_band_error", "status", "history",
    "number_changed", "user_id_changed", "identity_changed",
)  # fmt: skip
"""The events that are no messages of a person."""


class EventHandler(msgspec.Struct, frozen=True, kw_only=True):
    """The function that hears of events which are no messages.

    Attributes:
        handler: ``module:function``; empty for none.
        kinds: which events it hears of, as ``rasa_whatsapp.events`` calls them in JSON.
    """

    handler: str = ""
    kinds: tuple[str, ...] = (*NOTIFICATIONS, "echo", "out_of_band_error")


def _function(value: Any) -> str:
    text: str = kinds.TEXT.read(value)
    if not is_reference(text):
        raise Wrong("is not the name of a function.", "Write module:function, such as my_bot.hooks:hear.")
    return text


def _event_handler(value: Any) -> EventHandler:
    if not isinstance(value, Mapping):
        return EventHandler(handler=_function(value))
    if set(value) - {"handler", "kinds"} or "handler" not in value:
        raise Wrong("is not a handler.", "Write module:function, or handler: and kinds: under it.")
    handler = _function(value["handler"])
    if value.get("kinds") is None:
        return EventHandler(handler=handler)
    given = value["kinds"]
    if not isinstance(given, (list, tuple)) or not given:
        raise Wrong("is not a list.", f"The kinds are: {', '.join(EVENT_KINDS)}.", below="kinds")
    for kind in given:
        if kind not in EVENT_KINDS:
            guess = nearest(kind, EVENT_KINDS) if isinstance(kind, str) else ""
            remedy = f"{guess}The kinds are: {', '.join(EVENT_KINDS)}."
            raise Wrong("has an unknown kind.", remedy, below="kinds")
    # The general kind stands for all of its own.
    heard = [each for kind in given for each in (NOTIFICATIONS if kind == NOTIFICATIONS[0] else [kind])]
    return EventHandler(handler=handler, kinds=tuple(dict.fromkeys(heard)))


def _handover(value: Any) -> float:
    if not isinstance(value, Mapping) or set(value) != {"pause"}:
        raise Wrong("is not a mapping with pause.", "Write pause: 30m under it.")
    try:
        seconds: float = kinds.duration().read(value["pause"])
    except Wrong as wrong:
        raise Wrong(wrong.problem, wrong.remedy, below="pause") from None
    return seconds


FUNCTION = Kind("module:function", _function)
EVENT_HANDLER = Kind("module:function, or a mapping", _event_handler, structured=True, empty=EventHandler())
HANDOVER = Kind("mapping with pause", _handover, structured=True, empty=0.0)
