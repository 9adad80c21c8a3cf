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

_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONUNBUFFERED": "1"}

_T = TypeVar("_T")


class ProgramFailed(Exception):
    """A program does not work; the message shows the last lines of its log."""

    def __init__(self, program: Program, how: str) -> None:
        super().__init__(
            f"{program.name} {how}. Its last lines, from {program.log}:\n\n{program.last_lines()}"
        )


class Program:
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


class Programs:
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
        self._programs: list[Program] = []
        self._watchers: list[asyncio.Task[None]] = []
        self._death: asyncio.Future[ProgramFailed] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Programs:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for watcher in self._watchers:
            watcher.cancel()
        stopping = asyncio.ensure_future(
            asyncio.gather(*(program.stop(self._grace) for program in self._programs))
        )
        try:
            await asyncio.shield(stopping)
        except asyncio.CancelledError:
            await stopping  # nobody may be left behind by a second Ctrl-C
            raise

    async def start(
        self, name: str, command: Sequence[str], *, cwd: Path, environment: Mapping[str, str] = {}
    ) -> Program:
        """Start a program that is to go on until the end."""
        program = await self._launch(name, command, cwd, environment)
        self._watchers.append(asyncio.get_running_loop().create_task(self._watch(program)))
        return program

    async def run(
        self, name: str, command: Sequence[str], *, cwd: Path, environment: Mapping[str, str] = {}
    ) -> None:
        """Run a program to its end.

        Raises:
            ProgramFailed: its exit code is not 0.
        """
        program = await self._launch(name, command, cwd, environment)
        if await program.ended() != 0:
            raise ProgramFailed(program, program.ending())

    async def during(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Do something for which all programs must be alive.

        Raises:
            ProgramFailed: one of them, the work's own included, has ended before.
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
    ) -> Program:
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
        program = Program(name, process, log)
        self._programs.append(program)
        return program

    async def _watch(self, program: Program) -> None:
        await program.ended()
        if not self._death.done():
            self._death.set_result(ProgramFailed(program, program.ending()))


def environment() -> dict[str, str]:
    """What the programs see: the user's environment, without the settings of a WhatsApp number of theirs.

    A proxy of theirs is for the world outside, not for the ports of this machine.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WHATSAPP_", "WPP_"))}
    unproxied = ",".join(filter(None, [kept.get("no_proxy") or kept.get("NO_PROXY"), "127.0.0.1"]))
    return {**kept, "no_proxy": unproxied, "NO_PROXY": unproxied, **_QUIET}
