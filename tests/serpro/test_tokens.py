"""The token: asked for once, renewed in time, and never the reason for a lost answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from fake_serpro import CLIENT, PERSON, SECRET, calling, serpro

from rasa_whatsapp import errors
from rasa_whatsapp.messages import Text
from rasa_whatsapp.serpro import SerproClient
from rasa_whatsapp.serpro.tokens import Tokens
from rasa_whatsapp.transport import Transport

HELLO = Text("Olá")


class Shelf:
    """A store's shelf in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.broken = False

    async def get(self, key: str) -> bytes | None:
        if self.broken:
            raise errors.StoreError("down")
        return self.kept.get(key)

    async def set(self, key: str, value: bytes, ttl: float) -> None:
        if self.broken:
            raise errors.StoreError("down")
        assert 0 < ttl <= 600
        self.kept[key] = value


async def test_one_token_serves_many_messages() -> None:
    """The form holds id and secret and nothing else, and goes out once, however many send at once."""
    async with calling() as (serpro, client):
        await asyncio.gather(*(client.send(HELLO, PERSON) for _ in range(10)))
        assert serpro.token_requests == [{"client_id": CLIENT, "client_secret": SECRET}]
        assert len(serpro.posts) == 10


async def test_a_token_that_expires_in_mid_conversation() -> None:
    """The refused message goes out once more with a new token, and the user gets every answer once."""
    async with calling() as (serpro, client):
        await client.send(Text("um"), PERSON)
        serpro.expire()
        await asyncio.gather(*(client.send(Text(word), PERSON) for word in ("dois", "três", "quatro")))
        assert sorted(body["body"] for _, body in serpro.posts) == ["dois", "quatro", "três", "um"]
        assert len(serpro.token_requests) == 2


async def test_refused_twice_is_a_token_error() -> None:
    """A second 401 with a fresh token names the credentials, and it is not tried again."""
    async with calling() as (serpro, client):
        for _ in range(2):
            serpro.answers["texto"].append(web.Response(status=401, text="não autorizado"))
        with pytest.raises(errors.TokenError, match="client_secret") as caught:
            await client.send(HELLO, PERSON)
        assert caught.value.http_status == 401
        assert not caught.value.safe_to_resend
        assert serpro.posts == []
        assert len(serpro.calls) == 2


@pytest.mark.parametrize("status", [404, 429, 500, 502, 503])
async def test_the_token_endpoint_is_down(status: int) -> None:
    """Without a token nothing has left, so that the sender may try again; later it works."""
    async with calling() as (serpro, client):
        serpro.token_status = status
        with pytest.raises(errors.NotSent, match=str(status)):
            await client.send(HELLO, PERSON)
        serpro.token_status = 200
        assert (await client.send(HELLO, PERSON)).id


async def test_a_connection_that_breaks_is_no_reason_for_a_lost_answer() -> None:
    """A token is asked for once more; when that breaks too, the message has not been sent."""

    class Broken(web.Response):
        async def prepare(self, request: Any) -> Any:
            request.transport.abort()
            raise ConnectionResetError

    async with calling() as (serpro, client):
        serpro.answers["token"].append(Broken())
        assert (await client.send(HELLO, PERSON)).id
        serpro.expire()
        serpro.answers["token"] += [Broken(), Broken()]
        with pytest.raises(errors.NotSent, match="no token"):
            await client.send(HELLO, PERSON)
        assert (await client.send(HELLO, PERSON)).id
        assert len(serpro.posts) == 2


async def test_nobody_answers_at_the_token_endpoint() -> None:
    """A refused connection is not sent either."""
    async with serpro() as fake:
        url = fake.url
    async with SerproClient(CLIENT, SECRET, base_url=url) as client:
        with pytest.raises(errors.NotSent):
            await client.send(HELLO, PERSON)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_wrong_credentials(status: int) -> None:
    """The error names both keys and shows neither value, though Serpro repeats them."""
    async with calling() as (serpro, client):
        serpro.answers["token"].append(web.Response(status=status, text=f'{{"message": "bad {SECRET}"}}'))
        with pytest.raises(errors.TokenError, match="client_id") as caught:
            await client.send(HELLO, PERSON)
        assert SECRET not in str(caught.value) + repr(vars(caught.value)) + repr(client)
        assert "Serpro answered without an error code" in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    ["<html>", "", "[]", "{}", '{"access_token": 7}', '{"access_token": ""}', '{"access_token": "a b"}'],
)
async def test_a_200_without_a_token(answer: str) -> None:
    """A maintenance page with status 200 is no token."""
    async with calling() as (serpro, client):
        serpro.answers["token"].append(web.Response(text=answer, content_type="text/html"))
        with pytest.raises(errors.NotSent):
            await client.send(HELLO, PERSON)


@pytest.mark.parametrize(
    ("expires_in", "good_for"), [(600, 540), ("600", 540), (None, 540), ("soon", 540), (-1, 540), (30, 15)]
)
async def test_a_token_is_renewed_a_minute_before_its_end(expires_in: Any, good_for: float) -> None:
    """Ten minutes where Serpro does not say; a very short one for half of its life."""
    now = [1000.0]
    async with serpro() as fake:
        fake.expires_in = expires_in
        transport = Transport(fake.url, example="")
        tokens = Tokens(transport, CLIENT, SECRET, clock=lambda: now[0])
        first = await tokens.get()
        now[0] += good_for - 1
        assert await tokens.get() == first
        now[0] += 2
        assert await tokens.get() != first
        await transport.close()


async def test_processes_share_a_token() -> None:
    """A second process takes the token from the store; a refused one is replaced for both."""
    shelf = Shelf()
    async with (
        calling(shelf=shelf) as (serpro, first),
        SerproClient(CLIENT, SECRET, base_url=serpro.url, shelf=shelf) as second,
    ):
        await first.send(HELLO, PERSON)
        await second.send(HELLO, PERSON)
        assert len(serpro.token_requests) == 1
        serpro.expire()
        await first.send(HELLO, PERSON)
        await second.send(HELLO, PERSON)
        assert len(serpro.token_requests) == 2
        assert SECRET not in repr(shelf.kept)


async def test_a_store_that_fails_does_not_keep_messages_back() -> None:
    """Sharing is a convenience: without the store each process asks for its own token."""
    shelf = Shelf()
    shelf.broken = True
    async with calling(shelf=shelf) as (_, client):
        assert (await client.send(HELLO, PERSON)).id


@pytest.mark.parametrize(("client_id", "secret"), [("", "x"), ("x", ""), ("two words", "x"), ("x", "ção")])
def test_impossible_credentials(client_id: str, secret: str) -> None:
    """What no form can mean is a setting to repair, and is not shown."""
    with pytest.raises(errors.SettingsError, match="client_"):
        SerproClient(client_id, secret)
