"""A conversation as a Rasa story: what the person did as Rasa sees it, and what the bot said."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse
from rasa_whatsapp.intents import Understanding
from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.state import Message, Person
from rasa_whatsapp.simulator.webhook.envelope import envelope, message_value

_HINT = """\
A conversation in the local WhatsApp. What the bot said stands under "bot:"; put the action that said it,
"action: utter_…", in its place where you know it. Media ids are left out: they are new in every conversation.
"""
_PAYLOAD = re.compile(r"/(?P<intent>[^{@\s]+)(?:@[\d.]+)?(?P<entities>\{.*\})?\s*", re.DOTALL)
_PASSING = frozenset({"media_id", "message_id", "flow_token"})
"""Entities whose values are good for one conversation only."""


def as_story(account: Account, person: Person, messages: list[Message]) -> str:
    """The conversation as a file of one story, in the form of Rasa 3 (``version: "3.1"``).

    A payload becomes ``intent:`` with its entities, typed words ``user:``; intents have the channel's usual
    names, as without ``intents:`` in credentials.yml.
    """
    steps: list[dict[str, Any]] = []
    understanding = Understanding({})
    for message in messages:
        if message.from_bot:
            steps.append({"bot": message.text or f"[{message.type}]"})
        elif step := _step(understanding, account, person, message):
            steps.append(step)
    began = datetime.fromtimestamp(messages[0].at if messages else 0).strftime("%Y-%m-%d %H:%M")
    name = f"{person.name or person.key}, {began}"
    document = CommentedMap({"version": "3.1", "stories": [{"story": name, "steps": steps}]})
    document.yaml_set_start_comment(_HINT)
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 1_000_000  # type: ignore[assignment]  # a text stays on its line
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _step(
    understanding: Understanding, account: Account, person: Person, message: Message
) -> dict[str, Any] | None:
    """What Rasa is told of a person's message, as a step; None for what it is not told."""
    body = envelope(account, message_value(account, person, message))
    told = [understanding.text(event) for event in parse(body) if isinstance(event, events.Message)]
    text = told[0] if told else None
    if not text:
        return None
    payload = _PAYLOAD.fullmatch(text)
    if payload is None:
        return {"user": text}
    entities = _entities(payload["entities"])
    if entities is None:
        return {"user": text}
    return {"intent": payload["intent"]} | ({"entities": entities} if entities else {})


def _entities(text: str | None) -> list[dict[str, Any]] | None:
    """A list of them, as in Rasa one value each; None when the text is no JSON object."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return None
    return [
        {name: item}
        for name, value in found.items()
        if name not in _PASSING
        for item in (value if isinstance(value, list) else [value])
    ]
