"""A gateway for tests of sending, and what stands beside it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence

from rasa_whatsapp import events, messages
from rasa_whatsapp.delivery.directory import Directory
from rasa_whatsapp.delivery.identity import Identity
from rasa_whatsapp.delivery.knocker import Knocker
from rasa_whatsapp.delivery.outbox import Outbox
from rasa_whatsapp.delivery.stores import Store


class Wire:
    """A gateway that notes what is sent and fails as it is told."""

    phone_number_id = "100"
    throughput = 80.0

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.times: list[float] = []
        self.ids: list[str] = []
        self.failures: deque[Exception | None] = deque()
        self.changed = asyncio.Condition()
        self.holding: dict[str, asyncio.Event] = {}

    async def send(self, message: messages.Message, to: str, outbox_id: str) -> str:
        self.ids.append(outbox_id)
        if to in self.holding:
            await self.holding[to].wait()
        if self.failures and (failure := self.failures.popleft()) is not None:
            raise failure
        async with self.changed:
            body = message.body if isinstance(message, messages.Text) else type(message).__name__
            self.sent.append((to, body))
            self.times.append(time.monotonic())
            self.changed.notify_all()
        return f"wamid.{len(self.sent)}"

    async def until(self, count: int) -> list[tuple[str, str]]:
        """Waits until so many messages have been sent."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: len(self.sent) >= count), 10)
        return self.sent

    def challenge(self, query: Mapping[str, str]) -> str | None:
        raise AssertionError

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        raise AssertionError

    def parse(self, body: bytes) -> Sequence[events.Event]:
        raise AssertionError

    async def mark_read(self, message_id: str, typing: bool) -> None:
        raise AssertionError

    async def close(self) -> None:
        raise AssertionError


def knocker(store: Store, template: messages.Template | None = None) -> Knocker:
    """Knocks for the wire's number, where there is a template."""
    directory = Directory(store, Identity("phone", per_number=False), ["100"])
    return Knocker(store, Outbox(store), directory, {"100": template} if template else {})
