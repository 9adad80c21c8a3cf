"""A conversation as a test for pytest: what the person did, and what the bot must answer."""

from __future__ import annotations

import keyword
import mimetypes
from typing import Any

from rasa_whatsapp.files.types import ENDINGS
from rasa_whatsapp.simulator.ids import slug
from rasa_whatsapp.simulator.media.shelf import KINDS, bare
from rasa_whatsapp.simulator.state import Message, Person

_HEAD = '''"""A conversation in the local WhatsApp, to be had again with the bot that `rasa run` started."""

import pytest


@pytest.mark.whatsapp({options})
async def test_{name}(whatsapp) -> None:
    await whatsapp.connected()
    {name} = whatsapp.user({user}, name={full_name!r})
'''


def as_pytest(person: Person, messages: list[Message], *, port: int, webhook_url: str, provider: str) -> str:
    """The conversation as a module with one test, for the fixture ``whatsapp`` and pytest-asyncio.

    Files that the person sent must be put beside the test, under the names that stand in it. The words of
    the bot must come again as they were; loosen what changes from day to day. A Flow's answers stand as they
    were sent, with its old token; reactions are left out.
    """
    name = _identifier(person.name)
    user = repr(f"+{person.phone}") if person.phone else f"user_id={person.user_id!r}"
    quoted = {message.reply_to for message in messages if _is_quoting(message)}
    names = {message.id: f"message_{place}" for place, message in enumerate(messages, 1)}
    options = f"port={port}, webhook_url={webhook_url!r}"
    options += f", provider={provider!r}" if provider != "cloud" else ""
    head = _HEAD.format(options=options, name=name, user=user, full_name=person.name)
    lines = []
    for message in messages:
        before = names.get(message.reply_to or "", "")
        step = _expects(message) if message.from_bot else _does(message, before)
        kept = f"{names[message.id]} = " if message.id in quoted else ""
        lines.append(f"    {kept}await {name}.{step}\n")
    return head + "".join(lines)


def _is_quoting(message: Message) -> bool:
    """Whether a person answered by quoting; a tap finds the message that it belongs to by itself."""
    return not message.from_bot and message.type == "text" and message.reply_to is not None


def _expects(message: Message) -> str:
    titles = [offer.title for offer in message.offers]
    kind = str((message.content.get("interactive") or {}).get("type") or message.type)
    wanted = [repr(message.text)] if message.text else []
    if kind == "list":
        wanted.append(f"list_with={titles!r}")
    elif kind == "button":
        wanted.append(f"buttons={titles!r}")
    elif kind != "text":
        wanted.append(f"type={kind!r}")
    return f"expects({', '.join(wanted)})"


def _does(message: Message, quoted: str) -> str:
    """What the person did; a message of an unusual form, which a test may have sent, goes as it is."""
    try:
        step = _typed(message, quoted)
    except (AttributeError, KeyError, TypeError):
        step = None
    return step or f"sends({message.content!r})"


def _typed(message: Message, quoted: str) -> str | None:
    """The step for a message of this type; None where there is none."""
    inside: Any = message.content.get(message.type)
    if message.type == "text":
        quote = f", reply_to={quoted}" if quoted else ""
        return f"says({inside['body']!r}{quote})"
    if message.type == "interactive" and inside.get("type") in ("button_reply", "list_reply"):
        return f"taps({inside[inside['type']]['title']!r})"
    if message.type == "button":
        return f"taps({(inside.get('text') or inside['payload'])!r})"
    if message.type == "location":
        named = "".join(f", {key}={inside[key]!r}" for key in ("name", "address") if inside.get(key))
        return f"sends_location({inside['latitude']!r}, {inside['longitude']!r}{named})"
    if message.type in KINDS:
        more = f", caption={inside['caption']!r}" if inside.get("caption") else ""
        more += ", voice=True" if inside.get("voice") else ""
        return f"sends_{message.type}({_file_name(message.type, inside)!r}{more})"
    return None


def _file_name(kind: str, inside: dict[str, Any]) -> str:
    mime = bare(str(inside.get("mime_type", "")))
    ending = ENDINGS.get(mime) or mimetypes.guess_extension(mime) or ""
    return str(inside.get("filename") or f"{kind}{ending}")


def _identifier(name: str) -> str:
    word = slug(name)
    return word if word.isidentifier() and not keyword.iskeyword(word) and word != "whatsapp" else "user"
