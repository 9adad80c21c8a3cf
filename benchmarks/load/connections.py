"""Connections to a server that stay open for the next webhook, as many as are needed at once."""

from __future__ import annotations

import asyncio

from benchmarks.load.webhooks import post


class Connections:
    """Opened when all others are in use."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, request: bytes) -> int:
        """Posts over one that is free; returns the status.

        Raises:
            OSError, EOFError: it could not be opened, or was closed.
        """
        reader, writer = await self._take()
        status = await post(reader, writer, request)
        self._idle.append((reader, writer))
        return status

    async def _take(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._open.add(writer)
        return reader, writer

    def close(self) -> None:
        """Closes all."""
        for writer in self._open:
            writer.close()
