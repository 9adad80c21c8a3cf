"""A Graph inside this process that takes every message and only counts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


class Answers:
    """How many messages have come.

    Attributes:
        url: what ``base_url`` has to be, as soon as it is served.
    """

    def __init__(self) -> None:
        self.url = ""
        self._count = 0
        self._changed = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        """One message."""
        await request.read()
        self._count += 1
        self._changed.set()
        return web.json_response({"messages": [{"id": f"wamid.answer{self._count}"}]})

    async def until(self, wanted: int) -> None:
        """Waits until so many messages have come."""
        while self._count < wanted:
            self._changed.clear()
            await self._changed.wait()


@asynccontextmanager
async def counted_answers() -> AsyncIterator[Answers]:
    """Serves on a free port."""
    answers, app = Answers(), web.Application()
    app.router.add_post("/{version}/{number}/messages", answers.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    answers.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield answers
    finally:
        await runner.cleanup()
