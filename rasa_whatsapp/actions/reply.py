"""Typed messages as answers in the turn."""

from __future__ import annotations

from typing import Any, Protocol

from rasa_whatsapp.actions.plain import plain
from rasa_whatsapp.messages import Message
from rasa_whatsapp.messages.checks import parts
from rasa_whatsapp.rendering import render
from rasa_whatsapp.rendering.custom import MESSAGES


class Dispatcher(Protocol):
    """rasa_sdk's ``CollectingDispatcher``, or anything else that takes responses as it does."""

    def utter_message(
        self, text: str | None = None, image: str | None = None, json_message: Any = None, **kwargs: Any
    ) -> None:
        """Takes one response."""


def reply(dispatcher: Dispatcher, *messages: Message) -> None:
    """Answers the person with these messages, in order; they leave when the action has returned.

    What Rasa itself can say (text, a captioned picture, up to ten choices) goes as an ordinary response, so
    that every channel shows it. Everything else goes whole in the metadata for WhatsApp, beside the nearest
    ordinary response, which all other channels show in its place: an action also works in ``rasa shell``.

    Args:
        dispatcher: as Rasa gives it to the action.
        messages: of ``rasa_whatsapp.messages``.

    Raises:
        MessageError: one of them is something else, such as a plain text or a list.
    """
    for message in parts("messages", messages, Message, None, least=0):
        dispatcher.utter_message(**_response(message))


def _response(message: Message) -> dict[str, Any]:
    response = plain(message)
    if render(response).messages == (message,):
        return response
    looks = response.get("metadata", {}).get("whatsapp", {})
    return {**response, "metadata": {"whatsapp": {**looks, MESSAGES: [message.to_json()]}}}
