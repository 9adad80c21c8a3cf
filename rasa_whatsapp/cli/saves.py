"""Noticing that a file was saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

State = tuple[int, int]
"""When it was written, and its size."""

LOOK_EVERY = 0.3
"""Seconds; editors write a file in one go, and nobody waits for less."""


def saves(file: Path) -> AsyncGenerator[None, None]:
    """Yields whenever the file's content may have changed since this call, until the caller stops."""
    return _changes(file, _state(file))


async def _changes(file: Path, known: State | None) -> AsyncGenerator[None, None]:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        now = _state(file)
        if now is not None and now != known:
            known = now
            yield


def _state(file: Path) -> State | None:
    """None while an editor replaces it."""
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
