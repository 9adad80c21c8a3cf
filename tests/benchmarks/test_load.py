"""What the open loop says of a server: how long webhooks wait, and whether it keeps up."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from benchmarks.load.open_loop import Load, load
from benchmarks.load.webhooks import PATH, request

REQUEST = request(PATH, b"{}", "X-Hub-Signature-256: sha256=")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


@asynccontextmanager
async def serving(seconds: float, answers: bytes = ANSWER) -> AsyncIterator[int]:
    """A server that takes so long for each request, one after the other; gives its port."""
    one_at_a_time = asyncio.Lock()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readexactly(len(REQUEST)):
                async with one_at_a_time:
                    await asyncio.sleep(seconds)
                writer.write(answers)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("milliseconds", "kept_up"),
    [
        ([2000.0] * 400, True),
        ([2.0] * 200 + [900.0] * 20 + [2.0] * 180, True),
        ([float(number) for number in range(400)], False),
        ([2.0] * 399 + [math.inf], False),
    ],
    ids=["slow but steady", "one pause", "ever longer", "one unanswered"],
)
def test_a_server_keeps_up_unless_waits_grow_or_answers_are_missing(
    milliseconds: list[float], kept_up: bool
) -> None:
    """An agent of two seconds is slow, not overrun; a queue that only grows is."""
    assert Load(100, milliseconds, taken=100, late=0).kept_up is kept_up


async def test_a_wait_counts_from_when_the_webhook_was_due() -> None:
    """At 400 a second to a server that takes 100, the last of 200 webhooks waits for those before it."""
    async with serving(0.01) as port:
        found = await load(port, [REQUEST] * 200, 400)

    assert len(found.milliseconds) == 200
    assert not found.kept_up
    assert found.taken <= 100
    assert found.p99 > 1000


async def test_what_is_refused_was_not_taken() -> None:
    """A server that sheds its load has not kept up, however soon it says so."""
    async with serving(0, b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n") as port:
        found = await load(port, [REQUEST] * 20, 400)

    assert (found.taken, found.p99, found.kept_up) == (0, math.inf, False)
