"""Raw Cloud API bodies: under ``custom``, as a domain file spells them out, or in the metadata.

``actions.reply`` puts them into ``metadata: {whatsapp: {messages: [...]}}``, which others leave alone:
many of them show a ``custom`` that is not their own as JSON, or fail at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Message, from_json
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.values import for_whatsapp, items_of
from rasa_whatsapp.wire import sound

MESSAGES = "messages"
"""Under this key of ``metadata.whatsapp`` stand the messages that are sent instead of the response."""

Bodies = Sequence[tuple[str, object]]
"""What is to be a message, each with the place where it stands."""


def read_custom(custom: object) -> list[Message]:
    """Return the messages of a custom response: one Cloud API body, or a list of them.

    Where something stands for each of several channels under the channel's name, what is under ``whatsapp``
    counts.

    Raises:
        MessageError: a body is not of the Cloud API, or WhatsApp is known to reject it.
    """
    return [_read_body(body, place) for place, body in bodies_of(custom)]


def bodies_for_whatsapp(response: Mapping[str, Any]) -> Bodies | None:
    """What is made for this channel alone, so that the rest of the response is for the others; else None."""
    alone = for_whatsapp(response.get("metadata"))
    if MESSAGES in alone:
        return _placed(alone[MESSAGES], f"metadata.whatsapp.{MESSAGES}")
    custom = response.get("custom")
    return bodies_of(custom) if _names_whatsapp(custom) else None


def bodies_of(custom: object) -> Bodies:
    """What stands under ``custom``."""
    if isinstance(custom, Mapping) and _names_whatsapp(custom):
        return _placed(custom["whatsapp"], "custom.whatsapp")
    return _placed(custom, "custom")


def send_bodies(bodies: Bodies, draft: Draft) -> None:
    """Send them; those that cannot be sent are problems."""
    for place, body in bodies:
        try:
            draft.send(_read_body(body, place))
        except MessageError as error:
            draft.problems.append(f"not sent: {error}")


def _names_whatsapp(custom: object) -> bool:
    return isinstance(custom, Mapping) and "whatsapp" in custom


def _placed(given: object, place: str) -> Bodies:
    if isinstance(given, (list, tuple)):
        return [(f"{place}[{index}]", body) for index, body in enumerate(given)]
    return [(place, body) for body in items_of(given) if body]


def _read_body(body: object, place: str) -> Message:
    if not isinstance(body, Mapping):
        raise MessageError(place, f"must be a Cloud API body, a mapping; is {type(body).__name__}.")
    try:
        return from_json(sound(dict(body)))
    except MessageError as error:
        raise MessageError(f"{place}.{error.field}", error.problem) from None
