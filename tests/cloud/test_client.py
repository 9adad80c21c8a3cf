"""The Cloud API client, against real servers on this machine."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from graph_servers import (
    ACCEPTED,
    NUMBER,
    PERSON,
    TOKEN,
    Flood,
    answering,
    calling,
    graph,
    nothing_left_open,
    wire,
)

from rasa_whatsapp import errors
from rasa_whatsapp.cloud.client import CloudClient, Sent
from rasa_whatsapp.messages import Text
from rasa_whatsapp.transport import pool

HELLO = Text("hello")


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """One whole request, by its Content-Length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    return head + await reader.readexactly(length)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for 127.0.0.1: the file to trust, and a server's TLS context."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "ca.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, private)
    return pem, context


# Sending


async def test_a_message_is_posted_and_accepted() -> None:
    """A message goes to the number's messages edge with the token, and the answer's ids come back."""
    seen: dict[str, Any] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(path=request.path, headers=dict(request.headers), body=await request.json())
        return web.json_response(ACCEPTED)

    async with calling(handler) as client:
        sent = await client.send(Text("olá 🎾"), PERSON, opaque="row-1")
    assert sent == Sent(id="wamid.A", wa_id="556190000001", user_id="BR.409", status="accepted")
    assert seen["path"] == f"/v26.0/{NUMBER}/messages"
    assert seen["headers"]["Authorization"] == f"Bearer {TOKEN}"
    assert seen["headers"]["Content-Type"] == "application/json"
    assert seen["headers"]["User-Agent"].startswith("rasa-whatsapp/")
    assert seen["body"]["messaging_product"] == "whatsapp"
    assert seen["body"]["text"]["body"] == "olá 🎾"


async def test_a_recipient_without_phone_is_fine() -> None:
    """Someone addressed by user id comes back without wa_id."""
    body = {"contacts": [{"input": "BR.409", "user_id": "BR.409"}], "messages": [{"id": "wamid.B"}]}
    async with calling(answering(json=body)) as client:
        assert await client.send(HELLO, "BR.409") == Sent(id="wamid.B", user_id="BR.409")


async def test_mark_read_can_show_typing_in_the_same_call() -> None:
    """The read receipt carries the typing indicator only when asked."""
    bodies: list[dict[str, Any]] = []

    async def handler(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        return web.json_response({"success": True})

    async with calling(handler) as client:
        await client.mark_read("wamid.IN")
        await client.mark_read("wamid.IN", typing=True)
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN"}
    assert bodies == [receipt, {**receipt, "typing_indicator": {"type": "text"}}]


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [(200, errors.SendTimeout, "The answer is longer than 8 MiB"), (400, errors.GraphError, "HTTP 400")],
)
async def test_an_endless_answer_is_not_read_to_its_end(
    status: int, error: type[Exception], says: str
) -> None:
    """A proxy gone mad must not fill the memory; what was accepted is unknown then."""
    flood = Flood(status)
    async with calling(flood) as client:
        with pytest.raises(error, match=says):
            await client.send(HELLO, PERSON)
        await asyncio.wait_for(flood.over.wait(), 10)
    assert flood.written < Flood.SIZE / 2


async def test_connections_are_reused() -> None:
    """One after another over one connection; side by side over no more than there are calls."""
    ports: list[int] = []

    async def handler(request: web.Request) -> web.Response:
        ports.append(request.transport.get_extra_info("peername")[1])  # type: ignore[union-attr]
        return web.json_response(ACCEPTED)

    async with calling(handler) as client:
        for _ in range(5):
            await client.send(HELLO, PERSON)
        assert len(set(ports)) == 1
        await asyncio.gather(*(client.send(HELLO, PERSON) for _ in range(20)))
        await asyncio.gather(*(client.send(HELLO, PERSON) for _ in range(20)))
    assert len(set(ports)) <= 20


