"""What events are made of: people, numbers, contact cards, errors.

Source: Meta, Cloud API, Webhooks, "messages".
"""

import re
from typing import Any

import msgspec

from rasa_whatsapp.masking import mask_phone


def snake_case(class_name: str) -> str:
    """``FlowReply`` is ``flow_reply`` in JSON."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of an event: immutable, compared by content, silent about personal data in its ``repr``."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The fields that logs, tracebacks and debuggers may show; nobody's words, name or full number."""
        return []

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({shown})"


class Person(Value, frozen=True, kw_only=True):
    """A WhatsApp user, as far as this event knows them; each field may be empty, even all of them.

    Attributes:
        phone: the number's digits exactly as received, without ``+``. A Brazilian number may lack its ninth
            digit; it is the user's WhatsApp id and must not be repaired.
        user_id: the business-scoped user id (BSUID), for example ``BR.40917``. It changes with the number.
        parent_user_id: the same person for a group of businesses, ``BR.ENT.…``; rarely present.
        name: the profile name, chosen by the user.
        username: the user's ``@`` name, without ``@``; it may change at any time, so it is for display only.

    Source: Meta, Business-scoped user IDs.
    """

    phone: str = ""
    user_id: str = ""
    parent_user_id: str = ""
    name: str = ""
    username: str = ""

    @property
    def address(self) -> str:
        """Where an answer goes: ``+digits`` when the number is known, else the BSUID, else empty."""
        return f"+{self.phone}" if self.phone else self.user_id or self.parent_user_id

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every name under which this person may be recognised: ``("phone:5561…", "user_id:BR.…")``."""
        names = [f"phone:{self.phone}"] if self.phone else []
        if self.user_id:
            names.append(f"user_id:{self.user_id}")
        if self.parent_user_id:
            names.append(f"user_id:{self.parent_user_id}")
        return tuple(names)

    def __bool__(self) -> bool:
        """True when the person can be recognised and answered; a name alone does not suffice."""
        return bool(self.phone or self.user_id or self.parent_user_id)

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("phone", mask_phone(self.phone)), ("user_id", self.user_id)]


class Number(Value, frozen=True, kw_only=True):
    """The business number that was written to. Route by ``phone_number_id``; ``display`` is for people."""

    phone_number_id: str = ""
    display: str = ""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("phone_number_id", self.phone_number_id)]


class Context(Value, frozen=True, kw_only=True):
    """What a message answers (``id`` of the quoted message and its ``sender``), or that it was forwarded.

    A forwarded message has neither ``id`` nor ``sender``. ``product`` holds ``catalog_id`` and
    ``product_retailer_id`` when the user asks about a product.
    """

    id: str = ""
    sender: str = ""
    forwarded: bool = False
    frequently_forwarded: bool = False
    product: dict[str, Any] | None = None


class Referral(Value, frozen=True, kw_only=True):
    """The advertisement or post from which the user came; on the first message only.

    ``source_type`` is ``ad`` or ``post``; ``ctwa_clid`` is Meta's click id, absent for some ads.
    """

    source_url: str = ""
    source_id: str = ""
    source_type: str = ""
    headline: str = ""
    body: str = ""
    media_type: str = ""
    image_url: str = ""
    video_url: str = ""
    thumbnail_url: str = ""
    ctwa_clid: str = ""
    welcome_text: str = ""


class WireError(Value, frozen=True, kw_only=True):
    """An error as WhatsApp reports it inside a webhook. Source: Meta, Cloud API, Error codes."""

    code: int = 0
    title: str = ""
    message: str = ""
    details: str = ""
    href: str = ""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("code", self.code), ("title", self.title)]


class ContactPhone(Value, frozen=True, kw_only=True):
    """One number of a contact card; ``wa_id`` and ``user_id`` when that number is on WhatsApp."""

    phone: str = ""
    wa_id: str = ""
    user_id: str = ""
    type: str = ""


class Contact(Value, frozen=True, kw_only=True):
    """A contact card. ``formatted_name`` is empty when it was shared through the request-contact button.

    ``origin`` is ``contact_request`` (the user answered a contact request) or ``other``; ``vcard`` comes
    with ``other`` only. ``emails``, ``addresses``, ``urls`` and ``org`` keep WhatsApp's own keys.
    """

    formatted_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    prefix: str = ""
    suffix: str = ""
    phones: tuple[ContactPhone, ...] = ()
    emails: tuple[dict[str, Any], ...] = ()
    addresses: tuple[dict[str, Any], ...] = ()
    urls: tuple[dict[str, Any], ...] = ()
    org: dict[str, Any] | None = None
    birthday: str = ""
    origin: str = ""
    vcard: str = ""


class OrderItem(Value, frozen=True, kw_only=True):
    """One line of an order; ``item_price`` is for one piece, in ``currency`` (ISO 4217)."""

    product_retailer_id: str = ""
    quantity: int = 0
    item_price: float = 0.0
    currency: str = ""
