"""A Graph as far away as a real one: ``python -m benchmarks.slow_graph PORT``."""

from __future__ import annotations

import asyncio
import sys
from itertools import count

from aiohttp import web

LATENCY = 0.05


def main(port: str) -> None:
    """Serves until it is stopped."""
    ids = count(1)

    async def take(request: web.Request) -> web.Response:
        phone = (await request.json())["to"]
        await asyncio.sleep(LATENCY)
        return web.json_response(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": phone, "wa_id": phone.lstrip("+")}],
                "messages": [{"id": f"wamid.sent{next(ids)}"}],
            }
        )

    app = web.Application()
    app.router.add_post("/{version}/{number}/messages", take)
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
