"""The real channel in a real Sanic, with an agent that takes two seconds for every message.

``python -m benchmarks.server PORT CREDENTIALS`` with the channel's settings in a JSON file.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage, register
from rasa.shared.core.domain import Domain
from sanic import Sanic

from rasa_whatsapp import WhatsAppInput

TURN_SECONDS = 2.0


class SlowAgent(Agent):
    """An agent without a model: it waits, then answers."""

    def is_ready(self) -> bool:
        """Ready from the start."""
        return True

    async def handle_message(self, message: UserMessage) -> None:
        """One turn."""
        await asyncio.sleep(TURN_SECONDS)
        await message.output_channel.send_response(message.sender_id, {"text": f"You said {message.text}."})


def main(port: str, credentials: str) -> None:
    """Serves until it is stopped."""
    app = Sanic("benchmark", configure_logging=False)
    app.ctx.agent = SlowAgent(domain=Domain.empty())
    settings = json.loads(Path(credentials).read_text())
    register([WhatsAppInput.from_credentials(settings)], app, route="/webhooks/")
    app.run(host="127.0.0.1", port=int(port), access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
