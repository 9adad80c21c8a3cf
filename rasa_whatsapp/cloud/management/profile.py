"""The business profile: what people see when they tap the business's name.

Source: Meta, Cloud API, Business profiles.
"""

from collections.abc import Sequence
from typing import Any

from rasa_whatsapp.cloud.management.node import Node, field_names, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.fields import items
from rasa_whatsapp.messages import checks

ABOUT = 139
ADDRESS = 256
DESCRIPTION = 512
EMAIL = 128
WEBSITES = 2
WEBSITE = 256


class BusinessProfile(Result, frozen=True):
    """A number's business profile; ``profile_picture_url`` is an address that expires."""

    about: str = ""
    address: str = ""
    description: str = ""
    email: str = ""
    profile_picture_url: str = ""
    websites: tuple[str, ...] = ()
    vertical: str = ""


class Profile:
    """The business profile of the number. Source: Meta, Cloud API, Business profiles."""

    def __init__(self, number: Node) -> None:
        self._number = number

    async def get(self) -> BusinessProfile:
        """The profile as it is now."""
        answer = await self._number.get("whatsapp_business_profile", fields=field_names(BusinessProfile))
        return read(BusinessProfile, next(iter(items(answer, "data")), {}))

    async def update(
        self,
        *,
        about: str | None = None,
        address: str | None = None,
        description: str | None = None,
        email: str | None = None,
        websites: Sequence[str] | None = None,
        vertical: str | None = None,
        profile_picture_handle: str | None = None,
    ) -> None:
        """Change what is given and leave the rest; an empty text clears a field.

        Args:
            about: 1 to 139 characters (UTF-16 code units); it alone cannot be cleared.
            address: up to 256. description: up to 512. email: up to 128.
            websites: up to 2 http(s) URLs of up to 256 characters; they replace the former ones.
            vertical: the industry, such as ``RETAIL`` or ``GOVT``.
            profile_picture_handle: of a picture uploaded by Meta's Resumable Upload API.

        Raises:
            MessageError: a limit is broken, or nothing is given.
        """
        if about is not None:
            checks.text("about", about, ABOUT)
        checks.optional("address", address or "", ADDRESS)
        checks.optional("description", description or "", DESCRIPTION)
        checks.optional("email", email or "", EMAIL)
        for index, website in enumerate(checks.parts("websites", websites or (), str, WEBSITES, 0)):
            checks.url(f"websites[{index}]", website)
            checks.text(f"websites[{index}]", website, WEBSITE)
        given: dict[str, Any] = {
            "about": about,
            "address": address,
            "description": description,
            "email": email,
            "websites": None if websites is None else [*websites],
            "vertical": vertical,
            "profile_picture_handle": profile_picture_handle,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        if not changes:
            raise MessageError("about", "and every other field are not given: there is nothing to change.")
        body = {"messaging_product": "whatsapp", **changes}
        await self._number.post("whatsapp_business_profile", json=body)
