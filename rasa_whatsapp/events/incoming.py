"""What people write to us.

Source: Meta, Cloud API, Webhooks, "messages".
"""

from typing import Any

import msgspec

from rasa_whatsapp.events.base import Message
from rasa_whatsapp.events.values import Contact, OrderItem


class Text(Message, frozen=True, kw_only=True):
    """Typed words. Ice breakers and commands arrive like this too."""

    body: str


class Reply(Message, frozen=True, kw_only=True):
    """A tap: on a reply button (``source`` is ``button``), a list's row (``list``) or a template's quick
    reply button (``template``). ``payload`` is the id that we gave the button or row, ``title`` its label.
    """

    source: str
    payload: str
    title: str = ""
    description: str = ""


class _Media(Message, frozen=True, kw_only=True):
    """A file. ``media_id`` can be downloaded for seven days; ``url`` needs the access token and expires after
    five minutes. ``sha256`` is base64 in messages, though WhatsApp writes it in hexadecimal elsewhere.
    ``mime_type`` may carry a parameter: ``audio/ogg; codecs=opus``.
    """

    media_id: str
    mime_type: str = ""
    sha256: str = ""
    url: str = ""
    caption: str = ""


class Image(_Media, frozen=True, kw_only=True):
    """A picture, JPEG or PNG."""


class Video(_Media, frozen=True, kw_only=True):
    """A moving picture, MP4 or 3GPP."""


class Audio(_Media, frozen=True, kw_only=True):
    """A sound file, or with ``voice`` a message recorded in the chat."""

    voice: bool = False


class Document(_Media, frozen=True, kw_only=True):
    """Any other file. The sender chose ``filename``: never use it as a path."""

    filename: str = ""


class Sticker(_Media, frozen=True, kw_only=True):
    """A WebP sticker."""

    animated: bool = False


class Location(Message, frozen=True, kw_only=True):
    """A place, in degrees; ``name``, ``address`` and ``url`` when the user picked a known place."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    url: str = ""


class Contacts(Message, frozen=True, kw_only=True):
    """One or more contact cards."""

    contacts: tuple[Contact, ...]


class Order(Message, frozen=True, kw_only=True):
    """A cart from the catalog; ``text`` is the user's remark, often empty."""

    catalog_id: str
    text: str = ""
    items: tuple[OrderItem, ...] = ()


class Reaction(Message, frozen=True, kw_only=True):
    """An emoji on the message ``message_id``; an empty ``emoji`` takes the reaction back."""

    message_id: str
    emoji: str = ""


class FlowReply(Message, frozen=True, kw_only=True):
    """A completed Flow.

    ``answers`` is the Flow's final payload without ``flow_token``; some iOS versions leave the token out.
    ``unreadable`` is what WhatsApp sent instead when that was not a JSON object; ``answers`` is empty then.
    """

    name: str = ""
    body: str = ""
    answers: dict[str, Any] = msgspec.field(default_factory=dict)
    flow_token: str = ""
    unreadable: str = ""


class AddressReply(Message, frozen=True, kw_only=True):
    """A filled-in address form (India); ``saved_address_id`` when one of the offered addresses was taken."""

    values: dict[str, Any] = msgspec.field(default_factory=dict)
    saved_address_id: str = ""


class CallPermissionReply(Message, frozen=True, kw_only=True):
    """The answer to a call permission request: ``accept`` or ``reject``, by ``user_action`` or ``automatic``.

    ``expiration_timestamp`` is in seconds since 1970; 0 when none was given.
    """

    response: str
    response_source: str = ""
    expiration_timestamp: int = 0


class Edit(Message, frozen=True, kw_only=True):
    """The user changed their message ``original_id``; ``message`` is its new content with WhatsApp's keys."""

    original_id: str
    message: dict[str, Any] = msgspec.field(default_factory=dict)


class Revoke(Message, frozen=True, kw_only=True):
    """The user deleted their message ``original_id`` for everyone."""

    original_id: str


class Welcome(Message, frozen=True, kw_only=True):
    """The user opened the chat for the first time and has not written yet."""


class Unsupported(Message, frozen=True, kw_only=True):
    """WhatsApp could not pass the message on; ``kind`` says what it was (``poll_creation``, ``gif``, …) when
    WhatsApp tells, ``errors`` why.
    """

    kind: str = ""


class Unknown(Message, frozen=True, kw_only=True):
    """A message of a type, or in a form, that this version does not know; all of it is in ``raw``."""

    kind: str = ""
