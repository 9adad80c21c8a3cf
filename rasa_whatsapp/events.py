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
└── Notification        every other webhook field (templates, account, groups, calls, preferences, …)

``encode`` and ``decode`` carry an event through a store, ``to_builtins`` through Rasa's metadata. The JSON
names the class under ``event``, in snake case: ``{"event": "flow_reply", "id": "wamid.…", …}``.

Source: Meta, Cloud API, Webhooks, "messages" and the pages of the other webhook fields.
"""

import re
from typing import Any

import msgspec

from rasa_whatsapp.masking import mask_phone
from rasa_whatsapp.wire import clean


def _snake_case(class_name: str) -> str:
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
        phones = (f"phone:{self.phone}",) if self.phone else ()
        return phones + tuple(f"user_id:{each}" for each in (self.user_id, self.parent_user_id) if each)

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


class Event(Value, frozen=True, kw_only=True, tag_field="event", tag=_snake_case):
    """Something that WhatsApp tells us.

    Attributes:
        id: WhatsApp's message id (``wamid.…``). Where WhatsApp gives none it is ``content:`` and a hash of
            the content, so that a repeated delivery has the same id.
        timestamp: seconds since 1970, UTC; 0 when the webhook gives none that can be read.
        sender: who caused the event; empty where that is nobody or the business itself.
        number: the business number it belongs to.
        raw: the object as received, unknown fields included.
    """

    id: str
    timestamp: int = 0
    sender: Person = Person()
    number: Number = Number()
    raw: dict[str, Any] = {}

    @property
    def key(self) -> str:
        """What "once" is keyed by: two deliveries of the same event have the same key.

        A message's key is its id. Every other event puts its kind before the id, so that the history's copy
        of a message, or a colleague's echo, can never make the message itself look already handled.
        """
        return f"{self.__struct_config__.tag}:{self.id}"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("id", self.id), ("sender", self.sender)]


class Message(Event, frozen=True, kw_only=True):
    """A person wrote to us.

    Attributes:
        context: what it answers, or that it was forwarded.
        referral: the advertisement the person came from.
        group_id: the group it was written in; empty in an ordinary chat.
        identity: ``acknowledged``, ``created_timestamp`` and ``hash`` when the identity check is enabled.
        errors: errors that WhatsApp attached to this message.
    """

    context: Context | None = None
    referral: Referral | None = None
    group_id: str = ""
    identity: dict[str, Any] | None = None
    errors: tuple[WireError, ...] = ()

    @property
    def key(self) -> str:
        """The message id."""
        return self.id


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


class Contacts(Message, frozen=True, kw_only=True):
    """One or more contact cards."""

    contacts: tuple[Contact, ...]


class OrderItem(Value, frozen=True, kw_only=True):
    """One line of an order; ``item_price`` is for one piece, in ``currency`` (ISO 4217)."""

    product_retailer_id: str = ""
    quantity: int = 0
    item_price: float = 0.0
    currency: str = ""


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
    answers: dict[str, Any] = {}
    flow_token: str = ""
    unreadable: str = ""


class AddressReply(Message, frozen=True, kw_only=True):
    """A filled-in address form (India); ``saved_address_id`` when one of the offered addresses was taken."""

    values: dict[str, Any] = {}
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
    message: dict[str, Any] = {}


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


class NumberChanged(Event, frozen=True, kw_only=True):
    """The person moved to another phone number. ``old`` and ``new`` are digits; each may be empty.

    ``sender`` is the person as they were known before, ``user_id`` the BSUID after the change when given.
    """

    old: str = ""
    new: str = ""
    user_id: str = ""
    parent_user_id: str = ""


class UserIdChanged(Event, frozen=True, kw_only=True):
    """The person's business-scoped user id was made anew; ``previous`` may be empty when nobody tells it."""

    previous: str = ""
    current: str = ""
    previous_parent: str = ""
    current_parent: str = ""


