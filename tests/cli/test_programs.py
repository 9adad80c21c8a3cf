"""Programs live and die together."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from rasa_whatsapp.cli.programs import Program, ProgramFailed, Programs

FOR_EVER = "import signal; print('here', flush=True); signal.pause()"
STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); " + FOR_EVER
WITH_CHILD = (
    "import subprocess, sys; "
    f"child = subprocess.Popen([sys.executable, '-c', {FOR_EVER!r}], stdout=subprocess.DEVNULL); "
    "print(child.pid, flush=True); " + FOR_EVER
)
FAILING = "import sys; [print('line', n) for n in range(100)]; sys.exit(3)"


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


async def has_printed(program: Program, words: str) -> None:
    async def watch() -> None:
        while words not in program.printed():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(watch(), 20)


async def has_ended(pid: int) -> None:
    """Return when a process that is not ours to wait for has ended."""

    async def watch() -> None:
        while is_running(pid):
            await asyncio.sleep(0.01)

    await asyncio.wait_for(watch(), 20)


def is_running(pid: int) -> bool:
    """Whether a process works; one that has ended and only waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.fixture
async def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path, os.environ, grace=0.2)


async def test_one_that_dies_ends_the_others_and_shows_its_last_lines(
    programs: Programs, tmp_path: Path
) -> None:
    """Its log is shown from the end, and the work stops at once."""
    async with programs:
        steady = await programs.start("steady", python(FOR_EVER), cwd=tmp_path)
        await has_printed(steady, "here")
        await programs.start("failing one", python(FAILING), cwd=tmp_path)
        with pytest.raises(ProgramFailed, match="ended with code 3") as death:
            await programs.during(asyncio.Event().wait())
    assert str(death.value).startswith("failing one")
    assert "line 99" in str(death.value)
    assert "line 10\n" not in str(death.value)
    assert not is_running(steady.pid)


async def test_the_work_ends_and_so_do_the_programs(programs: Programs, tmp_path: Path) -> None:
    """Nothing is left behind, and an end that was asked for is no death."""
    async with programs:
        steady = await programs.start("steady", python(FOR_EVER), cwd=tmp_path)
        assert await programs.during(asyncio.sleep(0, "done")) == "done"
    assert not is_running(steady.pid)


async def test_what_a_program_has_started_ends_with_it(programs: Programs, tmp_path: Path) -> None:
    """A whole process group is stopped."""
    async with programs:
        parent = await programs.start("parent", python(WITH_CHILD), cwd=tmp_path)
        await has_printed(parent, "here")
        child = int(parent.printed().split()[0])
        assert is_running(child)
    await has_ended(child)


async def test_a_stubborn_program_is_killed(programs: Programs, tmp_path: Path) -> None:
    """Asking first, then not asking."""
    async with programs:
        stubborn = await programs.start("stubborn", python(STUBBORN), cwd=tmp_path)
        await has_printed(stubborn, "here")
    assert not is_running(stubborn.pid)
    assert stubborn.ending() == "was ended by signal 9"


async def test_a_second_interruption_leaves_nobody_behind(programs: Programs, tmp_path: Path) -> None:
    """Ctrl-C while everything is being stopped changes nothing."""
    started = asyncio.Event()
    stubborn: list[Program] = []

    async def work() -> None:
        async with programs:
            stubborn.append(await programs.start("stubborn", python(STUBBORN), cwd=tmp_path))
            await has_printed(stubborn[0], "here")
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_running(stubborn[0].pid)


async def test_a_program_that_is_to_end(programs: Programs, tmp_path: Path) -> None:
    """Training ends by itself; only a bad exit code is a death."""
    async with programs:
        await programs.run("training", python("print('trained')"), cwd=tmp_path)
        with pytest.raises(ProgramFailed, match="line 99"):
            await programs.run("training", python(FAILING), cwd=tmp_path)
