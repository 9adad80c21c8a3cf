"""The three kinds of store, as settings name them."""

from __future__ import annotations

import shutil
from pathlib import Path

from rasa_whatsapp.cli.ports import free_port, listening
from rasa_whatsapp.cli.programs import Programs

KINDS = ("memory", "sqlite", "redis")


async def store_url(kind: str, folder: Path, programs: Programs) -> str:
    """The URL of an empty store; a Redis server of its own is started for it."""
    if kind == "memory":
        return "memory://"
    if kind == "sqlite":
        return f"sqlite:///{folder / 'whatsapp.db'}"
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("The Redis store needs redis-server: apt-get install redis-server")
    port = free_port()
    options = f"--port {port} --bind 127.0.0.1 --appendonly yes --maxmemory-policy noeviction --dir {folder}"
    await programs.start("redis", [program, *options.split(), "--save", ""], cwd=folder)
    await programs.during(listening(port))
    return f"redis://127.0.0.1:{port}/0"
