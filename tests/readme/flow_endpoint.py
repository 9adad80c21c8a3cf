"""Where the reader's Flows ask for their screens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from rasa_whatsapp.flows import FlowEndpoint, FlowHandlers, FlowKeys, FlowToken
from rasa_whatsapp.simulator import APP_SECRET


@asynccontextmanager
async def flow_endpoint(private_key: Path) -> AsyncIterator[str]:
    """Its address; it has the key that a document has its reader make."""

    async def known(token: str) -> FlowToken | None:
        return None

    async def respond(request: web.Request) -> web.Response:
        keys = FlowKeys(await asyncio.to_thread(private_key.read_text, "utf-8"))
        endpoint = FlowEndpoint(keys, FlowHandlers(), app_secrets=[APP_SECRET], verify=known)
        headers = {name.lower(): value for name, value in request.headers.items()}
        given = await endpoint.respond(await request.read(), headers)
        return web.Response(status=given.status, text=given.body, content_type=given.content_type)

    app = web.Application()
    app.router.add_post("/flow", respond)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/flow"
    await runner.cleanup()
