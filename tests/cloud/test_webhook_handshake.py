"""Meta asks once whether the webhook is ours; only who knows the token gets the challenge back."""

from __future__ import annotations

import pytest

from rasa_whatsapp.cloud.webhook import handshake

TOKEN = "senha-ção 😀"


def query(**changed: str | None) -> dict[str, str]:
    asked = {"mode": "subscribe", "verify_token": TOKEN, "challenge": "1158201444", **changed}
    return {f"hub.{name}": value for name, value in asked.items() if value is not None}


@pytest.mark.parametrize("challenge", ["1158201444", "<b>&amp;", "  x ", "ção😀", "0" * 1000])
def test_the_challenge_comes_back_letter_by_letter(challenge: str) -> None:
    """It is not JSON, not a number, not trimmed."""
    assert handshake(query(challenge=challenge), [TOKEN]) == challenge


@pytest.mark.parametrize(
    "changed",
    [
        {"mode": None},
        {"mode": ""},
        {"mode": "unsubscribe"},
        {"mode": "SUBSCRIBE"},
        {"verify_token": None},
        {"verify_token": ""},
        {"verify_token": "senha"},
        {"verify_token": TOKEN + " "},
        {"verify_token": "\udcff"},
    ],
)
def test_anything_else_is_refused(changed: dict[str, str | None]) -> None:
    """A missing mode, another mode, a missing or wrong token."""
    assert handshake(query(**changed), [TOKEN]) is None
    assert handshake({}, [TOKEN]) is None


@pytest.mark.parametrize("tokens", [[], [""], "", ("", "")])
def test_an_empty_token_never_matches(tokens: list[str]) -> None:
    """Or a webhook without a token would be everybody's."""
    assert handshake(query(verify_token=""), tokens) is None
    assert handshake(query(verify_token=None), tokens) is None


def test_one_of_several_tokens_suffices() -> None:
    """Several numbers on one route have one each; a single one may be given as it is."""
    assert handshake(query(), ["other", TOKEN, ""]) == "1158201444"
    assert handshake(query(), TOKEN) == "1158201444"
    assert handshake(query(verify_token=TOKEN[0]), TOKEN) is None