async def test_doctor_can_ask_about_number_and_token() -> None:
    """The number's fields and the token's scopes are there for diagnosis."""

    async def handler(request: web.Request) -> web.Response:
        if request.path.endswith("/debug_token"):
            return web.json_response({"data": {"is_valid": request.query["input_token"] == TOKEN}})
        assert "verified_name" in request.query["fields"]
        return web.json_response({"id": NUMBER, "verified_name": "Club"})

    async with calling(handler) as client:
        assert (await client.phone_number())["verified_name"] == "Club"
        assert await client.debug_token() == {"is_valid": True}


# Errors that Meta tells


def error(code: int, **more: Any) -> dict[str, Any]:
    return {"error": {"message": f"(#{code}) Title", "code": code, "fbtrace_id": "A1", **more}}


async def test_a_refusal_is_typed_by_its_code() -> None:
    """The code decides, not the HTTP status, and details and trace are kept."""
    body = error(131047, error_data={"messaging_product": "whatsapp", "details": "More than 24 hours"})
    async with calling(answering(json=body, status=500)) as client:
        with pytest.raises(errors.WindowClosed) as caught:
            await client.send(HELLO, PERSON)
    assert (caught.value.details, caught.value.fbtrace_id) == ("More than 24 hours", "A1")


@pytest.mark.parametrize("value", ["30", "date"])
async def test_retry_after_is_understood(value: str) -> None:
    """Seconds and HTTP dates both become seconds."""
    if value == "date":
        value = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=31), usegmt=True)
    async with calling(answering(json=error(130429), status=429, headers={"Retry-After": value})) as client:
        with pytest.raises(errors.RateLimited) as caught:
            await client.send(HELLO, PERSON)
    assert caught.value.safe_to_resend
    assert caught.value.retry_after == pytest.approx(30, abs=2)


@pytest.mark.parametrize("value", ["soon", "nan", "inf", "", "Mon, 01 Jan 2001"])
async def test_a_senseless_retry_after_is_no_number(value: str) -> None:
    """A header that says nothing usable leaves the waiting time open, or at none."""
    async with calling(answering(json=error(130429), status=429, headers={"Retry-After": value})) as client:
        with pytest.raises(errors.RateLimited) as caught:
            await client.send(HELLO, PERSON)
    assert caught.value.retry_after in (None, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        b"[1, 2]",
        b'"no"',
        b'{"error": 7}',
        b'{"error": {"code": []}}',
        b"\xff\xfe",
    ],
)
async def test_an_outage_with_an_odd_body_is_service_unavailable(body: bytes) -> None:
    """HTML, nothing, or JSON of the wrong shape with a 5xx is an outage, not a crash."""
    async with calling(answering(body=body, status=502, content_type="text/html")) as client:
        with pytest.raises(errors.ServiceUnavailable) as caught:
            await client.send(HELLO, PERSON)
    assert caught.value.http_status == 502
    assert not caught.value.safe_to_resend


@pytest.mark.parametrize("body", [b"", b"ok", b"<html></html>", b"[]", b"{}", b'{"messages": [7]}'])
async def test_accepted_but_unreadable_is_unknown(body: bytes) -> None:
    """A 200 without a message id says neither yes nor no, so it must not be sent again."""
    async with calling(answering(body=body)) as client:
        with pytest.raises(errors.SendTimeout):
            await client.send(HELLO, PERSON)


async def test_a_redirected_post_is_not_followed() -> None:
    """An API call that is redirected is an error: neither body nor token go elsewhere."""
    seen: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.json_response(ACCEPTED)

    async with (
        graph(elsewhere) as foreign,
        calling(answering(status=302, headers={"Location": f"{foreign}/x"})) as client,
    ):
        with pytest.raises(errors.GraphError, match="base_url"):
            await client.send(HELLO, PERSON)
    assert seen == []


# Failing connections


