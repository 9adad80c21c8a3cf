"""Programs that run together: when one ends, all end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

GRACE = 8.0
"""Seconds that a program has between being asked to end and being killed."""
LAST_LINES = 15

_T = TypeVar("_T")


class PartFailed(Exception):
    """A program does not work; the message shows the last lines of its log."""

    def __init__(self, part: Part, how: str) -> None:
        super().__init__(f"{part.name} {how}. Its last lines, from {part.log}:\n\n{part.last_lines()}")


class Part:
    """One program in a process group of its own, so that nothing it starts outlives it."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.log = log
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ended(self) -> int:
        """Wait for its end; the exit code."""
        return await self._process.wait()

    def ending(self) -> str:
        """How it ended, in words."""
        code = self._process.returncode
        return f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"

    def printed(self) -> str:
        """Its log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def last_lines(self) -> str:
        """The end of its log."""
        return "\n".join(self.printed().rstrip().splitlines()[-LAST_LINES:]) or "(it printed nothing)"

    async def stop(self, grace: float = GRACE) -> None:
        """Ask it to end, and end it; with whatever it has started."""
        self._signal(signal.SIGTERM)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._process.wait(), grace)
        self._signal(signal.SIGKILL)
        await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)


class Parts:
    """Programs that need each other; an async context manager that stops them all at its end.

    Args:
        logs: the folder for one log file of each.
        environment: what they see as their environment.
        grace: seconds that each has to end when it is asked.
    """

    def __init__(self, logs: Path, environment: Mapping[str, str], grace: float = GRACE) -> None:
        self._logs = logs
        self._environment = dict(environment)
        self._grace = grace
        self._parts: list[Part] = []
        self._watchers: list[asyncio.Task[None]] = []
        self._death: asyncio.Future[PartFailed] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Parts:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for watcher in self._watchers:
            watcher.cancel()
        stopping = asyncio.ensure_future(asyncio.gather(*(part.stop(self._grace) for part in self._parts)))
        try:
            await asyncio.shield(stopping)
        except asyncio.CancelledError:
            await stopping  # nobody may be left behind by a second Ctrl-C
            raise

    async def start(
        self, name: str, command: Sequence[str], *, cwd: Path, environment: Mapping[str, str] = {}
    ) -> Part:
        """Start a program that is to go on until the end."""
        part = await self._launch(name, command, cwd, environment)
        self._watchers.append(asyncio.get_running_loop().create_task(self._watch(part)))
        return part

    async def run(
        self, name: str, command: Sequence[str], *, cwd: Path, environment: Mapping[str, str] = {}
    ) -> None:
        """Run a program to its end.

        Raises:
            PartFailed: its exit code is not 0.
        """
        part = await self._launch(name, command, cwd, environment)
        if await part.ended() != 0:
            raise PartFailed(part, part.ending())

    async def during(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Do something for which all programs must be alive.

        Raises:
            PartFailed: one of them, the work's own included, has ended before.
        """
        task = asyncio.get_running_loop().create_task(work)
        try:
            either: set[asyncio.Future[Any]] = {task, self._death}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if self._death.done():
                raise self._death.result()
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _launch(
        self, name: str, command: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> Part:
        log = self._logs / f"{name.lower().replace(' ', '-')}.log"
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=cwd,
                env={**self._environment, **environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        part = Part(name, process, log)
        self._parts.append(part)
        return part

    async def _watch(self, part: Part) -> None:
        await part.ended()
        if not self._death.done():
            self._death.set_result(PartFailed(part, part.ending()))
