"""A thread that does for the event loop what waits for the disk.

To hand a COMMIT over to a ``ThreadPoolExecutor``, and back what came of it, takes longer than the statements
before it take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
Then = Callable[[Any, "BaseException | None"], None]


class Helper:
    """Does one thing after the other; made inside the running loop.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._errands: SimpleQueue[tuple[Callable[[], Any], Then] | None] = SimpleQueue()
        # What is not waited for at the end of the process was not promised to anybody either.
        Thread(target=self._serve, name=name, daemon=True).start()

    def do(self, work: Callable[[], Any], then: Then) -> None:
        """Has ``work`` done, and its result, or what it raised, told to ``then`` in the loop."""
        self._errands.put((work, then))

    def call(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """What ``work`` returns or raises; it is done also where nobody waits for that any more."""
        done: asyncio.Future[T] = self._loop.create_future()

        def then(result: Any, problem: BaseException | None) -> None:
            if done.done():
                return
            if problem is None:
                done.set_result(result)
            else:
                done.set_exception(problem)

        self.do(work, then)
        return done

    def dismiss(self) -> None:
        """Lets the thread end when it has done what it was given."""
        self._errands.put(None)

    def _serve(self) -> None:
        while (errand := self._errands.get()) is not None:
            work, then = errand
            result = problem = None
            try:
                result = work()
            except BaseException as error:
                problem = error
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(then, result, problem)
            # Else what was done would be kept until there is something else to do.
            del errand, work, then, result, problem
