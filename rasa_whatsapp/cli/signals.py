"""Being asked to stop: Ctrl-C, SIGTERM, or the terminal being closed."""

from __future__ import annotations

import asyncio
import signal

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_requested() -> asyncio.Event:
    """An event that the signals set, in the running loop, instead of ending the process where it stands.

    Asking twice changes nothing: what has been started is stopped in order, within a grace time.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, asked.set)
    return asked
