"""The sample bot's pictures and documents, where WhatsApp can fetch them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[str]:
    """Serves the files of a folder on a free loopback port; gives the address below which they are.

    A bot without files need not have the folder.
    """
    runner = web.AppRunner(_app(folder), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/media"
    finally:
        await runner.cleanup()


def _app(folder: Path) -> web.Application:
    app = web.Application()
    if folder.is_dir():
        app.router.add_static("/media", folder)
    return app
