"""What all messages have in common."""

import functools
from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import fields

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.reader import Json, Reader, merged

_EMPTY: tuple[Any, ...] = (None, "", (), [], {}, False)


class _Discreet(Struct, frozen=True):
    """Shows in its ``repr`` how long its texts are, never what they say: a log may hold it."""

    def __repr__(self) -> str:
        fields = ((name, getattr(self, name)) for name in self.__struct_fields__)
        shown = ", ".join(f"{name}={_shown(value)}" for name, value in fields if value not in _EMPTY)
        return f"{type(self).__name__}({shown})"


class Message(_Discreet, frozen=True, kw_only=True):
    """A message to a WhatsApp user: immutable, and checked when it is made.

    Attributes:
        reply_to: the id (wamid) of the message this one answers; WhatsApp shows it as a quotation.
        opaque: your own data, at most 512 UTF-16 code units; comes back with each status of the message.
        identity_key_hash: send only while the recipient's identity key has this hash, else Meta answers
            with error 137000.
        extra: fields of the Cloud API that this version does not know, at the places where they belong in
            ``to_json()``, for example ``{"text": {"new_field": 1}}``. They are sent as they are, and never
            replace a field that is known. ``from_json`` puts here what it does not understand.

    Raises:
        MessageError: WhatsApp is known to reject the message; names the field, the limit and the length.

    Source: Meta, Cloud API, Sending messages.
    """

    TYPE: ClassVar[str]

    reply_to: str = ""
    opaque: str = ""
    identity_key_hash: str = ""
    extra: dict[str, Any] = {}

    def __post_init__(self) -> None:
        check_plain(self)
        if not isinstance(self.extra, Mapping):
            raise MessageError("extra", f"must be a mapping, is {type(self.extra).__name__}.")
        checks.optional("reply_to", self.reply_to)
        checks.optional("opaque", self.opaque, limits.OPAQUE)
        checks.optional("identity_key_hash", self.identity_key_hash)
        self._check()

    def to_json(self) -> Json:
        """Return the body for the Cloud API, without ``messaging_product`` and the recipient.

        Absent fields are omitted, because Meta rejects empty strings.

        Source: Meta, Cloud API, Messages.
        """
        body: Json = {"type": self.TYPE, self.TYPE: self._content()}
        if self.reply_to:
            body["context"] = {"message_id": self.reply_to}
        if self.opaque:
            body["biz_opaque_callback_data"] = self.opaque
        if self.identity_key_hash:
            body["recipient_identity_key_hash"] = self.identity_key_hash
        return merged(body, self.extra) if self.extra else body

    def _check(self) -> None:
        """Raise ``MessageError`` if a rule of this type is broken."""

    def _content(self) -> Any:
        """Return what stands under the type's own key."""
        raise NotImplementedError

    @classmethod
    def _read(cls, body: Reader) -> "Message":
        """Return the message in a raw ``body``, without what all messages have in common."""
        raise NotImplementedError


class Part(_Discreet, frozen=True):
    """A piece of a message, such as a button; immutable, and checked when it is made."""


@functools.cache
def _plain(kind: type[Struct]) -> tuple[tuple[str, type], ...]:
    return tuple((field.name, field.type) for field in fields(kind) if field.type in (str, bool))


def check_plain(struct: Struct) -> None:
    """Demand text where a field is a text, and True or False where it is a flag."""
    for name, kind in _plain(type(struct)):
        value = getattr(struct, name)
        if not isinstance(value, kind):
            wanted = "text" if kind is str else "True or False"
            raise MessageError(name, f"must be {wanted}, is {type(value).__name__}.")


def filled(**fields: Any) -> Json:
    """Return the fields that are neither empty, nor false, nor zero."""
    return {name: value for name, value in fields.items() if value not in _EMPTY}


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"<{limits.length(value)} characters>"
    if isinstance(value, Mapping):
        return f"<{len(value)} fields>"
    if isinstance(value, tuple):
        return f"({', '.join(_shown(part) for part in value)})"
    return repr(value)
