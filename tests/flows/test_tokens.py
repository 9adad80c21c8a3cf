"""Flow tokens: nobody can guess one, and each knows its conversation."""

from __future__ import annotations

from rasa_whatsapp.delivery.stores.memory import MemoryStore
from rasa_whatsapp.flows import FlowToken, FlowTokens


class Shelf:
    """A shelf that remembers what it was told."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, float]] = {}

    async def get(self, key: str) -> bytes | None:
        return self.kept[key][0] if key in self.kept else None

    async def set(self, key: str, value: bytes, ttl: float, owner: str = "") -> None:
        self.kept[key] = (value, ttl)


async def test_a_token_knows_its_conversation_and_its_flow() -> None:
    """Over a real store, which is such a shelf."""
    tokens = FlowTokens(MemoryStore())
    token = await tokens.issue("5561999990001", "sign_up")
    assert await tokens.verify(token) == FlowToken(conversation="5561999990001", flow="sign_up")


async def test_tokens_are_long_and_never_the_same() -> None:
    """24 random bytes each."""
    tokens = FlowTokens(Shelf())
    made = {await tokens.issue("a") for _ in range(500)}
    assert len(made) == 500
    assert min(map(len, made)) >= 32


async def test_other_tokens_are_unknown() -> None:
    """Empty, changed, odd or endless ones."""
    tokens = FlowTokens(Shelf())
    token = await tokens.issue("a")
    for other in ("", token[:-1], token + "x", "é", "\ud83d", "x" * 100_000):
        assert await tokens.verify(other) is None


async def test_the_shelf_never_sees_a_token() -> None:
    """Who reads the store cannot use what is there; it expires with the token."""
    shelf = Shelf()
    token = await FlowTokens(shelf, lifetime=60).issue("5561999990001")
    [(key, (value, ttl))] = shelf.kept.items()
    assert token not in key
    assert token.encode() not in value
    assert ttl == 60


def test_a_token_does_not_show_the_conversation() -> None:
    """It may be a phone number."""
    assert "5561999990001" not in repr(FlowToken(conversation="5561999990001", flow="sign_up"))
