"""The sample bot on `rasa run`, with the channel and with plain connectors."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.starting.settings import CHANNEL, ROOT, credentials
from rasa_whatsapp.cli.demo.media import served
from rasa_whatsapp.cli.demo.project import find_sample_bot, model_path, require_rasa
from rasa_whatsapp.cli.ports import free_port, listening, ready
from rasa_whatsapp.cli.programs import Program, Programs, environment
from rasa_whatsapp.simulator import Simulator

START_WITHIN = 120.0


@dataclass(frozen=True)
class SampleBot:
    """The sample bot on `rasa run`, reached in several ways.

    Attributes:
        port: of Rasa.
        whatsapp: the WhatsApp of the channel.
        plain: that of the connector which awaits the turn.
        tasks: that of the connector which leaves the turn to a task.
    """

    port: int
    whatsapp: Simulator
    plain: Simulator
    tasks: Simulator


@asynccontextmanager
async def sample_bot(*, in_order: bool = False, graph_url: str = "") -> AsyncIterator[SampleBot]:
    """Starts it, with Rasa's REST channel as well.

    ``in_order``: those who answer before the turn get a webhook when they have answered the last one, so that
    the order of arrival is known; else side by side, as from Meta. The connector which answers after the turn
    always gets them side by side. ``graph_url``: what the channel sends its answers to, in place of its local
    WhatsApp.
    """
    bot = find_sample_bot()
    rasa_port, actions_port = free_port(), free_port()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        programs = await stack.enter_async_context(Programs(folder, _environment()))
        media_url = await stack.enter_async_context(served(bot / "media"))
        whatsapp = await stack.enter_async_context(_whatsapp(rasa_port, "whatsapp", in_order))
        plain = await stack.enter_async_context(_whatsapp(rasa_port, "plain"))
        tasks = await stack.enter_async_context(_whatsapp(rasa_port, "tasks", in_order))
        await programs.start(
            "actions",
            [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)],
            cwd=bot,
            environment={"SANIC_HOST": "127.0.0.1", "CLUB_MEDIA_URL": media_url},
        )
        await _until(programs, listening(actions_port))
        settings = {**credentials(whatsapp), "store": f"sqlite:///{folder / 'whatsapp.db'}"}
        channels = {
            CHANNEL: {**settings, "base_url": graph_url} if graph_url else settings,
            "benchmarks.servers.plain.PlainInput": credentials(plain),
            "benchmarks.servers.plain.TaskInput": credentials(tasks),
            "rest": {},
        }
        actions = {"url": f"http://127.0.0.1:{actions_port}/webhook"}
        await stack.enter_async_context(rasa_run(rasa_port, channels, action_endpoint=actions))
        yield SampleBot(rasa_port, whatsapp, plain, tasks)


@asynccontextmanager
async def rasa_run(port: int, channels: dict[str, Any], **endpoints: Any) -> AsyncIterator[Program]:
    """`rasa run` with the sample bot's model, these channels and endpoints, when the model is loaded."""
    bot = find_sample_bot()
    model = model_path(bot, require_rasa())
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="benchmark-")))
        programs = await stack.enter_async_context(Programs(folder, _environment()))
        if not model.exists():
            await _train(programs, bot, model)
        tracker_store = {"type": "SQL", "dialect": "sqlite", "db": str(folder / "tracker.db")}
        files = {"credentials": channels, "endpoints": {"tracker_store": tracker_store, **endpoints}}
        options = {name: str(_write(folder, f"{name}.yml", content)) for name, content in files.items()}
        command = [
            *(sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port)),
            *("--model", str(model), "--credentials", options["credentials"]),
            *("--endpoints", options["endpoints"]),
        ]
        rasa = await programs.start("rasa", command, cwd=bot)
        await _until(programs, listening(port))  # which Rasa does when the model is loaded
        if CHANNEL in channels:
            await _until(programs, ready(f"http://127.0.0.1:{port}/webhooks/whatsapp/"))
        yield rasa


def _whatsapp(port: int, channel: str, in_order: bool = False) -> Simulator:
    """Lets people be answered who wrote past it."""
    url = f"http://127.0.0.1:{port}/webhooks/{channel}/webhook"
    return Simulator(port=0, webhook_url=url, in_order=in_order, closed_window="ignored")


def _environment() -> dict[str, str]:
    return {**environment(), "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}


def _write(folder: Path, name: str, content: dict[str, Any]) -> Path:
    """JSON is YAML too."""
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


async def _train(programs: Programs, bot: Path, model: Path) -> None:
    draft = f"draft-{os.getpid()}"
    command = [sys.executable, "-m", "rasa", "train", "--out", str(model.parent)]
    await programs.run("training", [*command, "--fixed-model-name", draft], cwd=bot)
    (model.parent / f"{draft}.tar.gz").replace(model)


async def _until(programs: Programs, awaited: Any) -> None:
    await programs.during(asyncio.wait_for(awaited, START_WITHIN))
