"""Webhooks at a fixed rate, whatever the server does (an open loop), and how long each answer takes."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from rasa_whatsapp.simulator import Simulator
from rasa_whatsapp.simulator.envelope import encode, envelope, sign

PEOPLE = 100
RATE = 100.0
"""Webhooks a second."""
SECONDS = 10.0
PATIENCE = aiohttp.ClientTimeout(total=30.0)
"""Meta gives up sooner."""

_ids = itertools.count(1)


@dataclass(frozen=True)
class Latencies:
    """How long the answers took, in milliseconds, and how many of them were 200.

    ``late`` is by how much the sender itself missed its time at worst: with a busy machine it is the sender
    that is slow, and a round with a large value says little about the server.
    """

    milliseconds: Sequence[float]
    accepted: int
    late: float

    @property
    def median(self) -> float:
        """Half of the answers came sooner."""
        return statistics.median(self.milliseconds)

    @property
    def p99(self) -> float:
        """99 of 100 answers came sooner."""
        return statistics.quantiles(self.milliseconds, n=100)[98]

    @property
    def slowest(self) -> float:
        """The longest of all."""
        return max(self.milliseconds)


async def send(whatsapp: Simulator, texts: Sequence[str]) -> Latencies:
    """Posts signed text messages of ``PEOPLE`` people at ``RATE`` for ``SECONDS`` to the bot's webhook.

    Each latency counts from the moment at which its webhook was due, so that a server which holds the sender
    up cannot hide it.
    """
    bodies = [_body(whatsapp, n % PEOPLE, texts[n % len(texts)]) for n in range(int(RATE * SECONDS))]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=PATIENCE) as session:
        start = time.perf_counter() + 0.5

        async def post(due: float, body: bytes) -> tuple[float, int, float]:
            await asyncio.sleep(due - time.perf_counter())
            late = (time.perf_counter() - due) * 1000
            headers = {
                "Content-Type": "application/json",
                "X-Hub-Signature-256": sign(body, whatsapp.account.app_secret),
            }
            status = 0
            with suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with session.post(whatsapp.webhook_url, data=body, headers=headers) as response:
                    status = response.status
                    await response.read()
            return (time.perf_counter() - due) * 1000, status, late

        answers = await asyncio.gather(*(post(start + n / RATE, body) for n, body in enumerate(bodies)))
    return Latencies(
        milliseconds=[milliseconds for milliseconds, _, _ in answers],
        accepted=sum(status == 200 for _, status, _ in answers),
        late=max(late for _, _, late in answers),
    )


def _body(whatsapp: Simulator, person: int, text: str) -> bytes:
    phone = f"5491155{person:06}"
    number = next(_ids)
    account = whatsapp.account
    value = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": account.display_phone_number,
            "phone_number_id": account.phone_number_id,
        },
        "contacts": [{"profile": {"name": "María Ação 👍"}, "wa_id": phone}],
        "messages": [
            {
                "from": phone,
                "id": f"wamid.load{number}",
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": text},
            }
        ],
    }
    return encode(envelope(account, value))
