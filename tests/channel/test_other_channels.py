"""What actions say to WhatsApp alone, on the other channels of the same bot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.actions.action import create_bot_utterance
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel
from rasa_sdk.executor import CollectingDispatcher

from rasa_whatsapp import actions
from rasa_whatsapp.messages import Location, Reaction

CLUB = Location(-34.45, -58.88, name="The club")


class Plain(OutputChannel):  # type: ignore[misc]
    """A channel of somebody's own, which can send texts: the rest is Rasa's base class."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        self.said.append(text)


class Particular(Plain):
    """One that takes no custom message but its service's own, as Rasa's for Socket.IO, Twilio and Slack."""

    async def send_custom_json(self, recipient_id: str, json_message: Any, **kwargs: Any) -> None:
        raise TypeError(f"unexpected: {json_message}")


def uttered(act: Callable[[CollectingDispatcher], None]) -> list[dict[str, Any]]:
    """The responses of an action, as Rasa hands them to a channel."""
    dispatcher = CollectingDispatcher()
    act(dispatcher)
    return [
        create_bot_utterance({key: each for key, each in response.items() if each}).message()
        for response in dispatcher.messages
    ]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda to: actions.reply(to, CLUB), ["The club"]),
        (lambda to: actions.reply(to, Reaction("wamid.1")), []),
        (actions.pause, []),
        (actions.resume, []),
    ],
    ids=["reply", "nothing to say", "pause", "resume"],
)
async def test_other_channels_show_the_words_and_nothing_else(
    act: Callable[[CollectingDispatcher], None], words: list[str]
) -> None:
    """No JSON for a person to read, and no turn that fails."""
    plain, particular, collecting = Plain(), Particular(), CollectingOutputChannel()
    for response in uttered(act):
        for channel in (plain, particular, collecting):
            await channel.send_response("ana", dict(response))
    assert plain.said == particular.said == words
    assert collecting.messages == [{"recipient_id": "ana", "text": each} for each in words]
