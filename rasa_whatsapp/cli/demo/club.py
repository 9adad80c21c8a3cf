"""The club bot while it runs: the local WhatsApp, the action server and Rasa, each on a port of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from rasa_whatsapp.cli.demo.flows import prepared, published
from rasa_whatsapp.cli.demo.media import served
from rasa_whatsapp.cli.demo.project import cache
from rasa_whatsapp.cli.demo.steps import Steps
from rasa_whatsapp.cli.ports import free_port, listening, ready
from rasa_whatsapp.cli.programs import Program, ProgramFailed, Programs
from rasa_whatsapp.settings import KEYS, read_credentials
from rasa_whatsapp.simulator import Simulator

HEALTH = "/webhooks/whatsapp/"
WEBHOOK = "/webhooks/whatsapp/webhook"
SHUTDOWN_GRACE = "2s"
NAME = "Club del barrio"
"""What the bot is called on WhatsApp."""
READY_WITHIN = 240.0
"""Seconds that Rasa may take to start, on a slow machine too."""


@dataclass(frozen=True)
class Club:
    """The running bot.

    Attributes:
        bot: the folder of its project.
        whatsapp: the local WhatsApp; its page is at ``whatsapp.url``.
        rasa_url: Rasa's HTTP API.
        media_url: where the bot's pictures and documents are.
        actions: the action server.
    """

    bot: Path
    whatsapp: Simulator
    rasa_url: str
    media_url: str
    actions: Program


@asynccontextmanager
async def running(
    bot: Path, model: Path, programs: Programs, folder: Path, whatsapp: Simulator, console: Console
) -> AsyncIterator[Club]:
    """Starts everything and waits until it is ready.

    The programs belong to ``programs``; the local WhatsApp and the files end with this context.

    Args:
        bot: the bot's project.
        model: where its model is, or will be after training.
        folder: for credentials, endpoints and the store of this run alone.
        whatsapp: the local WhatsApp, not started; it is told where the bot listens.
        console: shows what is being started.
    """
    rasa_port, actions_port = free_port(), free_port()
    rasa_url = f"http://127.0.0.1:{rasa_port}"
    whatsapp.webhook_url = rasa_url + WEBHOOK
    async with served(bot / "media") as media_url, whatsapp:
        with Steps(console) as steps:
            with steps.step("Action server"):
                actions = await _start_actions(bot, actions_port, media_url, programs)
            if not _is_there(model):
                with steps.step("Training the bot, this first time"):
                    await _train(bot, model, programs)
            with steps.step("Rasa"):
                credentials, endpoints = folder / "credentials.yml", folder / "endpoints.yml"
                settings = local_credentials(bot, whatsapp, folder)
                _write(credentials, {"rasa_whatsapp.WhatsAppInput": settings})
                _write(endpoints, {"action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"}})
                try:
                    await _start_rasa(bot, model, rasa_port, credentials, endpoints, programs)
                finally:
                    # The folder stays where something fails, and this may have secrets of the bot's in it.
                    credentials.unlink()
                await whatsapp.connected()
                await published(bot, settings["flows"], whatsapp, rasa_url)
        yield Club(bot, whatsapp, rasa_url, media_url, actions)


async def _start_actions(bot: Path, port: int, media_url: str, programs: Programs) -> Program:
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    where = {"SANIC_HOST": "127.0.0.1", "CLUB_MEDIA_URL": media_url}
    program = await programs.start("action server", command, cwd=bot, environment=where)
    await listening(port)
    return program


async def _start_rasa(
    bot: Path, model: Path, port: int, credentials: Path, endpoints: Path, programs: Programs
) -> None:
    command = [
        *(sys.executable, "-m", "rasa", "run", "--enable-api"),
        *("--interface", "127.0.0.1", "--port", str(port), "--model", str(model)),
        *("--credentials", str(credentials), "--endpoints", str(endpoints)),
    ]
    program = await programs.start("rasa", command, cwd=bot)
    try:
        await asyncio.wait_for(ready(f"http://127.0.0.1:{port}{HEALTH}"), READY_WITHIN)
    except asyncio.TimeoutError:
        # Rasa goes on without a model that it cannot load.
        raise ProgramFailed(program, f"has loaded no model within {READY_WITHIN:g} s") from None


async def _train(bot: Path, model: Path, programs: Programs) -> None:
    """Trains under a name of this process and renames, so that no other run sees half a model."""
    model.parent.mkdir(parents=True, exist_ok=True)
    draft = f"draft-{os.getpid()}"
    await programs.run(
        "training",
        [
            *(sys.executable, "-m", "rasa", "train"),
            *("--out", str(model.parent), "--fixed-model-name", draft),
        ],
        cwd=bot,
        environment={"RASA_CACHE_DIRECTORY": str(cache() / "training")},
    )
    (model.parent / f"{draft}.tar.gz").replace(model)


def _is_there(model: Path) -> bool:
    return model.exists()


def local_credentials(bot: Path, whatsapp: Simulator, folder: Path) -> dict[str, Any]:
    """The bot's own credentials.yml, turned to the local WhatsApp and to a store of this run alone."""
    of_numbers = {"numbers", *(key.name for key in KEYS if key.per_number)}
    given = read_credentials(bot / "credentials.yml")
    own = {name: value for name, value in given.items() if name not in of_numbers}
    local = {
        **whatsapp.credentials,
        "store": f"sqlite:///{folder / 'whatsapp.db'}",
        "shutdown_grace": SHUTDOWN_GRACE,
        "flows": prepared(own.get("flows"), folder, whatsapp),
    }
    return {**own, **local}


def _write(path: Path, content: dict[str, object]) -> None:
    """JSON is YAML too, and the file is for Rasa alone."""
    path.write_text(json.dumps(content), encoding="utf-8")