async def test_nobody_listening_is_not_sent() -> None:
    """A refused connection leaves nothing behind, so sending again is safe."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with CloudClient(TOKEN, NUMBER, base_url=url) as client:
            with pytest.raises(errors.NotSent):
                await client.send(HELLO, PERSON)


async def test_an_unknown_host_is_not_sent() -> None:
    """A name that does not resolve leaves nothing behind."""
    async with CloudClient(TOKEN, NUMBER, base_url="http://graph.invalid") as client:
        with pytest.raises(errors.NotSent):
            await client.send(HELLO, PERSON)


async def test_a_server_that_takes_the_body_and_hangs_up_is_unknown() -> None:
    """The message may have been processed, and it is not posted a second time."""
    requests: list[bytes] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await read_request(reader))

    async with wire(behave) as url, CloudClient(TOKEN, NUMBER, base_url=url) as client:
        with pytest.raises(errors.SendTimeout):
            await client.send(HELLO, PERSON)
    assert len(requests) == 1


async def test_a_kept_connection_that_dies_is_not_posted_twice() -> None:
    """HTTP libraries repeat idempotent requests on a dropped kept connection; a message is not one."""
    requests: list[bytes] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await read_request(reader))
        body = b'{"messages":[{"id":"wamid.A"}]}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        requests.append(await read_request(reader))

    async with wire(behave) as url, CloudClient(TOKEN, NUMBER, base_url=url) as client:
        await client.send(HELLO, PERSON)
        with pytest.raises(errors.SendTimeout):
            await client.send(HELLO, PERSON)
    assert len(requests) == 2


async def test_an_answer_cut_short_is_unknown() -> None:
    """Half an answer is no answer."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"messages":[{"id":')
        await writer.drain()

    async with wire(behave) as url, CloudClient(TOKEN, NUMBER, base_url=url) as client:
        with pytest.raises(errors.SendTimeout):
            await client.send(HELLO, PERSON)


async def test_a_server_that_hangs_up_at_once_never_looks_like_success() -> None:
    """A connection closed before the body was read is a typed error, whichever side was faster."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with wire(behave) as url, CloudClient(TOKEN, NUMBER, base_url=url) as client:
        with pytest.raises((errors.NotSent, errors.SendTimeout)):
            await client.send(HELLO, PERSON)


async def test_a_slow_answer_is_unknown() -> None:
    """When the time is up after the body left, the message may still be accepted."""
    leave = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        await request.read()
        await leave.wait()
        return web.json_response(ACCEPTED)

    async with calling(handler, timeout=0.05) as client:
        with pytest.raises(errors.SendTimeout):
            await client.send(HELLO, PERSON)
        leave.set()


@asynccontextmanager
async def one_connection_taken() -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    """A Graph API, and a session whose only connection a message has until the end; that is sent then."""
    leave = asyncio.Event()
    arrived = asyncio.Event()

    async def handler(_: web.Request) -> web.Response:
        arrived.set()
        await leave.wait()
        return web.json_response(ACCEPTED)

    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session,
        graph(handler) as url,
    ):
        patient = CloudClient(TOKEN, NUMBER, base_url=url, session=session)
        first = asyncio.create_task(patient.send(HELLO, PERSON))
        await arrived.wait()
        yield url, session
        leave.set()
        assert (await first).id == "wamid.A"


async def test_waiting_for_the_pool_too_long_is_not_sent() -> None:
    """A message that never got a connection has not left."""
    async with one_connection_taken() as (url, session):
        hasty = CloudClient(TOKEN, NUMBER, base_url=url, session=session, timeout=0.05)
        with pytest.raises(errors.NotSent):
            await hasty.send(HELLO, PERSON)


async def test_a_call_without_a_body_that_got_no_connection_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody can have accepted it, so nobody says so."""
    async with one_connection_taken() as (url, session):
        client = CloudClient(TOKEN, NUMBER, base_url=url, session=session)
        monkeypatch.setattr(pool, "CONNECT_TIMEOUT", 0.05)
        with pytest.raises(errors.NotSent, match="took too long"):
            await client.phone_number()


async def test_a_call_without_a_body_that_nobody_answers_is_unknown() -> None:
    """It has left."""
    leave = asyncio.Event()

    async def handler(_: web.Request) -> web.Response:
        await leave.wait()
        return web.json_response({})

    async with calling(handler, timeout=0.05) as client:
        with pytest.raises(errors.SendTimeout):
            await client.phone_number()
        leave.set()


# Life and secrets


async def test_nothing_is_opened_before_the_first_call() -> None:
    """A client can be made before the server forks, outside any loop."""
    client = await asyncio.to_thread(CloudClient, TOKEN, NUMBER)
    await client.close()


