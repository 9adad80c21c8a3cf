"""Which conversations are those of a person who wants to be forgotten."""

from __future__ import annotations

from collections.abc import Collection


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
    return conversation.rpartition(":")[2].removeprefix("+") == name.partition(":")[2]
