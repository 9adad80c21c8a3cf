"""A Rasa channel in a real Sanic, with an agent whose turns take as long as is wanted.

``python -m benchmarks.servers.channel PORT CHANNEL CREDENTIALS TURN``: the channel's class as in
credentials.yml, its settings in a JSON file, and the turn as ``awaits:2`` or ``computes:0.003``. It logs at
Rasa's usual level.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from importlib import import_module
from pathlib import Path

import structlog
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from sanic import Sanic

from benchmarks.load.turn import Turn


class TimedAgent:
    """An agent without a model: it takes its time, then answers.

    It has what channels ask of Rasa's own, which would load TensorFlow, three quarters of the time to start.
    """

    action_endpoint = None

    def __init__(self, turn: Turn) -> None:
        self.domain = Domain.empty()
        self.tracker_store = InMemoryTrackerStore(self.domain)
        self.lock_store = InMemoryLockStore()
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
