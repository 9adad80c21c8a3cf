"""What the stores keep: arrivals on the way in, rows waiting in a lane, contacts."""

from __future__ import annotations

import msgspec


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person can be reached and by which of our numbers they last wrote.

    Attributes:
        phone: digits as they last arrived, empty when WhatsApp hides them.
        user_id: the business-scoped user id, empty when none was sent.
        number: the ``phone_number_id`` that was last written to.
        seen: when they last wrote, in seconds since 1970; opens the 24-hour window.
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
        interrupted: it was running when its process died.
    """

    seq: int
    id: str
    conversation: str
    body: bytes
    attempts: int
    interrupted: bool
    at: float
