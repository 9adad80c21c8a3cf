"""A real `rasa run` with the channel, its real action server, and the local WhatsApp around them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from rasa_whatsapp.cli.ports import free_port, listening, ready
from rasa_whatsapp.cli.programs import Program, ProgramFailed, Programs
from rasa_whatsapp.simulator import Provider, Simulator

T = TypeVar("T")

CHANNEL = "rasa_whatsapp.WhatsAppInput"
SAMPLE_BOT = Path(__file__).parents[1] / "sample_bot"
SHOW_BOT = Path(__file__).parent / "e2e" / "bot"
START_WITHIN = 120.0


class RasaRun:
    """A bot that runs; it may be stopped, killed and started again over the same stores.

    Args:
        programs: stops what is started.
        bot: the bot's project.
        model: its trained model.
        folder: for its credentials, endpoints and stores.
        environment: what the action server sees beside the usual; a bot without actions has none.
        endpoints: of Rasa, beside or instead of the action server and a tracker store in SQLite.
        workers: of `rasa run`; several need a lock store in Redis.
        provider: who carries the messages.
        settings: of the channel, beside those of the local WhatsApp.
    """

    def __init__(
        self,
        programs: Programs,
        bot: Path,
        model: Path,
        folder: Path,
        environment: Mapping[str, str] = {},
        *,
        endpoints: Mapping[str, Any] = {},
        workers: int = 1,
        provider: Provider = "cloud",
        **settings: Any,
    ) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.channel_url = f"{self.url}/webhooks/whatsapp"
        self.whatsapp = Simulator(port=0, webhook_url=f"{self.channel_url}/webhook", provider=provider)
        self.settings = settings
        self.trackers = folder / "tracker.db"
        self._endpoints = endpoints
        self._workers = workers
        self._programs = programs
        self._bot = bot
        self._model = model
        self._folder = folder
        self._environment = environment
        self._actions_port = free_port()
        self._rasa: Program | None = None
        self._actions: Program | None = None

    async def __aenter__(self) -> RasaRun:
        await self.whatsapp.start()
        await asyncio.gather(self.start_actions(), self.start())
        await self.whatsapp.connected()
        return self

    async def __aexit__(self, *_: object) -> None:
        # WhatsApp first: Sanic waits up to 15 s for a connection on which a webhook is just coming in.
        await self.whatsapp.stop()
        await asyncio.gather(self.stop(), self.stop_actions())

    async def start(self) -> None:
        """Starts `rasa run` and waits until its model is loaded."""
        self._rasa = await self.launch({CHANNEL: {**self.account, **self.settings}, "rest": None})
        await alive(self._rasa, ready(f"{self.channel_url}/"))

    async def launch(self, credentials: dict[str, Any]) -> Program:
        """Starts `rasa run` and waits for nothing."""
        endpoints = {
            "action_endpoint": {"url": f"http://127.0.0.1:{self._actions_port}/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(self.trackers)},
            **self._endpoints,
        }
        if not self._has_actions:
            del endpoints["action_endpoint"]
        command = [
            *(sys.executable, "-m", "rasa", "run", "--enable-api", "--interface", "127.0.0.1"),
            *("--port", self.url.rpartition(":")[2], "--model", str(self._model)),
            *("--credentials", str(self._write("credentials.yml", credentials))),
            *("--endpoints", str(self._write("endpoints.yml", endpoints))),
        ]
        return await self._programs.start(
            f"rasa {self._bot.name}",
            command,
            cwd=self._bot,
            environment={"SANIC_WORKERS": str(self._workers)},
        )

    async def stop(self) -> None:
        """Stops `rasa run` as an operator does."""
        assert self._rasa is not None
        await self._rasa.stop(grace=30)

    async def kill(self) -> None:
        """Kills `rasa run` with all it has started; it has no time to tidy up."""
        assert self._rasa is not None
        os.killpg(self._rasa.pid, signal.SIGKILL)
        await self._rasa.ended()

    async def start_actions(self) -> None:
        """Starts the action server, where the bot has actions, and waits until it listens."""
        if not self._has_actions:
            return
        command = [
            *(sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(self._actions_port))
        ]
        self._actions = await self._programs.start(
            f"actions {self._bot.name}",
            command,
            cwd=self._bot,
            environment={"SANIC_HOST": "127.0.0.1", **self._environment},
        )
        await alive(self._actions, listening(self._actions_port))

    async def stop_actions(self) -> None:
        """Stops the action server."""
        if self._actions is not None:
            await self._actions.stop()

    @property
    def pid(self) -> int:
        """The process of `rasa run`; with several workers, their parent."""
        assert self._rasa is not None
        return self._rasa.pid

    def printed(self) -> str:
        """The log of `rasa run` so far."""
        assert self._rasa is not None
        return self._rasa.printed()

    @property
    def account(self) -> dict[str, Any]:
        """The settings that lead to the local WhatsApp, with stores of this run alone."""
        return {
            **self.whatsapp.credentials,
            "store": f"sqlite:///{self._folder / 'whatsapp.db'}",
            "pacing": False,
        }

    async def get(self, path: str) -> Any:
        """What Rasa's HTTP API answers to a GET."""
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as response:
            response.raise_for_status()
            return await response.json()

    async def post(self, path: str, body: Any) -> Any:
        """What Rasa's HTTP API answers to a POST."""
        async with aiohttp.ClientSession() as session, session.post(self.url + path, json=body) as response:
            response.raise_for_status()
            return await response.json()

    async def heard(self, conversation: str) -> list[dict[str, Any]]:
        """The user events in the tracker of a conversation, oldest first."""
        tracker = await self.get(f"/conversations/{conversation}/tracker")
        return [event for event in tracker["events"] if event["event"] == "user"]

    async def texts_heard(self, conversation: str) -> list[str]:
        """What Rasa was told in a conversation, oldest first."""
        return [event["text"] for event in await self.heard(conversation)]

    @property
    def _has_actions(self) -> bool:
        return any(self._bot.glob("actions*"))

    def _write(self, name: str, content: dict[str, Any]) -> Path:
        """JSON is YAML too."""
        path = self._folder / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path


async def alive(program: Program, awaited: Awaitable[T]) -> T:
    """Waits for something that cannot come any more once the program has ended."""
    wish, end = asyncio.ensure_future(awaited), asyncio.ensure_future(program.ended())
    try:
        await asyncio.wait({wish, end}, timeout=START_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if not wish.done():
            raise ProgramFailed(
                program, program.ending() if end.done() else f"is not there after {START_WITHIN:g} s"
            )
        return wish.result()
    finally:
        wish.cancel()
        end.cancel()