async def test_closing_leaves_nothing_open() -> None:
    """After close no socket and no session is left behind, and a late call says that it was not sent."""
    with nothing_left_open():
        async with graph(answering(json=ACCEPTED)) as url:
            client = CloudClient(TOKEN, NUMBER, base_url=url)
            await client.send(HELLO, PERSON)
            await client.close()
            await client.close()
        with pytest.raises(errors.NotSent):
            await client.send(HELLO, PERSON)
        del client


async def test_a_tls_connection_is_closed_before_the_loop_ends(
    certificate: tuple[Path, ssl.SSLContext],
) -> None:
    """TLS needs its goodbye: a loop that ends right after close leaves no transport behind."""
    servers_ends: list[object] = []  # kept, so that only the client's end can be found unclosed

    async def handler(request: web.Request) -> web.Response:
        servers_ends.append(request.transport)
        return web.json_response(ACCEPTED)

    async def once(url: str) -> None:
        async with CloudClient(TOKEN, NUMBER, base_url=url, ca_bundle=str(certificate[0])) as client:
            assert (await client.send(HELLO, PERSON)).id == "wamid.A"

    async with graph(handler, certificate[1]) as url:
        with nothing_left_open():
            await asyncio.to_thread(lambda: asyncio.run(once(url)))


async def test_an_untrusted_certificate_is_not_sent_and_names_the_remedy(
    certificate: tuple[Path, ssl.SSLContext],
) -> None:
    """Behind a proxy that opens TLS, the error says which key to set."""
    async with graph(answering(json=ACCEPTED), certificate[1]) as url:
        client = CloudClient(TOKEN, NUMBER, base_url=url)
        with pytest.raises(errors.NotSent, match="ca_bundle"):
            await client.send(HELLO, PERSON)
        await client.close()


async def test_an_injected_session_stays_open() -> None:
    """Who brings the session closes it."""
    async with aiohttp.ClientSession() as session:
        async with calling(answering(json=ACCEPTED), session=session) as client:
            await client.send(HELLO, PERSON)
        assert not session.closed


async def test_a_token_that_meta_repeats_is_not_in_the_error() -> None:
    """Meta may repeat the token ("Malformed access token …") or the recipient: neither is kept."""
    body = error(190, message=f"Malformed access token {TOKEN}", error_data={"details": f"to {PERSON}"})
    async with calling(answering(json=body, status=401)) as client:
        with pytest.raises(errors.TokenError) as caught:
            await client.send(HELLO, PERSON)
        assert TOKEN not in repr(client) + repr(caught.value) + repr(vars(caught.value))
        assert PERSON[1:] not in repr(vars(caught.value))


async def test_a_failure_of_debug_token_does_not_show_it() -> None:
    """The one call with the token in its query keeps it out of the error and of its printed causes."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with wire(behave) as url, CloudClient(TOKEN, NUMBER, base_url=url) as client:
        with pytest.raises(errors.SendTimeout) as caught:
            await client.debug_token()
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("token", ["", " ", "two words", "EAAé", "a\nb"])
def test_an_impossible_token_is_refused_without_showing_it(token: str) -> None:
    """A token that no header can carry is a setting to repair, found before the first call."""
    with pytest.raises(errors.SettingsError) as caught:
        CloudClient(token, NUMBER)
    assert caught.value.key == "access_token"
    assert not token.strip() or token not in str(caught.value)


@pytest.mark.parametrize("url", ["", "graph.facebook.com", "ftp://graph.facebook.com", "http://"])
def test_an_impossible_base_url_is_refused(url: str) -> None:
    """A base URL must be an http(s) address."""
    with pytest.raises(errors.SettingsError, match="base_url"):
        CloudClient(TOKEN, NUMBER, base_url=url)


async def test_an_unreadable_ca_bundle_names_its_key(tmp_path: Path) -> None:
    """A CA file that is not there is a setting to repair."""
    async with CloudClient(TOKEN, NUMBER, ca_bundle=str(tmp_path / "none.pem")) as client:
        with pytest.raises(errors.SettingsError, match="ca_bundle"):
            await client.send(HELLO, PERSON)
