"""Serpro's bad moments: the person gets every answer, or the operator a line that says what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from serving import Bot, WhatsApp, local_whatsapp, serving, text, webhook
from structlog.testing import capture_logs

TOKEN = "/oauth2/token"


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsApp]:
    async with local_whatsapp("serpro") as local:
        yield local


async def answers(whatsapp: WhatsApp, count: int = 1) -> list[str]:
    """Says ``um``, ``dois`` … and returns what came back."""
    bot = Bot()
    async with serving(bot, whatsapp, read_receipts=False) as server:
        for number in range(1, count + 1):
            await server.deliver(webhook(text(f"{number}", f"wamid.{number}")))
        posts = await whatsapp.until(posts=count, seconds=20)
    return [post["text"]["body"] for post in posts]


async def test_a_token_that_expires_in_mid_conversation(whatsapp: WhatsApp) -> None:
    """Serpro says 401, a new token is fetched, and the answer arrives."""
    async with serving(Bot(), whatsapp, read_receipts=False) as server:
        await server.deliver(webhook(text("um", "wamid.1")))
        await whatsapp.until(posts=1)
        whatsapp.simulator.clock.advance(seconds=601)
        await server.deliver(webhook(text("dois", "wamid.2")))
        posts = await whatsapp.until(posts=2)
    assert [post["text"]["body"] for post in posts] == ["echo: um", "echo: dois"]
    assert len([call for call in whatsapp.simulator.calls if call.path == TOKEN]) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        {"http": 503, "body": "<html>Manutenção</html>"},
        {"http": 200, "body": "<html>Manutenção</html>"},
        {"cut": True},
    ],
    ids=["503", "no JSON", "cut"],
)
async def test_the_token_endpoint_is_down(whatsapp: WhatsApp, trouble: dict[str, Any]) -> None:
    """Nothing has been sent without a token, so that it is safe to try again."""
    whatsapp.simulator.fail_next(path=TOKEN, times=2, **trouble)
    assert await answers(whatsapp, 2) == ["echo: 1", "echo: 2"]


@pytest.mark.parametrize("status", [201, 202])
async def test_other_ways_to_say_yes(whatsapp: WhatsApp, status: int) -> None:
    """Any 2xx means that Serpro has taken the message, once."""
    whatsapp.simulator.fail_next(http=status, accepted=True, times=2)
    assert await answers(whatsapp, 2) == ["echo: 1", "echo: 2"]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"http": 401, "body": "<html>401</html>", "times": 2}, ("client_id", "client_secret")),
        ({"http": 400, "body": "<html>Requisição inválida</html>"}, ("Requisição inválida",)),
        ({"http": 500, "body": ""}, ("500",)),
    ],
    ids=["401 twice", "400 without JSON", "500 without a body"],
)
async def test_what_cannot_be_mended_is_told(
    whatsapp: WhatsApp, trouble: dict[str, Any], words: tuple[str, ...]
) -> None:
    """A line names what is wrong; the next message gets its answer."""
    whatsapp.simulator.fail_next(**trouble)
    with capture_logs() as logs:
        async with serving(Bot(), whatsapp, read_receipts=False) as server:
            await server.deliver(webhook(text("um", "wamid.1"), text("dois", "wamid.2")))
            posts = await whatsapp.until(posts=1, seconds=30)
    assert [post["text"]["body"] for post in posts] == ["echo: dois"]
    told = [str(log) for log in logs if log["log_level"] in ("warning", "error")]
    assert any(all(word in line for word in words) for line in told), told
