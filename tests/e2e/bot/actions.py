"""The show bot's custom actions: the kinds of answer that the club bot has no use for."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ReminderScheduled
from rasa_sdk.executor import CollectingDispatcher

MEDIA = os.environ["MEDIA_URL"]
GATE = os.environ["GATE_URL"]
PICTURE = f"{MEDIA}/mapa.png"
FILE = f"{MEDIA}/reglamento.pdf"
LONG = "x" * 300
"""Longer than the id of a button or a row may be."""


def options(count: int) -> dict[str, Any]:
    """A response with so many buttons."""
    return {"text": f"One of {count}?", "buttons": [option(str(n)) for n in range(1, count + 1)]}


def option(name: str, title: str = "") -> dict[str, str]:
    return {"title": title or f"Option {name}", "payload": f'/choose{{"option": "{name}"}}'}


def card(name: str) -> dict[str, Any]:
    return {"title": f"Card {name}", "subtitle": "A court", "image_url": PICTURE, "buttons": [option(name)]}


SHOWS: dict[str, list[dict[str, Any]]] = {
    "picture with words": [{"text": "The map", "image": PICTURE}],
    "picture with buttons": [{"text": "Which?", "image": PICTURE, "buttons": [option("a"), option("b")]}],
    "cards": [{"text": "Our courts", "elements": [card("north"), card("south")]}],
    "attachments": [
        {"attachment": {"type": "audio", "payload": {"src": f"{MEDIA}/hymn.mp3"}}},
        {"attachment": {"type": "video", "payload": {"src": f"{MEDIA}/tour.mp4", "title": "A tour"}}},
        {"attachment": {"type": "file", "payload": {"src": FILE}}},
    ],
    "link": [{"text": "Our page", "buttons": [{"title": "Open", "url": "https://club.example/"}]}],
    "long payload": [{"text": "Which?", "buttons": [option(LONG, "Long"), option("short", "Short")]}],
    "pages": [{"text": f"Page {n}"} for n in range(1, 11)],
}


def entity(tracker: Tracker, name: str) -> str:
    return str(next(tracker.get_latest_entity_values(name)))


class Say(Action):
    """Repeats what follows the word "say"."""

    def name(self) -> str:
        return "action_say"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=tracker.latest_message["text"].partition("say ")[2])
        return []


class Show(Action):
    """Answers with one of the shows, or with that many options."""

    def name(self) -> str:
        return "action_show"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        what = entity(tracker, "what")
        for response in [options(int(what))] if what.isdigit() else SHOWS[what]:
            dispatcher.utter_message(**response)
        return []


class Chosen(Action):
    """Names the option that was tapped."""

    def name(self) -> str:
        return "action_chosen"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=f"You chose {entity(tracker, 'option')}.")
        return []


class Wait(Action):
    """Takes as long as the test wants: until the gate is opened."""

    def name(self) -> str:
        return "action_wait"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        async with aiohttp.ClientSession() as session, session.get(GATE) as response:
            response.raise_for_status()
        dispatcher.utter_message(text="I have waited.")
        return []


class Remind(Action):
    """Sets a reminder that is due at once."""

    def name(self) -> str:
        return "action_remind"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="I will remind you.")
        due = datetime.now(timezone.utc) + timedelta(seconds=1)
        return [
            ReminderScheduled("EXTERNAL_due", due, entities={"task": "train"}, kill_on_user_message=False)
        ]


class Due(Action):
    """Reminds."""

    def name(self) -> str:
        return "action_due"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=f"It is time to {entity(tracker, 'task')}.")
        return []
