"""Business phone numbers: what Meta knows about them, and how one is verified and registered.

Source: Meta, Cloud API, Business phone numbers.
"""

import re
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from rasa_whatsapp.cloud.management.node import PAGE, Node, field_names, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks

CODE_METHODS = ("SMS", "VOICE")

_PIN = re.compile(r"[0-9]{6}")


class PhoneNumber(Result, frozen=True):
    """A business number as Meta knows it.

    Attributes:
        quality_rating: ``GREEN``, ``YELLOW``, ``RED`` or ``UNKNOWN``.
        status: ``CONNECTED``, ``PENDING``, ``FLAGGED``, ``RESTRICTED`` …
        throughput: ``{"level": "STANDARD"}`` (80 messages a second) or ``HIGH`` (1000).
    """

    id: str = ""
    display_phone_number: str = ""
    verified_name: str = ""
    quality_rating: str = ""
    status: str = ""
    name_status: str = ""
    code_verification_status: str = ""
    platform_type: str = ""
    throughput: dict[str, Any] = msgspec.field(default_factory=dict)


class Numbers:
    """The account's numbers, and the life of the client's own one.

    Source: Meta, Cloud API, Business phone numbers; Registration; Two-step verification.
    """

    def __init__(self, number: Node, account: Node) -> None:
        self._number = number
        self._account = account

    async def list(self) -> AsyncIterator[PhoneNumber]:
        """Each number of the account.

        Raises:
            SettingsError: the client has no ``waba_id``.
        """
        found = self._account.items("phone_numbers", fields=field_names(PhoneNumber), limit=PAGE)
        async for number in found:
            yield read(PhoneNumber, number)

    async def get(self, phone_number_id: str = "") -> PhoneNumber:
        """One number; the client's own unless another id is given."""
        node = self._number.other(phone_number_id) if phone_number_id else self._number
        return read(PhoneNumber, await node.get(fields=field_names(PhoneNumber)))

    async def request_code(self, method: str = "SMS", language: str = "en_US") -> None:
        """Let Meta send a verification code to the number, by ``SMS`` or ``VOICE``, in a language.

        Raises:
            MessageError: another method.
        """
        checks.one_of("method", method, CODE_METHODS)
        checks.identifier("language", language)
        await self._number.post("request_code", json={"code_method": method, "language": language})

    async def verify_code(self, code: str) -> None:
        """Prove that the number is yours, with the six digits that came; a hyphen between them is allowed.

        Raises:
            MessageError: not six digits.
        """
        digits = _six_digits("code", code.replace("-", "").strip())
        await self._number.post("verify_code", json={"code": digits}, private=digits)

    async def register(self, pin: str, *, data_localization_region: str = "") -> None:
        """Register the number for the Cloud API; at most 10 times within 72 hours.

        Args:
            pin: the number's six-digit two-step verification PIN, or the one it shall get.
            data_localization_region: a country such as ``BR``, where messages are to be kept at rest.

        Raises:
            MessageError: the PIN is not six digits.
        """
        body = {"messaging_product": "whatsapp", "pin": _six_digits("pin", pin)}
        if data_localization_region:
            body["data_localization_region"] = data_localization_region
        await self._number.post("register", json=body, private=pin)

    async def deregister(self) -> None:
        """Take the number off the Cloud API: it receives and sends nothing until it is registered again."""
        await self._number.post("deregister", json={})

    async def set_pin(self, pin: str) -> None:
        """Set or change the two-step verification PIN.

        Raises:
            MessageError: not six digits.
        """
        await self._number.post(json={"pin": _six_digits("pin", pin)}, private=pin)


def _six_digits(field: str, value: str) -> str:
    if not _PIN.fullmatch(value):
        raise MessageError(field, "must be six digits.")
    return value
