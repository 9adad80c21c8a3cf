"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version


def machine() -> str:
    """One line: processors, versions, the day, and how busy the machine is before anything is measured."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (
        f"{cores} cores of {_processor()}, Python {platform.python_version()}, Rasa {version('rasa')}, "
        f"{date.today():%Y-%m-%d}; load average before: {load:.1f}"
    )


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.machine()
