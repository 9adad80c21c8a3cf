"""A Rasa channel in a real Sanic, with an agent whose turns take as long as is wanted.

``python -m benchmarks.server PORT CHANNEL CREDENTIALS TURN``: the channel's class as in credentials.yml, its
settings in a JSON file, and the turn as ``awaits:2`` or ``computes:0.003``. It logs at Rasa's usual level.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from importlib import import_module
from pathlib import Path

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage, register
from rasa.shared.core.domain import Domain
from sanic import Sanic

from benchmarks.turns import Turn


class TimedAgent(Agent):
    """An agent without a model: it takes its time, then answers."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(domain=Domain.empty())
        self._turn = turn

    def is_ready(self) -> bool:
        """Ready from the start."""
        return True

    async def handle_message(self, message: UserMessage) -> None:
        """One turn."""
        await self._turn.take()
        await message.output_channel.send_response(message.sender_id, {"text": f"You said {message.text}."})


def main(port: str, channel: str, credentials: str, turn: str) -> None:
    """Serves until it is stopped."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    app = Sanic("benchmark", configure_logging=False)
    app.ctx.agent = TimedAgent(Turn.read(turn))
    module, _, name = channel.rpartition(".")
    channel_class = getattr(import_module(module), name)
    settings = json.loads(Path(credentials).read_text(encoding="utf-8"))
    register([channel_class.from_credentials(settings)], app, route="/webhooks/")
    workers = int(os.environ.get("SANIC_WORKERS", "1"))  # as Rasa has it
    app.run(host="127.0.0.1", port=int(port), access_log=False, workers=workers)


if __name__ == "__main__":
    main(*sys.argv[1:])
