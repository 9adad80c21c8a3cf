"""A real Redis server of the tests' own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import redis


class RedisServer:
    """A server on a free port of this machine that keeps what it was told in an append-only file."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            missing = pytest.fail if os.environ.get("RASA_WHATSAPP_REQUIRE_ALL") == "1" else pytest.skip
            missing("needs redis-server: apt-get install redis-server")
        self._program = program
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port)

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly yes --maxmemory-policy noeviction"
        self._process = subprocess.Popen(
            [self._program, *options.split(), "--save", "", "--dir", self._folder], stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + 10
        while True:
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def kill(self) -> None:
        """Ends it as a power cut would, except that the disk keeps what the system was given."""
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Lets it accept connections and answer nothing."""
        self._process.send_signal(signal.SIGSTOP)
