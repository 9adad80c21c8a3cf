"""What WhatsApp tells us, as types.

A webhook request becomes a list of events, each of them frozen, complete and free of any provider's wire:

Event
├── Message             a person wrote to us; the only events that may start a conversation turn
│   ├── Text, Reply, FlowReply, AddressReply, CallPermissionReply
│   ├── Image, Video, Audio, Document, Sticker
│   ├── Location, Contacts, Order
│   ├── Reaction, Edit, Revoke, Welcome
│   └── Unsupported     WhatsApp itself could not pass it on;  Unknown: we do not know its type
├── Status              one of our messages was sent, delivered, read, played or has failed
├── NumberChanged, UserIdChanged, IdentityChanged
├── Echo                a colleague wrote to the person with the WhatsApp Business app
├── History             a message from before this number joined the platform; never answer it
├── OutOfBandError      WhatsApp reports an error that belongs to no message
└── Notification        every other webhook field
    ├── TemplateStatus, TemplateQuality, TemplateCategory
    ├── AccountUpdate, NumberQuality, NumberName, UsernameUpdate, FlowUpdate
    └── UserPreferences, Calls, GroupUpdate

``encode`` and ``decode`` carry an event through a store, ``to_builtins`` through Rasa's metadata. The JSON
names the class under ``event``, in snake case: ``{"event": "flow_reply", "id": "wamid.…", …}``.

Source: Meta, Cloud API, Webhooks, "messages" and the pages of the other webhook fields.
"""

from typing import Any, get_args

import msgspec

from rasa_whatsapp.events.base import Event, Message
from rasa_whatsapp.events.incoming import (
    AddressReply,
    Audio,
    CallPermissionReply,
    Contacts,
    Document,
    Edit,
    FlowReply,
    Image,
    Location,
    Order,
    Reaction,
    Reply,
    Revoke,
    Sticker,
    Text,
    Unknown,
    Unsupported,
    Video,
    Welcome,
)
from rasa_whatsapp.events.notifications import (
    AccountUpdate,
    Call,
    Calls,
    FlowUpdate,
    Group,
    GroupUpdate,
    Notification,
    NumberName,
    NumberQuality,
    Preference,
    TemplateCategory,
    TemplateQuality,
    TemplateStatus,
    UsernameUpdate,
    UserPreferences,
)
from rasa_whatsapp.events.reports import (
    Echo,
    History,
    IdentityChanged,
    NumberChanged,
    OutOfBandError,
    Status,
    UserIdChanged,
)
from rasa_whatsapp.events.values import (
    Contact,
    ContactPhone,
    Context,
    Number,
    OrderItem,
    Person,
    Referral,
    Value,
    WireError,
)
from rasa_whatsapp.wire import clean

__all__ = [
    "NOTIFICATIONS",
    "AccountUpdate",
    "AddressReply",
    "AnyEvent",
    "AnyMessage",
    "Audio",
    "Call",
    "CallPermissionReply",
    "Calls",
    "Contact",
    "ContactPhone",
    "Contacts",
    "Context",
    "Document",
    "Echo",
    "Edit",
    "Event",
    "FlowReply",
    "FlowUpdate",
    "Group",
    "GroupUpdate",
    "History",
    "IdentityChanged",
    "Image",
    "Location",
    "Message",
    "Notification",
    "Number",
    "NumberChanged",
    "NumberName",
    "NumberQuality",
    "Order",
    "OrderItem",
    "OutOfBandError",
    "Person",
    "Preference",
    "Reaction",
    "Referral",
    "Reply",
    "Revoke",
    "Status",
    "Sticker",
    "TemplateCategory",
    "TemplateQuality",
    "TemplateStatus",
    "Text",
    "Unknown",
    "Unsupported",
    "UserIdChanged",
    "UserPreferences",
    "UsernameUpdate",
    "Value",
    "Video",
    "Welcome",
    "WireError",
    "decode",
    "encode",
    "to_builtins",
]

AnyMessage = (
    Text | Reply | FlowReply | AddressReply | CallPermissionReply
    | Image | Video | Audio | Document | Sticker | Location | Contacts | Order
    | Reaction | Edit | Revoke | Welcome | Unsupported | Unknown
)  # fmt: skip
AnyNotification = (
    Notification | TemplateStatus | TemplateQuality | TemplateCategory | AccountUpdate | NumberQuality
    | NumberName | UsernameUpdate | FlowUpdate | UserPreferences | Calls | GroupUpdate
)  # fmt: skip
AnyEvent = (
    AnyMessage | Status | NumberChanged | UserIdChanged | IdentityChanged
    | Echo | History | OutOfBandError | AnyNotification
)  # fmt: skip
NOTIFICATIONS = tuple(str(kind.__struct_config__.tag) for kind in get_args(AnyNotification))
"""The kinds that are notifications, as JSON and the settings call them; the general one comes first."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(AnyEvent)


def encode(event: Event) -> bytes:
    """The event as JSON. Text that no JSON can carry, such as half an emoji, is replaced by ``\\ufffd``."""
    try:
        return _encoder.encode(event)
    except UnicodeEncodeError:
        return _encoder.encode(clean(msgspec.to_builtins(event)))


def decode(data: bytes | str | dict[str, Any]) -> AnyEvent:
    """The event that ``encode`` (bytes or text) or ``to_builtins`` (a dict) was given.

    Keys of a newer version are ignored.

    Raises:
        msgspec.DecodeError: it is no JSON, or (its subclass ``ValidationError``) no event.
    """
    if isinstance(data, dict):
        return msgspec.convert(data, AnyEvent)  # type: ignore[no-any-return]
    return _decoder.decode(data)  # type: ignore[no-any-return]


def to_builtins(event: Event) -> dict[str, Any]:
    """The event as plain JSON values, for Rasa's metadata."""
    builtins: dict[str, Any] = msgspec.to_builtins(event)
    return builtins
