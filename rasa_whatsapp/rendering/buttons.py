"""Rasa buttons and quick replies: what they offer, their labels, and the ids that WhatsApp sends back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.values import items_of, line_of, text_of

PAYLOAD_PREFIX = "payload:"
"""A tapped id that starts so is not the payload but stands for one in :attr:`Rendering.payloads`."""


@dataclass(frozen=True)
class Choice:
    """A button whose tap sends its payload back to Rasa."""

    title: str
    payload: str


@dataclass(frozen=True)
class Link:
    """A button that opens a page; WhatsApp tells nobody of the tap."""

    title: str
    url: str

    @property
    def tappable(self) -> bool:
        """Whether WhatsApp opens it from a button: http and https alone."""
        try:
            checks.url("url", self.url)
        except MessageError:
            return False
        return True

    @property
    def label(self) -> str:
        """Its title, or else the host that a tappable link leads to."""
        return self.title or re.split(r"[/?#]", self.url)[2]

    def line(self) -> str:
        """The link as a line of text."""
        return f"{self.title}: {self.url}" if self.title else self.url


@dataclass(frozen=True)
class ButtonSet:
    """The buttons of one message, in order."""

    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any button."""
        return bool(self.choices or self.links)


def read_buttons(value: object, place: str, draft: Draft) -> ButtonSet:
    """Read Rasa buttons, quick replies, or the generic Facebook form (``type: postback`` or ``web_url``).

    A button without payload sends its title, a button without title shows its payload. One with a ``url``
    is a link; when it has a payload too and is no ``web_url``, it is both.
    """
    choices: list[Choice] = []
    links: list[Link] = []
    for index, item in enumerate(items_of(value)):
        button = item if isinstance(item, Mapping) else {"title": item}
        title, payload = line_of(button.get("title")), button.get("payload")
        url = text_of(button.get("url")).strip()
        if url:
            links.append(Link(title, url))
        if url and (not payload or button.get("type") == "web_url"):
            continue
        if payload is None:
            payload = title
        payload = text_of(payload)
        if title or payload.strip():
            choices.append(Choice(title or line_of(payload), payload))
        elif item is not None:
            draft.problems.append(f"{place}[{index}]: a button needs a title or a payload")
    return ButtonSet(_told_apart(choices, place, draft), tuple(links))


def _told_apart(choices: Sequence[Choice], place: str, draft: Draft) -> tuple[Choice, ...]:
    titles = distinct([choice.title for choice in choices])
    for index, (choice, title) in enumerate(zip(choices, titles, strict=True)):
        if title != choice.title:
            draft.cuts.append(f"{place}[{index}].title: the same as another one, numbered to tell them apart")
    return tuple(Choice(title, choice.payload) for choice, title in zip(choices, titles, strict=True))


def distinct(titles: Sequence[str], limit: int | None = None) -> list[str]:
    """Return the titles cut to ``limit`` with equal ones told apart: ``Yes``, ``Yes (2)``."""
    shown: dict[str, None] = {}  # a set that keeps the order
    for title in titles:
        label, copy = title if limit is None else limits.cut(title, limit), 1
        while label in shown:
            copy += 1
            suffix = f" ({copy})"
            stem = title if limit is None else limits.cut(title, limit - len(suffix))
            label = stem + suffix
        shown[label] = None
    return list(shown)


def reply_ids(choices: Sequence[Choice], limit: int, draft: Draft) -> list[str]:
    """Return one id per choice, all different, and keep the payloads that cannot be ids themselves.

    Source: Meta, Cloud API: ids are unique in a message, not empty, without space at their ends, and at most
    256 characters on reply buttons and 200 on list rows.
    """
    ids: dict[str, None] = {}
    for choice in choices:
        payload, copy = choice.payload, 1
        reply_id = payload if _may_be_id(payload, limit) else _short_id(payload, copy, draft)
        while reply_id in ids:
            copy += 1
            reply_id = _short_id(payload, copy, draft)
        if reply_id != payload:
            draft.payloads[reply_id] = payload
        ids[reply_id] = None
    return list(ids)


def _may_be_id(payload: str, limit: int) -> bool:
    return (
        bool(payload)
        and payload == payload.strip()
        and limits.length(payload) <= limit
        and not payload.startswith(PAYLOAD_PREFIX)
    )


def _short_id(payload: str, copy: int, draft: Draft) -> str:
    digest = hashlib.blake2b(f"{copy}:{draft.conversation}\0{payload}".encode(), digest_size=16)
    return PAYLOAD_PREFIX + digest.hexdigest()
