"""The bot falls silent while a person writes with somebody, and answers again."""

from __future__ import annotations

import math

from rasa_whatsapp import handover
from rasa_whatsapp.actions.reply import Dispatcher


def pause(dispatcher: Dispatcher, seconds: float = 30 * 60) -> None:
    """Keeps the bot out of this conversation for a while, so that a colleague can answer.

    What the person writes meanwhile is not passed to Rasa, nor kept for later. Other channels take no notice.

    Args:
        dispatcher: as Rasa gives it to the action.
        seconds: for how long, from when the response arrives; `resume` ends it earlier.

    Raises:
        ValueError: ``seconds`` is no number of seconds above 0.
    """
    if isinstance(seconds, str) or not 0 < seconds < math.inf:
        raise ValueError(f"seconds: must be a number of seconds above 0, is {seconds!r}.")
    dispatcher.utter_message(metadata=handover.pausing(seconds))


def resume(dispatcher: Dispatcher) -> None:
    """Lets the bot answer again in this conversation.

    While it is silent no message makes it run an action: let another system trigger the intent that leads
    to this one, with ``POST /conversations/{sender id}/trigger_intent?output_channel=whatsapp``.
    """
    dispatcher.utter_message(metadata=handover.resuming())
