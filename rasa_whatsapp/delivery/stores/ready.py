"""Which conversations have work, and which are being worked on, inside one process."""

from __future__ import annotations

import asyncio


class Ready:
    """A queue of conversations, each at most once, each owned by at most one worker."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._queued: set[str] = set()
        self._owned: set[str] = set()
        self._again: set[str] = set()

    def add(self, conversation: str) -> None:
        """Says that the conversation has work; its owner, if it has one, will look again."""
        if conversation in self._owned:
            self._again.add(conversation)
        elif conversation not in self._queued:
            self._queued.add(conversation)
            self._queue.put_nowait(conversation)

    async def claim(self) -> str:
        """Waits for a conversation with work; the caller owns it until ``release``."""
        conversation = await self._queue.get()
        self._queued.discard(conversation)
        self._owned.add(conversation)
        return conversation

    def release(self, conversation: str, unfinished: bool) -> None:
        """Gives the conversation up; work that is left, or came meanwhile, puts it at the queue's end."""
        self._owned.discard(conversation)
        if unfinished or conversation in self._again:
            self._again.discard(conversation)
            self.add(conversation)
