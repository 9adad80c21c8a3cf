"""Working a lane off: conversations side by side, the rows of each one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import msgspec
import structlog

from rasa_whatsapp.delivery.rows import Row
from rasa_whatsapp.delivery.stores.base import Lane
from rasa_whatsapp.errors import LeaseLost, StoreError
from rasa_whatsapp.masking import mask_key
from rasa_whatsapp.tracebacks import told

logger = structlog.get_logger()

T = TypeVar("T")

STORE_RETRY = 1.0
"""Seconds before a store that failed is asked again."""


class Done(msgspec.Struct, frozen=True):
    """The row is done; ``receipt`` is kept with it. ``also`` has the ids of rows done together with it."""

    receipt: str = ""
    also: frozenset[str] = frozenset()


class Later(msgspec.Struct, frozen=True):
    """The row did not happen and is tried again after ``seconds``; those behind it wait.

    Where ``until`` is given, what it returns is awaited as well, once the row has been given back. ``failed``
    where that was the row's own fault, or nobody's known; only this ``Row.failures`` counts.
    """

    seconds: float
    reason: str
    until: Callable[[], Awaitable[None]] | None = None
    failed: bool = False


class Dead(msgspec.Struct, frozen=True):
    """The row cannot happen and becomes a dead letter; the next one has its turn."""

    reason: str


Outcome = Done | Later | Dead


class Stopping(Exception):
    """The worker is stopping; what waits goes back into the lane."""


def unreadable(row: Row) -> Dead:
    """What becomes of a row whose body cannot be decoded; the decoder's words may be a person's."""
    logger.error("whatsapp.row.unreadable", id=mask_key(row.id), length=len(row.body))
    return Dead(f"cannot be read: its {len(row.body)} bytes are nothing that this version writes")


async def _at_once() -> None:
    """Always ready."""


class Worker:
    """Claims conversations from a lane and does their rows.

    Args:
        lane: what to work off.
        do: does one row and says what became of it; what it raises makes the row a dead letter.
        slots: how many rows are in work at once.
        ready: waits until rows can be done at all; asked before a conversation is claimed.
        stretch: after so many rows a conversation makes room where no slot is free, and comes back behind
            those that waited; None where its rows are better done by one owner.
    """

    def __init__(
        self,
        lane: Lane,
        do: Callable[[Row], Awaitable[Outcome]],
        slots: int,
        ready: Callable[[], Awaitable[None]] = _at_once,
        stretch: int | None = None,
    ) -> None:
        self._lane = lane
        self._do = do
        self._slots = asyncio.Semaphore(slots)
        self._ready = ready
        self._stretch = stretch
        self._stopping = asyncio.Event()
        self._claiming: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begins to claim conversations, in the running loop."""
        self._claiming = asyncio.create_task(self._claim())

    async def stop(self, grace: float) -> None:
        """Begins nothing new, lets rows in work finish for ``grace`` seconds, then cancels them."""
        self._stopping.set()
        if self._claiming is not None:
            self._claiming.cancel()
            await asyncio.gather(self._claiming, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Lets other rows use this one's slot while it waits for something."""
        self._slots.release()
        try:
            yield
        finally:
            # What stops is given back; that needs no slot, and might not get one in time.
            if not self._stopping.is_set():
                await self._slots.acquire()

    async def aside_for(self, awaited: Awaitable[T]) -> T:
        """What is awaited, without holding a slot meanwhile.

        Raises:
            Stopping: the worker is stopping, and it has not come.
        """
        coming = asyncio.ensure_future(awaited)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            async with self.aside():
                await asyncio.wait((coming, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                raise Stopping
            return coming.result()
        finally:
            coming.cancel()
            stopping.cancel()

    async def pause(self, seconds: float) -> None:
        """Waits without holding a slot.

        Raises:
            Stopping: the worker is stopping, and the row has not been done.
        """
        if seconds > 0:
            await self.aside_for(asyncio.sleep(seconds))

    async def _claim(self) -> None:
        while True:
            # There is one that nobody waits for; it is not kept, for a row that waited may come back for it.
            while self._slots.locked():
                async with self._slots:
                    pass
            try:
                await self._ready()
                conversation = await self._lane.claim()
            except Exception as error:
                logger.error("whatsapp.conversation.unclaimed", retry_seconds=STORE_RETRY, error=told(error))
                await asyncio.sleep(STORE_RETRY)
                continue
            if self._slots.locked():
                # Such a row came meanwhile. Another worker may have a slot.
                self._begin(self._release(conversation))
            else:
                await self._slots.acquire()
                self._begin(self._own(conversation))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _own(self, conversation: str) -> None:
        try:
            await self._work_off(conversation)
        except Stopping:
            pass
        except LeaseLost as error:
            logger.warning("whatsapp.conversation.lost", error=str(error))
        except Exception as error:
            logger.error("whatsapp.conversation.abandoned", error=_words(error))
        finally:
            self._slots.release()
            await self._release(conversation)

    async def _release(self, conversation: str) -> None:
        try:
            await self._lane.release(conversation)
        except StoreError as error:
            # The store knows by itself when an owner has gone silent.
            logger.warning("whatsapp.conversation.unreleased", error=str(error))

    async def _work_off(self, conversation: str) -> None:
        row = await self._with_store(lambda: self._lane.advance(conversation))
        over = 0
        while row is not None:
            if self._stopping.is_set():
                await self._lane.give_back(row, "stopped before it was begun")
                return
            if self._stretch is not None and over >= self._stretch and self._slots.locked():
                await self._with_store(partial(self._lane.give_back, row, "others have their turn"))
                return
            try:
                outcome = await self._attempt(row)
            except Stopping:
                await self._lane.give_back(row, "stopped while it waited")
                raise
            over += not isinstance(outcome, Later)
            row = await self._record(row, outcome)
            if row is not None:
                # Rasa predicts synchronously: without this, turns would keep the loop from answering.
                await asyncio.sleep(0)

    async def _attempt(self, row: Row) -> Outcome:
        try:
            return await self._do(row)
        except (Stopping, LeaseLost):
            raise
        except StoreError as error:
            return Later(STORE_RETRY, str(error))
        except Exception as error:
            # A row that nobody can do must not stop those behind it, nor be lost.
            logger.error("whatsapp.row.undoable", id=mask_key(row.id), error=told(error))
            return Dead(told(error, 1))

    async def _record(self, row: Row, outcome: Outcome) -> Row | None:
        lane, conversation = self._lane, row.conversation
        if isinstance(outcome, Done):
            return await self._finish(row, outcome)
        reason = outcome.reason
        if isinstance(outcome, Dead):
            await self._with_store(lambda: lane.bury(row, reason))
        else:
            failed = outcome.failed
            await self._with_store(lambda: lane.give_back(row, reason, failed))
            await self.pause(outcome.seconds)
            if outcome.until is not None:
                await self.aside_for(outcome.until())
        return await self._with_store(lambda: lane.advance(conversation))

    async def _finish(self, row: Row, outcome: Done) -> Row | None:
        """Marks the row as done, and those done together with it, and begins the next."""
        head: Row | None = row
        # By their ids: somebody may have been forgotten meanwhile, and have written anew.
        done = outcome.also | {row.id}
        while head is not None and head.id in done:
            head = await self._with_store(
                partial(self._lane.advance, row.conversation, head, outcome.receipt)
            )
        return head

    async def _with_store(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await ask()
            except LeaseLost:
                raise
            except Exception as error:
                # Whatever it is: a conversation that was let go would wait until the person writes again.
                logger.error("whatsapp.store.failed", error=_words(error), retry_seconds=STORE_RETRY)
            await self.pause(STORE_RETRY)


def _words(error: Exception) -> str:
    """A store that is away says why; what nobody has foreseen is told by its place."""
    return str(error) if isinstance(error, StoreError) else told(error)
