"""A gate at which the show bot's `action_wait` waits, so that a test says how long a turn takes."""

from __future__ import annotations

import asyncio

from aiohttp import web


class Gate:
    """An HTTP server that answers a request when the test opens the gate."""

    def __init__(self) -> None:
        self.url = ""
        self._arrivals: asyncio.Queue[asyncio.Event] = asyncio.Queue()
        app = web.Application()
        app.router.add_get("/", self._pass)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Gate:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def arrival(self, timeout: float = 30.0) -> asyncio.Event:
        """Waits until a turn has come to the gate; set the event to let it pass."""
        return await asyncio.wait_for(self._arrivals.get(), timeout)

    async def _pass(self, request: web.Request) -> web.Response:
        opened = asyncio.Event()
        self._arrivals.put_nowait(opened)
        await opened.wait()
        return web.Response()
