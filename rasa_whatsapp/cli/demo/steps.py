"""What is being done and for how long: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """Shows steps one below the other; they may overlap.

    ``with Steps(console) as steps: with steps.step("Rasa"): …``
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
        )

    def __enter__(self) -> Steps:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._progress.stop()

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """One step; done when the block ends without an exception."""
        began = time.monotonic()
        task = self._progress.add_task(what, total=1)
        try:
            yield
        except BaseException:
            self._progress.stop_task(task)
            raise
        self._progress.update(task, completed=1)
        if not self._console.is_terminal:
            self._console.print(f"✓ {what} ({time.monotonic() - began:.1f} s)")