class IdentityChanged(Event, frozen=True, kw_only=True):
    """The person's security code changed: another device, or another person with the same number.

    ``identity_key_hash`` is the new hash; a message sent with the old one is refused with error 137000.
    """

    identity_key_hash: str = ""
    acknowledged: bool = False


class Status(Event, frozen=True, kw_only=True):
    """What became of one of our messages; ``id`` is our message's wamid and ``sender`` stays empty.

    Attributes:
        status: ``sent``, ``delivered``, ``read``, ``played`` or ``failed``; not always in this order, and
            ``delivered`` may be left out when ``read`` comes.
        recipient: the person it was sent to; in a group, the member.
        recipient_type: ``group`` for a group message, else empty.
        group_id: the group it was sent to.
        type: ``payment`` for payment states, else empty; ``payment`` then holds the details.
        outbox_id: the outbox row that we sent it from, see ``rasa_whatsapp.cloud.payload.wrap``.
        opaque: the caller's own ``biz_opaque_callback_data``.
        errors: why it failed.
        pricing, conversation: WhatsApp's billing details, each on one status of a message only.
    """

    status: str
    recipient: Person = Person()
    recipient_type: str = ""
    group_id: str = ""
    type: str = ""
    payment: dict[str, Any] | None = None
    outbox_id: str = ""
    opaque: str = ""
    identity_key_hash: str = ""
    errors: tuple[WireError, ...] = ()
    pricing: dict[str, Any] | None = None
    conversation: dict[str, Any] | None = None

    @property
    def key(self) -> str:
        """The message's id, the status and the recipient together: a group message has one per member."""
        return f"status:{self.id}:{self.status}:{self.recipient.user_id or self.recipient.phone}"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [
            ("id", self.id),
            ("status", self.status),
            ("recipient", self.recipient),
            ("errors", self.errors),
        ]


class Echo(Event, frozen=True, kw_only=True):
    """A colleague wrote to ``recipient`` with the WhatsApp Business app: a sign that a human has taken over.

    ``kind`` is WhatsApp's message type, ``body`` the words of a text; ``sender`` stays empty.
    """

    recipient: Person = Person()
    kind: str = ""
    body: str = ""


class History(Event, frozen=True, kw_only=True):
    """A message from before the number joined the platform, or media belonging to one. Never a live message.

    Attributes:
        sender: the person of the thread, also where the business wrote; empty when the history does not tell.
        outgoing: the business wrote it, not the person.
        kind: WhatsApp's message type; ``media_placeholder`` where the media follow later.
        status: how far it came: ``READ``, ``DELIVERED``, ``PENDING``, ``ERROR``, …
        phase, chunk_order, progress: where in the transfer this part stands; ``progress`` is per cent.
    """

    outgoing: bool = False
    kind: str = ""
    status: str = ""
    phase: int = 0
    chunk_order: int = 0
    progress: int = 0


class OutOfBandError(Event, frozen=True, kw_only=True):
    """WhatsApp reports errors that belong to no message; ``field`` is the webhook field they came in."""

    field: str = "messages"
    errors: tuple[WireError, ...] = ()

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("id", self.id), ("errors", self.errors)]


class Notification(Event, frozen=True, kw_only=True):
    """Any other webhook field, whole: ``value`` is its content with WhatsApp's keys.

    ``waba_id`` is the WhatsApp Business account (for some account updates the business portfolio).
    """

    field: str = ""
    value: Any = None
    waba_id: str = ""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("id", self.id), ("field", self.field)]


AnyMessage = (
    Text | Reply | FlowReply | AddressReply | CallPermissionReply
    | Image | Video | Audio | Document | Sticker | Location | Contacts | Order
    | Reaction | Edit | Revoke | Welcome | Unsupported | Unknown
)  # fmt: skip
AnyEvent = (
    AnyMessage | Status | NumberChanged | UserIdChanged | IdentityChanged
    | Echo | History | OutOfBandError | Notification
)  # fmt: skip

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
