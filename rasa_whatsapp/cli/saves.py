"""Noticing that a file was saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

LOOK_EVERY = 0.3
"""Seconds; editors write a file in one go, and nobody waits for less."""


async def saves(file: Path) -> AsyncIterator[None]:
    """Yields whenever the file's content may have changed, until the caller stops."""
    known = _state(file)
    while True:
        await asyncio.sleep(LOOK_EVERY)
        now = _state(file)
        if now is not None and now != known:
            known = now
            yield


def _state(file: Path) -> tuple[int, int] | None:
    """None while an editor replaces it."""
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
