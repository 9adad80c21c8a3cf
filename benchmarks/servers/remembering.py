"""A server whose memory store knows ids when it is opened.

``python -m benchmarks.servers.remembering COUNT``, then what ``benchmarks.servers.channel`` is given.
"""

from __future__ import annotations

import sys
import time

from benchmarks.load.ids import message_id
from benchmarks.servers import channel
from rasa_whatsapp.delivery.stores import MemoryStore


def remember(count: int) -> None:
    """Has every store in memory know so many ids when it is opened."""

    async def opened(store: MemoryStore) -> None:
        now = time.time()
        store._known.update((message_id(f"past{number}"), now) for number in range(count))

    MemoryStore.open = opened  # type: ignore[method-assign]


if __name__ == "__main__":
    remember(int(sys.argv[1]))
    channel.main(*sys.argv[2:])
