"""Free ports, and waiting until there is somebody who answers."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import aiohttp

LOOK_AGAIN = 0.1


def free_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def listening(port: int) -> None:
    """Wait until a loopback port accepts connections."""
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(LOOK_AGAIN)


async def ready(health_url: str) -> None:
    """Wait until the channel's health route says that a model is loaded."""
    async with aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(health_url) as response:
                    if response.status == 200 and (await response.json()).get("ready") is True:
                        return
            await asyncio.sleep(LOOK_AGAIN)
