"""Flow tokens: nobody can guess one, and each knows its conversation."""

from __future__ import annotations

import pytest

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
    """Who reads the store cannot use what is there."""
    shelf = Shelf()
    token = await FlowTokens(shelf).issue("5561999990001")
    [(key, (value, _))] = shelf.kept.items()
    assert token not in key
    assert token.encode() not in value


@pytest.mark.parametrize(("lifetime", "days"), [(60.0, 30), (90 * 86400.0, 90)])
async def test_a_token_that_is_no_longer_valid_is_still_known(lifetime: float, days: int) -> None:
    """For 30 days, so that whoever opens an old form can be told so in their language."""
    shelf, now = Shelf(), [1000.0]
    tokens = FlowTokens(shelf, lifetime, clock=lambda: now[0])
    token = await tokens.issue("5561999990001", "sign_up")
    [(_, ttl)] = shelf.kept.values()
    assert ttl == days * 86400
    now[0] += lifetime - 1
    assert (
        await tokens.verify(token)
        == await tokens.find(token)
        == FlowToken(conversation="5561999990001", flow="sign_up")
    )
    now[0] += 1
    assert await tokens.verify(token) is None
    assert await tokens.find(token) == FlowToken(conversation="5561999990001", flow="sign_up", expired=True)


async def test_a_record_that_tells_no_end_is_valid_while_it_is_there() -> None:
    """As the shelf had them before, which ended with the token."""
    shelf = Shelf()
    token = await FlowTokens(shelf).issue("5561999990001")
    [key] = shelf.kept
    shelf.kept[key] = (b'{"conversation":"1","flow":"sign_up"}', 60)
    assert await FlowTokens(shelf).verify(token) == FlowToken(conversation="1", flow="sign_up")


def test_a_token_does_not_show_the_conversation() -> None:
    """It may be a phone number."""
    assert "5561999990001" not in repr(FlowToken(conversation="5561999990001", flow="sign_up"))
