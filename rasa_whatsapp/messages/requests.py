"""Messages that ask the user for something: a place, a contact, an address, a call."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part, filled
from rasa_whatsapp.messages.frame import (
    Header,
    Interactive,
    check_frame,
    expect,
    read_body,
    read_footer,
    read_header,
)
from rasa_whatsapp.messages.reader import Json, Reader, within


class LocationRequest(Interactive, frozen=True):
    """A text with a button that lets the user share a place; the answer is a location.

    Attributes:
        body: at most 1024 UTF-16 code units.

    Raises:
        MessageError: the body is blank or too long.

    Source: Meta, Cloud API, Location request messages.
    """

    KIND: ClassVar[str] = "location_request_message"

    body: str

    def _check(self) -> None:
        checks.text("body", self.body, limits.BODY)

    def _content(self) -> Json:
        return self._frame({"name": "send_location"}, body=self.body)

    @classmethod
    def _read(cls, body: Reader) -> "LocationRequest":
        interactive = body.object("interactive")
        expect(interactive.object("action"), "name", "send_location")
        return cls(read_body(interactive))


class ContactRequest(Interactive, frozen=True):
    """A text with a button that lets users share their own contact; the answer is a contact card.

    Attributes:
        body: at most 1024 UTF-16 code units.

    Raises:
        MessageError: the body is blank or too long.

    Source: Meta, Cloud API, Request contact information messages (July 2026).
    """

    KIND: ClassVar[str] = "request_contact_info"

    body: str

    def _check(self) -> None:
        checks.text("body", self.body, limits.BODY)

    def _content(self) -> Json:
        return self._frame({"name": "request_contact_info"}, body=self.body)

    @classmethod
    def _read(cls, body: Reader) -> "ContactRequest":
        interactive = body.object("interactive")
        expect(interactive.object("action"), "name", "request_contact_info")
        return cls(read_body(interactive))


class SavedAddress(Part, frozen=True):
    """An address the user can choose instead of typing one.

    Attributes:
        id: comes back as ``saved_address_id``.
        value: the fields of the address, such as ``name``, ``address``, ``city``, ``in_pin_code``.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Address messages.
    """

    id: str
    value: Mapping[str, str]

    def __post_init__(self) -> None:
        checks.identifier("id", self.id)
        force_setattr(self, "value", texts("value", self.value))
        if not self.value:
            raise MessageError("value", "is empty.")


class AddressRequest(Interactive, frozen=True):
    """A text with a button that opens an address form. Works only in India for now.

    Attributes:
        body: at most 1024 UTF-16 code units.
        country: two capital letters.
        values: fields that are filled in already.
        saved_addresses: addresses to choose from.
        validation_errors: what was wrong with the fields of the last answer.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Address messages.
    """

    KIND: ClassVar[str] = "address_message"

    body: str
    country: str = "IN"
    values: Mapping[str, str] = {}
    saved_addresses: Sequence[SavedAddress] = ()
    validation_errors: Mapping[str, str] = {}
    header: Header | None = None
    footer: str = ""

    def _check(self) -> None:
        check_frame(self.body, self.header, self.footer)
        checks.text("country", self.country)
        if not (len(self.country) == 2 and self.country.isascii() and self.country.isupper()):
            raise MessageError("country", "must be two capital letters, such as IN.")
        force_setattr(self, "values", texts("values", self.values))
        force_setattr(self, "validation_errors", texts("validation_errors", self.validation_errors))
        saved = checks.parts("saved_addresses", self.saved_addresses, SavedAddress, None, 0)
        force_setattr(self, "saved_addresses", saved)
        checks.unique([(f"saved_addresses[{i}].id", address.id) for i, address in enumerate(saved)])

    def _content(self) -> Json:
        parameters = filled(
            country=self.country,
            values=self.values,
            saved_addresses=[{"id": saved.id, "value": saved.value} for saved in self.saved_addresses],
            validation_errors=self.validation_errors,
        )
        action = {"name": "address_message", "parameters": parameters}
        return self._frame(action, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "AddressRequest":
        interactive = body.object("interactive")
        action = interactive.object("action")
        expect(action, "name", "address_message")
        parameters = action.object("parameters")
        saved = []
        for index, item in enumerate(parameters.objects("saved_addresses")):
            with within(f"saved_addresses[{index}]"):
                saved.append(SavedAddress(item.text("id"), item.mapping("value")))
        return cls(
            read_body(interactive),
            parameters.text("country"),
            parameters.mapping("values"),
            saved,
            parameters.mapping("validation_errors"),
            read_header(interactive),
            read_footer(interactive),
        )


class VoiceCall(Interactive, frozen=True):
    """A text with a button that calls the business on WhatsApp.

    Attributes:
        body: at most 1024 UTF-16 code units.
        label: what the button shows, at most 20 UTF-16 code units; empty for WhatsApp's own words.
        ttl_minutes: how long the button works, 1 to 43200 minutes; 0 for WhatsApp's default, 10080.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Calling, Call button messages.
    """

    KIND: ClassVar[str] = "voice_call"

    body: str
    label: str = ""
    ttl_minutes: int = 0
    header: Header | None = None
    footer: str = ""

    def _check(self) -> None:
        check_frame(self.body, self.header, self.footer)
        checks.optional("label", self.label, limits.CTA_LABEL)
        checks.integer("ttl_minutes", self.ttl_minutes, 0, limits.CALL_TTL_MINUTES)

    def _content(self) -> Json:
        action: Json = {"name": "voice_call"}
        action |= filled(parameters=filled(display_text=self.label, ttl_minutes=self.ttl_minutes))
        return self._frame(action, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "VoiceCall":
        interactive = body.object("interactive")
        action = interactive.object("action")
        expect(action, "name", "voice_call")
        parameters = action.object("parameters")
        return cls(
            read_body(interactive),
            parameters.text("display_text"),
            parameters.integer("ttl_minutes"),
            read_header(interactive),
            read_footer(interactive),
        )


class CallPermissionRequest(Interactive, frozen=True):
    """A text that asks whether the business may call; the answer is a call permission reply.

    Attributes:
        body: at most 1024 UTF-16 code units.

    Raises:
        MessageError: the body is blank or too long.

    Source: Meta, Cloud API, Calling, Call permission requests.
    """

    KIND: ClassVar[str] = "call_permission_request"

    body: str

    def _check(self) -> None:
        checks.text("body", self.body, limits.BODY)

    def _content(self) -> Json:
        return self._frame({"name": "call_permission_request"}, body=self.body)

    @classmethod
    def _read(cls, body: Reader) -> "CallPermissionRequest":
        interactive = body.object("interactive")
        expect(interactive.object("action"), "name", "call_permission_request")
        return cls(read_body(interactive))


def texts(field: str, values: Any) -> dict[str, str]:
    """Return a copy of ``values``; all of them must be texts."""
    if not isinstance(values, Mapping):
        raise MessageError(field, f"must be a mapping of texts, is {type(values).__name__}.")
    for key, value in values.items():
        checks.text(f"{field}.{key}", value)
    return dict(values)
