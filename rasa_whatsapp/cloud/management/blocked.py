"""The block list: people who can neither write to the number nor be written to.

Source: Meta, Cloud API, Block users.
"""

from collections.abc import AsyncIterator
from typing import Any

from rasa_whatsapp.addresses import address
from rasa_whatsapp.cloud.management.node import PAGE, Node, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.fields import items
from rasa_whatsapp.masking import mask_phone


class BlockedUser(Result, frozen=True):
    """A blocked person, by phone (digits, as WhatsApp writes it) or business-scoped user id."""

    wa_id: str = ""
    user_id: str = ""

    def __repr__(self) -> str:
        return f"BlockedUser(wa_id={mask_phone(self.wa_id)!r}, user_id={self.user_id!r})"


class Blocked:
    """The number's block list, of up to 64 000 people. Source: Meta, Cloud API, Block users."""

    def __init__(self, number: Node) -> None:
        self._number = number

    async def list(self) -> AsyncIterator[BlockedUser]:
        """Each blocked person."""
        async for item in self._number.items("block_users", limit=PAGE):
            # Meta's reference lists people, its guide lists objects that hold people.
            for person in items(item, "block_users") if "block_users" in item else [item]:
                yield read(BlockedUser, person)

    async def add(self, user: str) -> None:
        """Block somebody; only possible within 24 hours of their last message.

        Args:
            user: a phone number with country code in any form, or a business-scoped user id.

        Raises:
            MessageError: it is neither.
        """
        who, private = _person(user)
        await self._number.post("block_users", json=who, private=private)

    async def remove(self, user: str) -> None:
        """Unblock somebody.

        Raises:
            MessageError: as `add`.
        """
        who, private = _person(user)
        await self._number.delete("block_users", json=who, private=private)


def _person(user: str) -> tuple[dict[str, Any], str]:
    to = address(user)
    if to["recipient_type"] != "individual":
        raise MessageError("user", "must be a phone number or a business-scoped user id.")
    who = {"user": to["to"]} if "to" in to else {"user_id": to["recipient"]}
    private = to["to"].removeprefix("+") if "to" in to else ""
    return {"messaging_product": "whatsapp", "block_users": [who]}, private
