"""pywa on FastAPI, as its documentation shows it, with a handler whose turns take as long as is wanted.

``python -m benchmarks.servers.pywa_fastapi PORT HANDLERS CREDENTIALS TURN``: ``HANDLERS`` is ``async``, or
``threads`` for the synchronous client, whose handlers run in a pool of threads.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from benchmarks.load.turn import Turn
from benchmarks.load.webhooks import PATH


def main(port: str, handlers: str, credentials: str, turn: str) -> None:
    """Serves until it is stopped."""
    app = FastAPI()
    given = json.loads(Path(credentials).read_text(encoding="utf-8"))
    register = _async if handlers == "async" else _threads
    client = register(Turn.read(turn), app, given)
    client.api._session.base_url = f"{given['base_url']}/v26.0"
    uvicorn.run(app, host="127.0.0.1", port=int(port), access_log=False, ws="none")


def _async(turn: Turn, app: FastAPI, given: dict[str, Any]) -> Any:
    from pywa_async import WhatsApp, types

    client = WhatsApp(server=app, **_settings(given))

    @client.on_message
    async def answer(_: WhatsApp, message: types.Message) -> None:
        await turn.take()
        await message.reply(f"You said {message.text}.")

    return client


def _threads(turn: Turn, app: FastAPI, given: dict[str, Any]) -> Any:
    from pywa import WhatsApp, types

    client = WhatsApp(server=app, **_settings(given))

    @client.on_message
    def answer(_: WhatsApp, message: types.Message) -> None:
        turn.block()
        message.reply(f"You said {message.text}.")

    return client


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "phone_id": given["phone_number_id"],
        "token": given["access_token"],
        "app_secret": given["app_secret"],
        "verify_token": given["verify_token"],
        "webhook_endpoint": PATH,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
