"""The way out that the environment names, and a token that nothing on the machine replaces."""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path

import pytest
from aiohttp import web
from graph_servers import ACCEPTED, NUMBER, PERSON, TOKEN, Handler, graph, wire

from rasa_whatsapp import errors
from rasa_whatsapp.cloud.client import CloudClient
from rasa_whatsapp.messages import Text


def noting(calls: list[web.Request]) -> Handler:
    """A handler that takes every message and writes the call down."""

    async def handler(request: web.Request) -> web.Response:
        calls.append(request)
        return web.json_response(ACCEPTED)

    return handler


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies of the machine that runs the tests do not count."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_a_proxy_named_by_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls leave by HTTP_PROXY, with its password and our token each where it belongs."""
    calls: list[web.Request] = []
    async with graph(noting(calls)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.replace("://", "://somebody:word@"))
        async with CloudClient(TOKEN, NUMBER, base_url="http://graph.example") as client:
            await client.send(Text("one"), PERSON)
            await client.send(Text("two"), PERSON)
    assert [call.host for call in calls] == ["graph.example"] * 2
    assert {call.headers["Authorization"] for call in calls} == {f"Bearer {TOKEN}"}
    assert {call.headers["Proxy-Authorization"] for call in calls} == {"Basic c29tZWJvZHk6d29yZA=="}


async def test_no_proxy_keeps_a_host_out_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host under NO_PROXY is called directly."""
    calls: list[web.Request] = []
    async with graph(noting(calls)) as url:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        async with CloudClient(TOKEN, NUMBER, base_url=url) as client:
            await client.send(Text("one"), PERSON)
    assert len(calls) == 1


async def test_a_netrc_of_the_machine_does_not_replace_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A password that somebody keeps in ~/.netrc for every host is never sent in the token's place."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password word\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    calls: list[web.Request] = []
    async with graph(noting(calls)) as url, CloudClient(TOKEN, NUMBER, base_url=url) as client:
        await client.send(Text("one"), PERSON)
    assert calls[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "HTTP_PROXY"])
@pytest.mark.parametrize(
    "proxy",
    [
        "http://somebody:se/cret@proxy.example:3128",
        "http://somebody:se#cret@proxy.example:3128",
        "http://proxy.example:secret",
        "secret.example:3128",
    ],
)
async def test_a_proxy_that_is_no_address_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str
) -> None:
    """Nothing is lost over it, and nothing of its password is shown."""
    monkeypatch.setenv(variable, proxy)
    base_url = f"{variable.partition('_')[0].lower()}://graph.example"
    async with CloudClient(TOKEN, NUMBER, base_url=base_url) as client:
        with pytest.raises(errors.NotSent, match=rf"{variable} is no address.*%2F") as sent:
            await client.send(Text("one"), PERSON)
        with pytest.raises(errors.NotSent, match=f"{variable} is no address") as read:
            await client.phone_number()
        with pytest.raises(errors.MediaError, match=f"{variable} is no address") as fetched:
            async with client.fetched(f"{base_url}/map.png"):
                pass
    for caught in (sent, read, fetched):
        shown = "".join(traceback.format_exception(caught.type, caught.value, caught.tb, chain=True))
        assert "cret" not in shown


async def test_a_host_with_a_slip_loses_nothing() -> None:
    """Python cannot even ask for its address."""
    async with CloudClient(TOKEN, NUMBER, base_url="https://graph..facebook.com") as client:
        with pytest.raises(errors.NotSent, match="base_url"):
            await client.send(Text("one"), PERSON)
        with pytest.raises(errors.NotSent, match="base_url"):
            await client.phone_number()


@pytest.mark.parametrize(
    ("status", "says"),
    [(407, "wants a user and a password"), (403, "does not open the way")],
)
async def test_a_proxy_that_does_not_open_the_way_is_told_by_its_status(
    monkeypatch: pytest.MonkeyPatch, status: int, says: str
) -> None:
    """Nothing has reached WhatsApp then, with a body or without one."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status)
        await writer.drain()
        writer.close()

    async with wire(refuse) as proxy, CloudClient(TOKEN, NUMBER) as client:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        for call in (client.phone_number, lambda: client.send(Text("one"), PERSON)):
            with pytest.raises(errors.NotSent, match=rf"{says}.*HTTP {status}"):
                await call()
