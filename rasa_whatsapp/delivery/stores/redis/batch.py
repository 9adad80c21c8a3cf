"""Writing together what arrives together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batch(Generic[Item, Result]):
    """Collects items while a write is under way and hands them over as one next write.

    A caller that is cancelled does not take its items back: they are written all the same, for
    whoever sent them may have hung up, not un-sent them.
    """

    def __init__(self, write: Callable[[list[Item]], Awaitable[list[Result]]]) -> None:
        self._write = write
        self._waiting: list[tuple[Sequence[Item], asyncio.Future[list[Result]]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, items: Sequence[Item]) -> list[Result]:
        """Returns the result for each item once the write that held them is done, or raises its error."""
        return await self.put(items)

    def put(self, items: Sequence[Item]) -> asyncio.Future[list[Result]]:
        """As ``add``, for who need not wait."""
        done: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._run())
        return done

    async def _run(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting, []
            try:
                results = await self._write([item for items, _ in together for item in items])
            except Exception as error:
                for _, done in together:
                    if not done.done():
                        done.set_exception(error)
                continue
            start = 0
            for items, done in together:
                if not done.done():
                    done.set_result(results[start : start + len(items)])
                start += len(items)
        self._writer = None
