"""Where small values are kept for a while, by whoever needs no more of the store than that."""

from __future__ import annotations

from typing import Protocol


class Shelf(Protocol):
    """A small key-value store; every store of ``rasa_whatsapp.delivery`` is one."""

    async def get(self, key: str) -> bytes | None:
        """The value, ``None`` when there is none or it has expired."""

    async def set(self, key: str, value: bytes, ttl: float, owner: str = "") -> None:
        """Keeps a value for ``ttl`` seconds; it is erased together with its owner, a conversation."""
