"""A Graph as far away as a real one: ``python -m benchmarks.servers.slow_graph PORT``."""

from __future__ import annotations

import asyncio
import sys
from itertools import count

from aiohttp import web

LATENCY = 0.05


class Graph:
    """Takes whatever WhatsApp and Messenger would take, and counts the messages to people."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._taken = 0

    async def take(self, request: web.Request) -> web.Response:
        """A message, a read receipt, or a sign of typing."""
        body = await request.json()
        await asyncio.sleep(LATENCY)
        self._taken += "text" in body or "message" in body
        phone = body.get("to", "")
        return web.json_response(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": phone, "wa_id": phone.lstrip("+")}],
                "messages": [{"id": f"wamid.sent{next(self._ids)}"}],
            }
        )

    async def taken(self, _: web.Request) -> web.Response:
        """How many messages have come."""
        return web.json_response(self._taken)


def main(port: str) -> None:
    """Serves until it is stopped."""
    graph, app = Graph(), web.Application()
    app.router.add_post("/{version}/{number}/messages", graph.take)
    app.router.add_get("/taken", graph.taken)
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
