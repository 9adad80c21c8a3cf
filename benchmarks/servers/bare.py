"""A Sanic handler that reads a webhook and checks its signature, no more: the least that a channel must do.

``python -m benchmarks.servers.bare PORT CREDENTIALS`` with the channel's settings in a JSON file; what else
``benchmarks.servers.channel`` takes is ignored.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_whatsapp.cloud.webhook import check_signature


def main(port: str, credentials: str, *_: str) -> None:
    """Serves until it is stopped."""
    app_secret = json.loads(Path(credentials).read_text(encoding="utf-8"))["app_secret"]
    app = Sanic("bare", configure_logging=False)

    @app.post("/webhooks/whatsapp/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        check_signature(request.body, request.headers.get("x-hub-signature-256"), [app_secret])
        assert request.json["entry"]
        return response.text("")

    @app.get("/webhooks/whatsapp/")
    async def health(_: Request) -> HTTPResponse:
        return response.json({"status": "ok", "ready": True})

    app.run(host="127.0.0.1", port=int(port), access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
