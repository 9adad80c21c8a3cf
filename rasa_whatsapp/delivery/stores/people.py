"""Who is who: which conversation a person's names belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import structlog

from rasa_whatsapp.delivery.rows import Arrival

logger = structlog.get_logger()


class Known(NamedTuple):
    """What a store knows of one conversation, enough to choose between two."""

    conversation: str
    created: float


class Resolution(NamedTuple):
    """Where an arrival belongs, and which names to write down for it."""

    conversation: str
    created: float | None
    claimed: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Nobody known answered to any of the names."""
        return self.created is None


def resolve(arrival: Arrival, known: Mapping[str, Known], exists: Callable[[str], bool]) -> Resolution:
    """Finds the conversation of an arrival.

    A conversation's key never changes and two conversations are never merged: where the names lead to
    two, the newest wins and takes them all. A person we have not met gets the wanted key, or, where a
    stranger once held that phone number, the first free one after it.

    Args:
        arrival: what came.
        known: the conversations that already answer to an alias.
        exists: says whether a conversation has that key.
    """
    names = arrival.aliases
    held = [known.get(alias) for alias in names]
    if held and (one := held[0]) is not None and held.count(one) == len(held):
        return Resolution(one.conversation, one.created, ())  # as nearly always: somebody known
    found = {each for each in held if each is not None}
    if not found:
        key, number = arrival.wanted, 1
        while names and exists(key):
            number += 1
            key = f"{arrival.wanted}~{number}"
        return Resolution(key, None, names)
    newest = max(found, key=lambda conversation: conversation.created)
    if len(found) > 1:
        warn_of_ambiguity(len(found))
    claimed = tuple(alias for alias in names if known.get(alias) != newest)
    return Resolution(newest.conversation, newest.created, claimed)


def warn_of_ambiguity(conversations: int) -> None:
    """Writes to the log that one arrival's names led to several conversations."""
    logger.warning(
        "whatsapp.conversation.ambiguous",
        conversations=conversations,
        hint="A person's phone number and user id led to two conversations; the newest one goes on.",
    )
