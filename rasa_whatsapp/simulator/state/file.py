"""A file that holds what the local WhatsApp remembers, so that conversations survive a restart."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from pathlib import Path

import msgspec
import structlog

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.state import State

WRITTEN_AFTER = 1.0
"""Seconds from a change to the writing of the file, so that many changes are written at once."""

_log = structlog.get_logger(__name__)


class StateFileError(ValueError):
    """The file holds something else, or cannot be read or written; the message says what to do."""


class _Kept(msgspec.Struct, kw_only=True):
    """The file's content, as JSON. ``ahead`` is by how many seconds the clock was moved."""

    ahead: float
    state: State


class StateFile:
    """One local WhatsApp's state on disk: people, messages and files, and how far the clock was moved.

    Args:
        path: the file; only its owner may read it.

    Raises:
        StateFileError: the file holds something else, or cannot be read or written.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._writing: asyncio.Task[None] | None = None
        self.state = self._read()
        try:
            self.write()
        except OSError as problem:
            raise StateFileError(f"The state file {path} cannot be written: {problem.strerror}.") from None

    def changed(self) -> None:
        """Write the file soon."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write_soon())

    async def close(self) -> None:
        """Write what is not written yet."""
        if self._writing is None:
            return
        self._writing.cancel()
        await asyncio.gather(self._writing, return_exceptions=True)
        self._try_to_write()

    def write(self) -> None:
        """Write the file: whole or, when that fails, not at all. Raises :class:`OSError`."""
        content = _encoded(_Kept(ahead=self._clock.ahead, state=self.state))
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(name, self._path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    async def _write_soon(self) -> None:
        await asyncio.sleep(WRITTEN_AFTER)
        self._try_to_write()

    def _try_to_write(self) -> None:
        try:
            self.write()
        except OSError as problem:
            _log.warning(
                "whatsapp.simulator.state_not_written", file=str(self._path), problem=problem.strerror
            )

    def _read(self) -> State:
        try:
            kept = msgspec.convert(json.loads(self._path.read_bytes()), _Kept)
        except FileNotFoundError:
            return State()
        except OSError as problem:
            raise StateFileError(f"The state file {self._path} cannot be read: {problem.strerror}.") from None
        except ValueError as problem:  # no JSON, or another
            raise StateFileError(
                f"{self._path} holds no conversations of the local WhatsApp ({problem}). "
                "Name another file, or delete this one."
            ) from None
        self._clock.advance(seconds=kept.ahead)
        return kept.state


def _encoded(kept: _Kept) -> bytes:
    try:
        return msgspec.json.encode(kept)
    except UnicodeEncodeError:  # half an emoji, which somebody has cut; JSON can only escape it
        return json.dumps(msgspec.to_builtins(kept)).encode()
