"""What the stores keep: arrivals on the way in, rows waiting in a lane, contacts."""

from __future__ import annotations

import msgspec


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person can be reached and by which of our numbers they last wrote.

    Attributes:
        phone: digits as they last arrived, empty when WhatsApp hides them.
        user_id: the business-scoped user id, empty when none was sent.
        number: the ``phone_number_id`` that was last written to.
        seen: when the last message of theirs, or word of how they are reached, came here, in seconds since
            1970; the 24-hour window is taken to have opened then.
    """

    phone: str = ""
    user_id: str = ""
    number: str = ""
    seen: float = 0.0

    @property
    def address(self) -> str:
        """What to answer to: ``+digits``, else the business-scoped user id."""
        return f"+{self.phone}" if self.phone else self.user_id


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """One event that must not be lost, on its way into the store.

    Attributes:
        id: what "once" is keyed by.
        wanted: the conversation's key if nobody known answers to one of the aliases.
        aliases: the names of this person, for example ``phone:5561…`` and ``user_id:BR.…``.
        forget: an alias that this arrival takes from its owner (a phone number given up).
        contact: where to answer; ``None`` leaves what is known as it is.
        body: the encoded event.
        at: when it arrived, in seconds since 1970.
    """

    id: str
    wanted: str
    aliases: tuple[str, ...] = ()
    forget: str = ""
    contact: Contact | None = None
    body: bytes = b""
    at: float = 0.0


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An answer on its way into the outbox; the same id is kept only once."""

    id: str
    body: bytes
    at: float


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A row that waits behind the head of its conversation's lane."""

    id: str
    body: bytes
    at: float


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The head of one conversation's lane, marked as running.

    Attributes:
        seq: the store's own order; only the store reads it.
        id: the event's or the answer's id.
        attempts: how often it was begun, this time included.
        failures: how many of the times before ended with a failure, or with the death of the process; where
            something that it needs was away, it has not failed.
        interrupted: it was running when its process died.
        begun_ago: seconds since it was begun then, as far as the store knows: at least so many.
        retried: it was a dead letter, and a person wants it tried once more.
    """

    seq: int
    id: str
    conversation: str
    body: bytes
    attempts: int
    interrupted: bool
    at: float
    failures: int = 0
    begun_ago: float = 0.0
    retried: bool = False


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A row as a person looks at it.

    Attributes:
        lane: ``turn`` or ``answer``.
        state: ``waiting``, ``running``, ``dead`` or ``done``.
        reason: why it was given back or became a dead letter; empty when neither happened.
        receipt: WhatsApp's id of an answer that was sent.
        body: the encoded event or envelope; empty in lists, and when the row is done.
    """

    lane: str
    id: str
    conversation: str
    state: str
    attempts: int
    at: float
    reason: str = ""
    receipt: str = ""
    body: bytes = b""


class Depth(msgspec.Struct, frozen=True):
    """How many rows of a lane wait or are being worked on, and when the oldest came, if there are any."""

    rows: int
    oldest: float | None


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What was erased of a person.

    Attributes:
        conversations: their keys, which are Rasa's sender ids.
        names: phone numbers and user ids that led to them.
        turns: rows that came in, in every state.
        answers: rows that went out, in every state.
        values: entries of the key-value shelf.
        running: how many of the rows were being worked on; their work may write down a little more.
    """

    conversations: tuple[str, ...]
    names: int = 0
    turns: int = 0
    answers: int = 0
    values: int = 0
    running: int = 0
