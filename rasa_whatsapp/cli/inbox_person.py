"""Whom `inbox` is asked to forget: the names they may have in the store, and what was erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rasa_whatsapp.addresses import address, other_form
from rasa_whatsapp.delivery.rows import Forgotten
from rasa_whatsapp.delivery.stores import Records
from rasa_whatsapp.errors import MessageError


class Asked(NamedTuple):
    """A person, as somebody has written them.

    Attributes:
        names: those that are theirs, as ``phone:5561…`` or ``user_id:BR.…``.
        perhaps: the digits of a number that may be theirs, or another person's.
    """

    names: tuple[str, ...]
    perhaps: str = ""

    @classmethod
    def read(cls, person: str) -> Asked:
        """Reads a phone number in any form that a message can be sent to, or a user id.

        Raises:
            MessageError: it is neither.
        """
        wire = address(person)
        if "recipient" in wire:
            return cls((f"user_id:{wire['recipient']}",))
        if wire["recipient_type"] != "individual":
            raise MessageError("PERSON", "is neither a phone number (+5561…) nor a WhatsApp user id (BR.…)")
        digits = wire["to"].removeprefix("+")
        other = other_form(digits)
        if other is None:
            return cls((f"phone:{digits}",))
        if not other.certain:
            return cls((f"phone:{digits}",), other.digits)
        return cls((f"phone:{digits}", f"phone:{other.digits}"))

    @property
    def shown(self) -> tuple[str, ...]:
        """The digits and user ids to show to whoever asks."""
        return tuple(name.partition(":")[2] for name in self.names)


async def forget(records: Records, asked: Asked) -> Forgotten:
    """Erases the person under each of their names."""
    return _together([await records.forget(name) for name in asked.names])


def _together(parts: Sequence[Forgotten]) -> Forgotten:
    return Forgotten(
        conversations=tuple(dict.fromkeys(key for part in parts for key in part.conversations)),
        names=sum(part.names for part in parts),
        turns=sum(part.turns for part in parts),
        answers=sum(part.answers for part in parts),
        values=sum(part.values for part in parts),
        running=sum(part.running for part in parts),
    )


def erased(forgotten: Forgotten, asked: Asked) -> str:
    """What was erased, and what lies elsewhere."""
    if forgotten.conversations or forgotten.values:
        lines = [
            f"Erased: {forgotten.names} names, {forgotten.turns} messages, {forgotten.answers} answers and "
            f"{forgotten.values} other values."
        ]
    else:
        lines = [f"Nothing is kept here of {' or '.join(asked.shown)}."]
    if forgotten.conversations:
        lines.append(
            "Not ours, and still there: Rasa's tracker store keeps the conversation under the sender id "
            f"{', '.join(forgotten.conversations)}; log files, downloaded media and backups may too."
        )
    if forgotten.running:
        lines.append("The bot was working for this person just now: run this again when it is done.")
    if asked.perhaps:
        lines.append(
            f"Left alone: {asked.perhaps}, the same number but for the ninth digit, because it may be "
            f"another person's. If it is theirs: rasa-whatsapp inbox forget +{asked.perhaps}"
        )
    return "\n".join(lines)
