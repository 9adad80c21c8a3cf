"""``custom``: raw Cloud API bodies, as ``actions.reply`` makes them or as a domain file spells them out."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Message, from_json
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.values import items_of
from rasa_whatsapp.wire import sound


def read_custom(custom: object) -> list[Message]:
    """Return the messages of a custom response: one Cloud API body, or a list of them.

    Where something stands for each of several channels under the channel's name, what is under ``whatsapp``
    counts.

    Raises:
        MessageError: a body is not of the Cloud API, or WhatsApp is known to reject it.
    """
    return [_read_body(body, place) for place, body in _bodies(custom)]


def is_for_whatsapp(custom: object) -> bool:
    """Whether a custom response is made for this channel: the rest of the response is for the others."""
    return isinstance(custom, Mapping) and "whatsapp" in custom


def send_custom(custom: object, draft: Draft) -> None:
    """Send the bodies of a custom response; those that cannot be sent are problems."""
    for place, body in _bodies(custom):
        try:
            draft.send(_read_body(body, place))
        except MessageError as error:
            draft.problems.append(f"not sent: {error}")


def _bodies(custom: object) -> list[tuple[str, object]]:
    place, inner = "custom", custom
    if isinstance(custom, Mapping) and is_for_whatsapp(custom):
        place, inner = "custom.whatsapp", custom["whatsapp"]
    if isinstance(inner, (list, tuple)):
        return [(f"{place}[{index}]", body) for index, body in enumerate(inner)]
    return [(place, body) for body in items_of(inner) if body]


def _read_body(body: object, place: str) -> Message:
    if not isinstance(body, Mapping):
        raise MessageError(place, f"must be a Cloud API body, a mapping; is {type(body).__name__}.")
    try:
        return from_json(sound(dict(body)))
    except MessageError as error:
        raise MessageError(f"{place}.{error.field}", error.problem) from None
