"""Which conversations are those of a person who wants to be forgotten."""

from __future__ import annotations

from collections.abc import Collection

REPORT = "event:"
"""How the conversation of an event begins that nobody has caused."""


def answers_to(alias: str, name: str) -> bool:
    """Whether the alias is that name, with whichever of our numbers."""
    return alias == name or alias.endswith(f":{name}")


def owns(owner: str, names: Collection[str], conversations: Collection[str]) -> bool:
    """Whether a value with that owner goes together with the person of those names and conversations."""
    return owner in conversations or any(answers_to(name, owner) for name in names if owner)


def called(conversation: str, name: str) -> bool:
    """Whether the conversation was begun by us, under that person's number or user id.

    Only where nobody answers to it: else a person who has the number now could be taken for one who had it.
    """
    return _last(conversation).removeprefix("+") == _last(name)


def tells_of(conversation: str, names: Collection[str]) -> bool:
    """Whether it is that of a report about the person, which is kept by itself under one of their names."""
    return conversation.startswith(REPORT) and _last(conversation) in map(_last, names)


def _last(name: str) -> str:
    return name.rpartition(":")[2]
