"""The club bot's action server, run as its users run it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

SAMPLE_BOT = Path(__file__).parents[2] / "sample_bot"
MEDIA_URL = "http://media.example/club"


class ActionServer:
    """A running `rasa run actions`; keeps what it prints."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/webhook"
        self._output = ""
        self._printed = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(self.port)],
            cwd=SAMPLE_BOT,
            env={
                **os.environ,
                "SANIC_HOST": "127.0.0.1",
                "CLUB_MEDIA_URL": MEDIA_URL,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            with self._printed:
                self._output += line
                self._printed.notify_all()

    def wait_for(self, text: str, timeout: float = 30) -> None:
        with self._printed:
            if not self._printed.wait_for(lambda: text in self._output, timeout):
                raise AssertionError(f"the action server did not print {text!r} but:\n{self._output}")

    def wait_until_ready(self, timeout: float = 30) -> None:
        """Returns when the port accepts connections: rasa_sdk announces itself a moment before that."""
        self.wait_for("Action endpoint is up and running", timeout)
        deadline = time.monotonic() + timeout
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=timeout).close()
                return
            except ConnectionRefusedError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
        self._reader.join(timeout=10)
        self._process.stdout.close()
