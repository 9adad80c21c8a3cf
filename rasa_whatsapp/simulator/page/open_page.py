"""A page that somebody has open: what is still to be told to it."""

from __future__ import annotations

import asyncio

from aiohttp import web

_PACKETS_WAITING = 10_000
_BREATH = 0.02
"""Seconds from one list of packets to the next; no screen shows more."""


class OpenPage:
    """One open page, and what it is still to be told.

    Args:
        together: it takes lists of packets, so that what has come up meanwhile is told at once. With many
            pages open, and everything told to all of them, that is what keeps them quick.
    """

    def __init__(self, socket: web.WebSocketResponse, *, together: bool) -> None:
        self.socket = socket
        self._together = together
        self._packets: asyncio.Queue[str] = asyncio.Queue(_PACKETS_WAITING)
        self._sending = asyncio.get_running_loop().create_task(self._send_all())

    def show(self, packet: str) -> None:
        """Tell it soon."""
        try:
            self._packets.put_nowait(packet)
        except asyncio.QueueFull:  # a page that stopped reading; it will connect again and start afresh
            self._sending.cancel()

    async def leave(self) -> None:
        """Tell it nothing more."""
        self._sending.cancel()
        await asyncio.gather(self._sending, return_exceptions=True)

    async def _send_all(self) -> None:
        try:
            while True:
                packets = [await self._packets.get()]
                while self._together and not self._packets.empty():
                    packets.append(self._packets.get_nowait())
                await self.socket.send_str(f"[{','.join(packets)}]" if self._together else packets[0])
                if self._together:
                    await asyncio.sleep(_BREATH)
        except ConnectionError:
            return
        finally:
            await self.socket.close()
