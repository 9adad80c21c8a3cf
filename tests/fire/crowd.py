"""Many people who each count aloud to the echo bot, through whatever happens to it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from rasa_whatsapp.simulator import Message, Simulator
from rasa_whatsapp.simulator.state import Person
from rasa_whatsapp.simulator.webhook.envelope import message_value

KNOCK_AGAIN = 0.2
"""Seconds before a webhook that was not answered 200 is posted again."""
OURS = "rw:"
"""What stands before the outbox's id in ``biz_opaque_callback_data``."""


class Crowd:
    """People who write one message after the other, each when WhatsApp was told 200 for the one before.

    Args:
        whatsapp: carries the messages.
        people: how many there are.
        messages: how many each of them writes.
    """

    def __init__(self, whatsapp: Simulator, people: int, messages: int) -> None:
        self._whatsapp = whatsapp
        self._messages = messages
        self.phones = [f"54911777{number:05}" for number in range(people)]

    async def write(self) -> None:
        """Returns when everything was taken in."""
        await asyncio.gather(*(self._count(phone) for phone in self.phones))

    async def _count(self, phone: str) -> None:
        for number in range(self._messages):
            body = self._webhook(phone, number)
            while (await self._whatsapp.deliver(body)).status != 200:
                await asyncio.sleep(KNOCK_AGAIN)

    def _webhook(self, phone: str, number: int) -> dict[str, Any]:
        """The value of one webhook with one message."""
        person = Person(phone=phone, user_id=f"AR.{phone}", name="María Ação 👍")
        content = {"type": "text", "text": {"body": f"/say{json.dumps({'number': str(number)})}"}}
        message = Message(
            id=message_id(phone, number), user=phone, from_bot=False, at=time.time(), content=content
        )
        return message_value(self._whatsapp.account, person, message)

    def answers(self) -> dict[str, list[Message]]:
        """What each of them has received so far, oldest first."""
        return {
            phone: [message for message in self._whatsapp.user(phone).messages if message.from_bot]
            for phone in self.phones
        }

    async def answered(self, count: int, timeout: float) -> None:
        """Waits until all of them together have received so many different answers."""
        until = time.monotonic() + timeout
        while (so_far := sum(len(distinct(received)) for received in self.answers().values())) < count:
            assert time.monotonic() < until, f"{so_far} of {count} answers within {timeout:g} s"
            await asyncio.sleep(0.05)

    def check_trackers(self, database: Path) -> None:
        """Asserts that each message of each person is in Rasa's SQL tracker store once, in order."""
        with closing(sqlite3.connect(database)) as connection:
            rows = connection.execute(
                "SELECT sender_id, data FROM events WHERE type_name = 'user' ORDER BY id"
            ).fetchall()
        heard: dict[str, list[str]] = {phone: [] for phone in self.phones}
        for phone, data in rows:
            heard[phone].append(json.loads(data)["message_id"])
        expected = {
            phone: [message_id(phone, number) for number in range(self._messages)] for phone in self.phones
        }
        assert heard == expected

    def check_answers(self) -> Counter[str]:
        """Asserts that everyone received every answer, in order.

        Returns:
            The answers that came more than once: by their id in the outbox, how many times too often. With
            Serpro, which does not know these ids, by person and text.
        """
        too_often: Counter[str] = Counter()
        for phone, received in self.answers().items():
            assert distinct(received) == [f"Number {number}" for number in range(self._messages)]
            too_often.update(
                message.opaque.removeprefix(OURS)
                if message.opaque.startswith(OURS)
                else f"{phone} {message.text}"
                for message in received
            )
        return Counter({outbox_id: count - 1 for outbox_id, count in too_often.items() if count > 1})


def message_id(phone: str, number: int) -> str:
    """The id under which somebody's message arrives."""
    return f"wamid.{phone}.{number}"


def distinct(received: list[Message]) -> list[str]:
    """The texts in order of their first arrival."""
    return list(dict.fromkeys(message.text for message in received))
