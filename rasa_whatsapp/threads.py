"""The threads in which the bot's own functions run that are not async.

The event loop's own threads would not do: names of hosts are looked up in them, and files read. A function
may run beyond its time, for nothing can end a thread, and a few that hang would keep the bot from sending.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any, NamedTuple, ParamSpec, TypeVar

import structlog

P = ParamSpec("P")
T = TypeVar("T")

MOST = 32
"""Functions that run at a time; more wait for a thread."""
WARN_SECONDS = 60.0
"""Between two warnings that calls wait."""

logger = structlog.get_logger()


class _Call(NamedTuple):
    """What a thread is to do, and where its outcome goes."""

    function: Callable[[], Any]
    outcome: Future[Any]


class DaemonThreads(Executor):
    """Threads that are made when they are needed, and do not hold up the end of the process.

    ``ThreadPoolExecutor`` waits for its threads when the process ends, so that one function which hangs would
    keep a bot from being stopped.

    Args:
        most: how many there are at most.
        name: what theirs begin with.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._calls: SimpleQueue[_Call] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._unfinished = 0
        self._warned = float("-inf")

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Has the function called; later where all threads are busy, with a warning in the log.

        Raises:
            RuntimeError: the system has no more threads.
        """
        outcome: Future[T] = Future()
        with self._lock:
            if self._unfinished >= self._most:
                self._warn()
            elif self._unfinished == self._threads:
                name = f"{self._name}-{self._threads + 1}"
                threading.Thread(target=self._work, name=name, daemon=True).start()
                self._threads += 1
            self._unfinished += 1
            self._calls.put(_Call(functools.partial(function, *args, **kwargs), outcome))
        return outcome

    def _warn(self) -> None:
        if time.monotonic() - self._warned < WARN_SECONDS:
            return
        self._warned = time.monotonic()
        logger.warning(
            "whatsapp.threads.busy",
            threads=self._most,
            waiting=self._unfinished - self._most + 1,
            hint="So many of the bot's functions (transcribe, on_event, the handlers of Flows) run, or hang, "
            "that more calls wait. Give whatever they wait for a time-out, or write them with async def.",
        )

    def _work(self) -> None:
        while True:
            self._run(self._calls.get())

    def _run(self, call: _Call) -> None:
        """A call; nothing of it is kept while the thread waits for the next one."""
        result, failed = None, None
        wanted = call.outcome.set_running_or_notify_cancel()
        try:
            if wanted:
                result = call.function()
        except BaseException as error:
            failed = error
        with self._lock:  # before anybody hears of it, who may call again at once
            self._unfinished -= 1
        if failed is not None:
            call.outcome.set_exception(failed)
        elif wanted:
            call.outcome.set_result(result)


_threads = DaemonThreads(MOST, "whatsapp-user")


async def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a function of the bot's, async or not, and returns what it returns.

    One that is not async runs in a thread, with the caller's context variables; at most 32 do at a time.
    Whoever gives up waiting does not end it: it keeps its thread until it returns.

    Raises:
        Exception: whatever the function raises.
    """
    if inspect.iscoroutinefunction(function):
        return await function(*arguments)
    context = contextvars.copy_context()
    run = functools.partial(context.run, function, *arguments)
    returned = await asyncio.get_running_loop().run_in_executor(_threads, run)
    return await returned if inspect.isawaitable(returned) else returned
