"""Webhook bodies with a few things in them that nobody expects."""

from __future__ import annotations

import copy
import random
from typing import Any

ODD: list[Any] = [
    None, True, False, 0, -1, 2**63, -(2**63) - 1, 2**64, 10**400, 0.5, -0.0, 1e308, float("inf"),
    float("nan"), "", "\x00", "\ud83d", "\ude00\ud83d", "😀", "ç" * 5000, "9" * 40, "rw:", {}, [], [[]], [{}],
    {"": ""}, {"\ud83d": "\udc00"}, {"id": {"id": []}}, ["\ud83d", 10**30],
]  # fmt: skip


def nested(depth: int) -> Any:
    """Lists and objects in turn, as deep as asked for."""
    inside: Any = "deep"
    for level in range(depth):
        inside = [inside] if level % 2 else {"entry": inside}
    return inside


def mutated(body: Any, chance: random.Random, pieces: list[Any]) -> Any:
    """Changes a few places anywhere in the body."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        holder, key = chance.choice(list(places(body)))
        action = chance.randrange(6)
        if action == 0:
            del holder[key]
        elif action == 1:
            holder[key] = copy.deepcopy(chance.choice(pieces))
        elif action == 2 and isinstance(holder, dict):
            holder[chance.choice(("type", "from", "id", "errors", "text", "context"))] = holder.pop(key)
        elif action == 3:
            holder[key] = [holder[key]]
        elif action == 4:
            holder[key] = nested(chance.choice((3, 70, 200)))
        else:
            holder[key] = copy.deepcopy(chance.choice(ODD))
        if not body:
            break
    return body


def places(value: Any) -> Any:
    """Every place in the body, as its holder and the key in it."""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from places(inner)
