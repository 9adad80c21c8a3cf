"""Functions of the bot's that are not async: they run in threads of their own, which nothing waits for."""

from __future__ import annotations

import asyncio
import contextvars
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from rasa_whatsapp.flows import FlowRequest, FlowResponse
from rasa_whatsapp.flows.handlers import call as answer
from rasa_whatsapp.hooks import Hook
from rasa_whatsapp.threads import DaemonThreads, call

LOOPS_OWN = min(32, (os.cpu_count() or 1) + 4)
"""Threads in which the event loop looks up names of hosts."""
PATIENCE = 30.0
NEVER_RETURNS = """
import asyncio, threading
from rasa_whatsapp.hooks import Hook

async def main():
    try:
        await Hook(threading.Event().wait, 0.01)()
    except asyncio.TimeoutError:
        print("given up")

asyncio.run(main())
"""


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Functions wait for it; at the end of the test they go on."""
    event = threading.Event()
    yield event
    event.set()


async def test_hooks_that_hang_leave_the_loop_its_threads(released: threading.Event) -> None:
    """Names of hosts are still looked up, so answers are still sent."""
    hung = Hook(lambda: released.wait(PATIENCE), 0.01)
    given_up = await asyncio.gather(*(hung() for _ in range(LOOPS_OWN)), return_exceptions=True)
    assert {type(error) for error in given_up} == {asyncio.TimeoutError}
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "found"), 5) == "found"


async def test_flow_handlers_that_hang_leave_the_loop_its_threads(released: threading.Event) -> None:
    """They share the threads of the hooks."""

    def hung(_: FlowRequest) -> FlowResponse:
        released.wait(PATIENCE)
        return FlowResponse(screen="NEXT")

    asked = [asyncio.create_task(answer(hung, FlowRequest("INIT"))) for _ in range(LOOPS_OWN)]
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "found"), 5) == "found"
    released.set()
    assert {each.screen for each in await asyncio.gather(*asked)} == {"NEXT"}


def test_a_function_that_hangs_does_not_hold_up_the_end() -> None:
    """A bot is stopped at once, whatever its functions wait for."""
    done = subprocess.run(
        [sys.executable, "-c", NEVER_RETURNS], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout) == (0, "given up\n"), done.stderr


async def test_a_thread_has_a_name_and_the_callers_context() -> None:
    """A log's bound values, a tracer's span: what async functions see, the others see too."""
    who = contextvars.ContextVar("who", default="")
    who.set("Maria")
    name, seen = await call(lambda: (threading.current_thread().name, who.get()))
    assert name.startswith("whatsapp-user-")
    assert seen == "Maria"


async def test_what_it_raises_and_what_it_returns() -> None:
    """An error is the caller's; a coroutine that it returns is awaited."""

    async def later() -> str:
        return "later"

    with pytest.raises(ZeroDivisionError):
        await call(lambda: 1 / 0)
    assert await call(lambda: later()) == "later"
    assert await call(later) == "later"


def test_threads_are_made_when_needed_and_used_again() -> None:
    """One call after the other needs one thread."""
    threads = DaemonThreads(8, "one")
    names = {threads.submit(lambda: threading.current_thread().name).result(PATIENCE) for _ in range(20)}
    assert names == {"one-1"}


def test_calls_that_have_to_wait_are_told_once(released: threading.Event) -> None:
    """They run when a thread is free again; those that nobody waits for any longer do not."""
    threads, ran = DaemonThreads(2, "few"), []
    with capture_logs() as logs:
        busy = [threads.submit(released.wait, PATIENCE) for _ in range(2)]
        assert logs == []
        given_up = threads.submit(ran.append, "given up")
        waits = threads.submit(ran.append, "waits")
    [told] = logs
    assert (told["event"], told["log_level"]) == ("whatsapp.threads.busy", "warning")
    assert (told["threads"], told["waiting"]) == (2, 1)
    assert given_up.cancel()
    released.set()
    waits.result(PATIENCE)
    assert [each.result(PATIENCE) for each in busy] == [True, True]
    assert ran == ["waits"]
