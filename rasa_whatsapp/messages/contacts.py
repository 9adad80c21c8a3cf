"""Contact cards."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, TypeVar

from msgspec.structs import asdict, force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Message, Part, check_plain, filled
from rasa_whatsapp.messages.reader import Json, Reader, within

R = TypeVar("R", bound="_Record")


class _Record(Part, frozen=True):
    """A part whose fields are all texts, named as on the wire."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            checks.optional(name, value)

    def _json(self) -> Json:
        return filled(**asdict(self))

    @classmethod
    def _read(cls: type[R], record: Reader) -> R:
        return cls(**{name: record.text(name) for name in cls.__struct_fields__})


class ContactName(_Record, frozen=True):
    """A person's name: ``formatted_name`` is shown, and at least one of the others must be there.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Contacts messages.
    """

    formatted_name: str
    first_name: str = ""
    last_name: str = ""
    middle_name: str = ""
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.text("formatted_name", self.formatted_name)
        if not any((self.first_name, self.last_name, self.middle_name, self.prefix, self.suffix)):
            raise MessageError(
                "first_name", "is missing; WhatsApp demands a part of the name besides the whole."
            )


class ContactPhone(_Record, frozen=True):
    """A phone number; with its ``wa_id`` (digits) the card offers to write to it.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Contacts messages.
    """

    phone: str
    type: str = ""
    wa_id: str = ""


class ContactEmail(_Record, frozen=True):
    """An e-mail address; ``type`` is for example HOME or WORK.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Contacts messages.
    """

    email: str
    type: str = ""


class ContactAddress(_Record, frozen=True, kw_only=True):
    """A postal address; ``country_code`` has two letters.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Contacts messages.
    """

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    country_code: str = ""
    type: str = ""


class ContactOrg(_Record, frozen=True):
    """Where the person works.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Contacts messages.
    """

    company: str = ""
    department: str = ""
    title: str = ""


class ContactUrl(_Record, frozen=True):
    """A web page of the person.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Contacts messages.
    """

    url: str
    type: str = ""


_LISTS: dict[str, type[_Record]] = {
    "phones": ContactPhone,
    "emails": ContactEmail,
    "addresses": ContactAddress,
    "urls": ContactUrl,
}


class Contact(Part, frozen=True):
    """One contact card.

    Attributes:
        name: the person's name; a plain text becomes the whole name, and its first word the first name.
        birthday: ``YYYY-MM-DD``.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Contacts messages.
    """

    name: ContactName
    phones: Sequence[ContactPhone] = ()
    emails: Sequence[ContactEmail] = ()
    addresses: Sequence[ContactAddress] = ()
    urls: Sequence[ContactUrl] = ()
    org: ContactOrg | None = None
    birthday: str = ""

    def __post_init__(self) -> None:
        name: Any = self.name
        if isinstance(name, str):
            checks.text("name", name)
            force_setattr(self, "name", ContactName(name, name.split()[0]))
        elif not isinstance(name, ContactName):
            raise MessageError("name", f"must be ContactName or text, is {type(name).__name__}.")
        for field, kind in _LISTS.items():
            force_setattr(self, field, checks.parts(field, getattr(self, field), kind, None, 0))
        if self.org is not None and not isinstance(self.org, ContactOrg):
            raise MessageError("org", f"must be ContactOrg, is {type(self.org).__name__}.")
        check_plain(self)
        if self.birthday:
            _check_date("birthday", self.birthday)

    def _json(self) -> Json:
        lists = {field: [part._json() for part in getattr(self, field)] for field in _LISTS}
        org = self.org._json() if self.org else None
        return filled(name=self.name._json(), **lists, org=org, birthday=self.birthday)

    @classmethod
    def _read(cls, card: Reader) -> "Contact":
        lists: dict[str, Any] = {field: [] for field in _LISTS}
        for field, kind in _LISTS.items():
            for index, item in enumerate(card.objects(field)):
                with within(f"{field}[{index}]"):
                    lists[field].append(kind._read(item))
        with within("name"):
            name = ContactName._read(card.object("name"))
        org = ContactOrg._read(card.object("org")) if "org" in card else None
        return cls(name, **lists, org=org, birthday=card.text("birthday"))


class Contacts(Message, frozen=True):
    """Up to 257 contact cards; WhatsApp advises few.

    Raises:
        MessageError: there is no card, or one lacks a name.

    Source: Meta, Cloud API, Contacts messages.
    """

    TYPE: ClassVar[str] = "contacts"

    contacts: Sequence[Contact]

    def _check(self) -> None:
        force_setattr(self, "contacts", checks.parts("contacts", self.contacts, Contact, limits.CONTACTS))

    def _content(self) -> list[Json]:
        return [contact._json() for contact in self.contacts]

    @classmethod
    def _read(cls, body: Reader) -> "Contacts":
        contacts = []
        for index, card in enumerate(body.objects("contacts")):
            with within(f"contacts[{index}]"):
                contacts.append(Contact._read(card))
        return cls(contacts)


def _check_date(field: str, value: str) -> None:
    checks.text(field, value)
    try:
        # From Python 3.11 on it reads other forms as well.
        is_date = date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_date = False
    if not is_date:
        raise MessageError(field, "must be a date such as 2000-01-31.")
