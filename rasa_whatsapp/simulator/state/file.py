"""A file that holds what the local WhatsApp remembers, so that conversations survive a restart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import structlog

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.state import State
from rasa_whatsapp.simulator.state.folder import MediaFolder
from rasa_whatsapp.simulator.state.writing import write_whole

WRITTEN_AFTER = 1.0
"""Seconds from a change to the writing of the file, so that many changes are written at once."""

_log = structlog.get_logger(__name__)


class StateFileError(ValueError):
    """The file holds something else, or cannot be read or written; the message says what to do."""


class _Kept(msgspec.Struct, kw_only=True):
    """The file's content, as JSON. ``ahead`` is by how many seconds the clock was moved.

    Uploaded and sent files have no ``data`` here, which lies beside the file; once it stood here as well.
    """

    ahead: float
    state: State


class StateFile:
    """One local WhatsApp's state on disk: people, messages and files, and how far the clock was moved.

    Files lie in a folder beside, which is called as the file is, and ``.media``. It is written by a thread:
    the event loop only says what there is.

    Args:
        path: the file; only its owner may read it.

    Raises:
        StateFileError: the file holds something else, or cannot be read or written.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._writing: asyncio.Task[None] | None = None
        self._stale = False
        self._closing = asyncio.Event()
        try:
            self._media = MediaFolder(path.with_name(f"{path.name}.media"))
            self.state = self._read()
        except OSError as problem:
            raise StateFileError(f"The state file {path} cannot be read: {problem.strerror}.") from None
        try:
            self._write(self._snapshot())
        except OSError as problem:
            raise StateFileError(f"The state file {path} cannot be written: {problem.strerror}.") from None

    def changed(self) -> None:
        """Write the file soon."""
        self._stale = True
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write_soon())

    async def close(self) -> None:
        """Write what is not written yet."""
        if self._writing is None:
            return
        self._closing.set()
        await asyncio.gather(self._writing, return_exceptions=True)  # what is being written would come later
        self._closing.clear()
        await self._try_to_write()

    async def _write_soon(self) -> None:
        while self._stale and not await self._closes_within(WRITTEN_AFTER):
            await self._try_to_write()

    async def _closes_within(self, seconds: float) -> bool:
        try:
            return await asyncio.wait_for(self._closing.wait(), seconds)
        except asyncio.TimeoutError:
            return False

    async def _try_to_write(self) -> None:
        self._stale = False
        try:
            await asyncio.to_thread(self._write, self._snapshot())
        except OSError as problem:
            _log.warning(
                "whatsapp.simulator.state_not_written", file=str(self._path), problem=problem.strerror
            )

    def _snapshot(self) -> _Kept:
        """What there is now: people and messages may change while they are written, their number not."""
        conversations = {key: list(ids) for key, ids in self.state.conversations.items()}
        state = State(
            people=dict(self.state.people),
            messages=dict(self.state.messages),
            conversations=conversations,
            media=dict(self.state.media),
        )
        return _Kept(ahead=self._clock.ahead, state=state)

    def _write(self, kept: _Kept) -> None:
        """Write the file, which at no time names another that is not there. Raises :class:`OSError`."""
        self._media.add(kept.state.media)
        write_whole(self._path, _encoded(kept))
        self._media.retain(kept.state.media)

    def _read(self) -> State:
        try:
            kept = msgspec.convert(json.loads(self._path.read_bytes()), _Kept)
        except FileNotFoundError:
            return State()
        except ValueError as problem:  # no JSON, or another
            raise StateFileError(
                f"{self._path} holds no conversations of the local WhatsApp ({problem}). "
                "Name another file, or delete this one."
            ) from None
        for media_id, media in list(kept.state.media.items()):
            media.data = media.data or self._media.read(media_id) or b""
            if not media.data:
                del kept.state.media[media_id]
                _log.warning("whatsapp.simulator.file_missing", folder=str(self._media.path), file=media_id)
        self._clock.advance(seconds=kept.ahead)
        return kept.state


def _encoded(kept: _Kept) -> bytes:
    """The JSON, made item by item, so that the event loop has its turns meanwhile."""
    state = kept.state
    parts: dict[str, Iterable[tuple[str, Any]]] = {
        "people": state.people.items(),
        "messages": state.messages.items(),
        "conversations": state.conversations.items(),
        "media": ((id_, msgspec.structs.replace(media, data=b"")) for id_, media in state.media.items()),
    }
    objects = ((name, _object((key, _json(item)) for key, item in items)) for name, items in parts.items())
    return _object([("ahead", _json(kept.ahead)), ("state", _object(objects))])


def _object(members: Iterable[tuple[str, bytes]]) -> bytes:
    return b"{" + b",".join(_json(name) + b":" + value for name, value in members) + b"}"


def _json(value: object) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # half an emoji, which somebody has cut; JSON can only escape it
        return json.dumps(msgspec.to_builtins(value)).encode()
