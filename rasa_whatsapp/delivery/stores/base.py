"""What every store can do; the three stores behave alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rasa_whatsapp.delivery.pacing import Pace
from rasa_whatsapp.delivery.rows import Arrival, Contact, Depth, Draft, Forgotten, Record, Row, Waiting
from rasa_whatsapp.delivery.statuses import StatusBoard

REMEMBERED = 7 * 24 * 3600.0
"""Seconds for which an id counts as known: Meta redelivers for up to 7 days."""


LANES = ("turn", "answer")
"""What came in, and what goes out."""

BEHIND = 100
"""How many rows behind the head a lane shows."""


class Lane(Protocol):
    """Rows in order of arrival, conversation by conversation; each conversation has one owner at a time."""

    async def claim(self) -> str:
        """Waits for a conversation that has rows; the caller owns it until ``release``.

        Several may wait at once, in one process too: each gets another conversation.
        """

    async def advance(self, conversation: str, done: Row | None = None, receipt: str = "") -> Row | None:
        """Marks ``done`` as done and the conversation's next row as running, in one transaction."""

    async def behind(self, conversation: str) -> list[Waiting]:
        """The rows that wait behind the head, in order; at most a hundred."""

    async def give_back(self, row: Row, reason: str, failed: bool = False) -> None:
        """The row is known not to have happened; it stays the head and waits.

        Args:
            failed: it was tried and has failed, which ``Row.failures`` counts.
        """

    async def bury(self, row: Row, reason: str) -> None:
        """Makes the row a dead letter: out of the way, kept for a person to look at."""

    async def release(self, conversation: str) -> None:
        """Gives the conversation up; if it has rows, it goes behind the others that wait to be claimed."""


class Records(Protocol):
    """What a person sees and mends, also from another process while the bot runs.

    A lane is called ``turn`` or ``answer``; a state ``waiting``, ``running``, ``dead`` or ``done``. Every
    method raises ``errors.StoreError`` when the store cannot be read or written.
    """

    async def open(self) -> None:
        """Opens files and connections, inside the running loop."""

    async def close(self) -> None:
        """Closes them."""

    async def rows(self, lane: str, state: str, limit: int) -> list[Record]:
        """The newest rows in that state, newest first, without their bodies."""

    async def find(self, id: str) -> list[Record]:
        """The rows with that id, with their bodies."""

    async def depth(self, lane: str) -> Depth:
        """How much waits or is being worked on."""

    async def retry(self, lane: str, id: str) -> bool:
        """Puts a dead letter behind its conversation's rows as if it had just come; says if there was one."""

    async def settle(self, id: str) -> bool:
        """Marks a dead letter's answer as sent, for WhatsApp had it after all; says if there was one."""

    async def purge(self, lane: str, state: str, before: float) -> int:
        """Deletes rows that are ``dead`` or ``done`` and came before that time; says how many.

        The id of a ``done`` row is no longer known afterwards.
        """

    async def forget(self, name: str) -> Forgotten:
        """Erases everybody who goes by a name such as ``phone:5561…`` or ``user_id:BR.…``.

        Their names, contacts, rows in every state and all values on the shelf that they own are deleted.
        """


class Store(Protocol):
    """The inbox, the outbox and a small key-value shelf, behind one door.

    Every method raises ``errors.StoreError`` when the store cannot be read or written just now;
    then nothing was kept.
    """

    @property
    def pacer(self) -> Pace:
        """Hands out sending times to everyone who sends from this store."""

    @property
    def statuses(self) -> StatusBoard:
        """Brings word of what became of a message to whoever waits for it, in whichever process."""

    @property
    def records(self) -> Records:
        """A view of all rows for people; open while the store is."""

    @property
    def turns(self) -> Lane:
        """What came in and still has to be handled."""

    @property
    def answers(self) -> Lane:
        """What is to be sent and has not been accepted yet."""

    async def open(self) -> None:
        """Opens files and connections, inside the running loop."""

    async def close(self) -> None:
        """Closes them; what is kept stays kept."""

    async def take_in(self, arrivals: Sequence[Arrival]) -> list[str]:
        """Keeps all new arrivals or none.

        Returns:
            The conversation of each arrival, or an empty string for one that was known already.
        """

    async def add_answers(self, conversation: str, drafts: Sequence[Draft]) -> None:
        """Appends the drafts whose id is not there yet, nor among those sent."""

    async def addressee(self, answer: str) -> str | None:
        """The conversation of an answer, by its id, that came within the last seven days."""

    async def contact(self, conversation: str) -> Contact | None:
        """Where the person of this conversation can be reached, if they ever wrote."""

    async def owner(self, alias: str) -> str | None:
        """The conversation that answers to a name such as ``phone:5561…``, if there is one."""

    async def get(self, key: str) -> bytes | None:
        """A value from the shelf, ``None`` when there is none or it has expired."""

    async def set(self, key: str, value: bytes, ttl: float, owner: str = "") -> None:
        """Puts a value on the shelf for ``ttl`` seconds.

        Args:
            owner: the conversation, or the name such as ``phone:5561…``, that the value tells something of;
                it is erased together with that person.
        """
