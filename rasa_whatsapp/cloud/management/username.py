"""The number's username: the name by which people find it without knowing its phone number.

Source: Meta, Cloud API, Business usernames.
"""

import re

from rasa_whatsapp.cloud.management.node import Node, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.fields import items
from rasa_whatsapp.messages import checks

SHORTEST, LONGEST = 3, 35

_ALLOWED = re.compile(r"[A-Za-z0-9._]+")


class BusinessUsername(Result, frozen=True):
    """A username, empty when there is none; ``status`` is ``approved`` or ``reserved``."""

    username: str = ""
    status: str = ""


class Username:
    """The number's username. Source: Meta, WhatsApp Business Platform, Usernames."""

    def __init__(self, number: Node) -> None:
        self._number = number

    async def get(self) -> BusinessUsername:
        """The username now."""
        return read(BusinessUsername, await self._number.get("username"))

    async def suggestions(self) -> tuple[str, ...]:
        """Names that Meta keeps free for this business."""
        answer = await self._number.get("username_suggestions")
        found = [item.get("username_suggestions") for item in items(answer, "data")]
        return tuple(name for names in found if isinstance(names, list) for name in map(str, names))

    async def set(self, username: str, *, transfer: bool = False) -> BusinessUsername:
        """Claim or change the username; the result knows its ``status``.

        Args:
            username: 3 to 35 letters, digits, ``.`` and ``_``, at least one of them a letter.
            transfer: take it from another number of the same business.

        Raises:
            MessageError: such a name is not allowed.
        """
        _check(username)
        body = {"username": username, "transfer_action": "force_transfer" if transfer else "none"}
        answer = await self._number.post("username", json=body)
        return read(BusinessUsername, {"username": username, **answer})

    async def delete(self) -> None:
        """Give the username up."""
        await self._number.delete("username")


def _check(username: str) -> None:
    checks.text("username", username, LONGEST)
    if len(username) < SHORTEST:
        raise MessageError("username", f"{len(username)} characters, WhatsApp demands at least {SHORTEST}.")
    if not _ALLOWED.fullmatch(username) or not any(map(str.isalpha, username)):
        raise MessageError("username", "may hold letters, digits, . and _ only, and needs a letter.")
    if username.startswith(".") or username.endswith(".") or ".." in username:
        raise MessageError("username", "may neither begin nor end with a full stop, nor hold two in a row.")
    if username.lower().startswith("www"):
        raise MessageError("username", "may not begin with www.")
