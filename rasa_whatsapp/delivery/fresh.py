"""Messages on the short way from the outbox to the sender of the same process."""

from __future__ import annotations

from collections import OrderedDict

from rasa_whatsapp.messages import Message

REMEMBERED = 256
"""Messages; those that wait longer are read from the store."""


class Fresh:
    """Messages that have just been put in: who sends them need not read and check them again."""

    def __init__(self) -> None:
        self._messages: OrderedDict[str, Message] = OrderedDict()

    def put(self, id: str, message: Message) -> None:
        """This is the message of the row ``id``."""
        self._messages[id] = message
        if len(self._messages) > REMEMBERED:
            self._messages.popitem(last=False)

    def take(self, id: str) -> Message | None:
        """The message of the row, once."""
        return self._messages.pop(id, None)
