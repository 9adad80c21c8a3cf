"""What the figures were taken on, and what a process takes of it."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """One line: processors, versions, the day, and how busy the machine is before anything is measured."""
    load = os.getloadavg()[0]
    return (
        f"{cores()} cores of {_processor()}, Python {platform.python_version()}, Rasa {version('rasa')}, "
        f"{date.today():%Y-%m-%d}; load average before: {load:.1f}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def cores() -> int:
    """How many processors there are for all that is measured."""
    return len(os.sched_getaffinity(0))


def resident_bytes(pid: int) -> int:
    """The memory that a process holds at this moment."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
