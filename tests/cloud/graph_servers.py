"""Small servers in Meta's place, on free ports of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from rasa_whatsapp.cloud.client import CloudClient

TOKEN = "EAAG-secret-token"
NUMBER = "106540352242922"
PERSON = "+5561900000001"
ACCEPTED = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": PERSON, "wa_id": "556190000001", "user_id": "BR.409"}],
    "messages": [{"id": "wamid.A", "message_status": "accepted"}],
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@contextlib.asynccontextmanager
async def graph(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A Graph API that answers every call with ``handler``."""

    async def serve(request: web.Request) -> web.StreamResponse:
        return await handler(request)

    app = web.Application(client_max_size=200 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def wire(
    behave: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server below HTTP, for what no web framework would do."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behave(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@contextlib.asynccontextmanager
async def calling(handler: Handler, **options: Any) -> AsyncIterator[CloudClient]:
    """A client of a Graph API that answers with ``handler``."""
    async with graph(handler) as url, CloudClient(TOKEN, NUMBER, base_url=url, **options) as client:
        yield client


def answering(**answer: Any) -> Handler:
    """A handler with one fixed answer."""

    async def handler(_: web.Request) -> web.Response:
        if "json" in answer:
            return web.json_response(answer["json"], **{k: v for k, v in answer.items() if k != "json"})
        return web.Response(**answer)

    return handler


class Flood:
    """A handler that answers with far more than anybody wants to read.

    Attributes:
        written: the bytes that have left; what lies between the two ends may hold some MB of them.
    """

    SIZE = 64 * 1024 * 1024

    def __init__(self, status: int) -> None:
        self._status = status
        self.written = 0
        self.over = asyncio.Event()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        answer = web.StreamResponse(status=self._status, headers={"Content-Type": "application/json"})
        try:
            await answer.prepare(request)
            while self.written < self.SIZE:
                await answer.write(b" " * 65536)
                self.written += 65536
        finally:
            self.over.set()
        return answer


@contextlib.contextmanager
def nothing_left_open() -> Iterator[None]:
    """Fails when a socket, file or session was forgotten."""
    gc.collect()  # what earlier tests left is not told here
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        yield
        gc.collect()
    left = [str(one.message) for one in told if issubclass(one.category, ResourceWarning)]
    assert not left, left
