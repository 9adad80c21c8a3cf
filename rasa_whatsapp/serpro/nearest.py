"""The nearest messages that Serpro can carry, for what it has no endpoint for.

Source of what Serpro carries: Serpro, WhatsApp API, "Tipos de mensagens" (text, media, reply buttons, list,
location request, template). What its pages do not describe is not guessed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from msgspec.structs import replace

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import (
    AddressRequest,
    Audio,
    Boleto,
    Buttons,
    CallPermissionRequest,
    Carousel,
    Catalog,
    ContactRequest,
    Contacts,
    CtaUrl,
    Document,
    Flow,
    Header,
    Image,
    List,
    Location,
    LocationRequest,
    Message,
    OrderDetails,
    OrderStatus,
    PaymentLink,
    Pin,
    Pix,
    Product,
    ProductList,
    Reaction,
    Sticker,
    Template,
    Text,
    Video,
    VoiceCall,
    limits,
)

logger = structlog.get_logger()

_warned: set[str] = set()


def fit(message: Message) -> Sequence[Message]:
    """The message itself where Serpro can carry it, else the nearest ones, in order; none for a pin.

    The first time that a kind of message is replaced, the log says so.

    Raises:
        MessageError: the message is for whoever has this identity key alone, which Serpro cannot check.
    """
    if message.identity_key_hash:
        raise MessageError(
            "identity_key_hash", "cannot be sent through Serpro, which does not check it: leave it out."
        )
    nearest = _NEAREST[type(message)](message)
    kind = type(message).__name__
    if tuple(nearest) != (message,) and kind not in _warned:
        _warned.add(kind)
        logger.warning(
            "whatsapp.message.replaced",
            message_kind=kind,
            sent_as=", ".join(type(each).__name__ for each in nearest) or "nothing",
            hint="Serpro has no endpoint for all of it. This is said once for each kind of message.",
        )
    return nearest


def _same(message: Message) -> Sequence[Message]:
    return (message,)


def _text(message: Message, *parts: str, preview_url: bool = False) -> list[Message]:
    """The parts as text, one below the other; in several messages where one is not enough."""
    whole = "\n\n".join(part for part in parts if part.strip())
    pieces = limits.split(whole, limits.TEXT)
    return [
        Text(piece, preview_url=preview_url, reply_to="" if index else message.reply_to)
        for index, piece in enumerate(pieces)
    ]


def _framed(
    message: Message, header: Header | None, body: str, footer: str, limit: int
) -> tuple[list[Message], str]:
    """What stands around a body, moved into it; the first messages of a list, and the body for the last."""
    before: list[Message] = []
    if isinstance(header, str) and header:
        body = f"*{header}*\n\n{body}"
    elif header is not None and header:
        before.append(header)
    if footer:
        body = f"{body}\n\n_{footer}_"
    *head, last = limits.split(body, limit)
    return [*before, *_text(message, *head)], last


def _buttons(message: Buttons) -> Sequence[Message]:
    if not message.header and not message.footer:
        return (message,)
    before, body = _framed(message, message.header, message.body, message.footer, limits.BODY)
    return [*before, replace(message, body=body, header=None, footer="")]


def _list(message: List) -> Sequence[Message]:
    if not message.header and not message.footer:
        return (message,)
    before, body = _framed(message, message.header, message.body, message.footer, limits.LIST_BODY)
    return [*before, replace(message, body=body, header="", footer="")]


def _words(message: Any, *more: str, preview_url: bool = False) -> Sequence[Message]:
    """An interactive message whose action Serpro does not know: its words, and what the action was for."""
    header, footer = getattr(message, "header", None), getattr(message, "footer", "")
    before: list[Message] = [header] if header and not isinstance(header, str) else []
    title = f"*{header}*" if header and isinstance(header, str) else ""
    note = f"_{footer}_" if footer else ""
    return [*before, *_text(message, title, message.body, *more, note, preview_url=preview_url)]


def _cta(message: CtaUrl) -> Sequence[Message]:
    return _words(message, f"{message.label}: {message.url}", preview_url=True)


def _carousel(message: Carousel) -> Sequence[Message]:
    found: list[Message] = _text(message, message.body)
    for card in message.cards:
        if card.url is not None:
            link = f"{card.url.label}: {card.url.url}"
            caption = f"{card.body}\n\n{link}".strip()
            if limits.length(caption) <= limits.CAPTION:
                found.append(replace(card.header, caption=caption))
            else:
                found += [replace(card.header, caption=card.body), *_text(card.header, link)]
        else:
            titles = " · ".join(reply.title for reply in card.replies)
            found += [card.header, Buttons(card.body or titles, card.replies)]
    return found


def _product(message: Product) -> Sequence[Message]:
    return _words(message) if message.body else _text(message, message.product_retailer_id, message.footer)


def _document(message: Document) -> Sequence[Message]:
    if not message.caption:
        return (message,)
    return [replace(message, caption=""), *_text(replace(message, reply_to=""), message.caption)]


def _sticker(message: Sticker) -> Sequence[Message]:
    return (Document(link=message.link, id=message.id, filename="sticker.webp", reply_to=message.reply_to),)


def _location(message: Location) -> Sequence[Message]:
    pin = f"https://maps.google.com/?q={message.latitude},{message.longitude}"
    place = "\n".join(line for line in (message.name, message.address, pin) if line)
    return _text(message, place, preview_url=True)


def _contacts(message: Contacts) -> Sequence[Message]:
    cards = [
        "\n".join(
            [
                contact.name.formatted_name,
                *(phone.phone for phone in contact.phones),
                *(email.email for email in contact.emails),
                *(url.url for url in contact.urls),
            ]
        )
        for contact in message.contacts
    ]
    return _text(message, *cards)


def _reaction(message: Reaction) -> Sequence[Message]:
    return (Text(message.emoji, reply_to=message.message_id),) if message.emoji else ()


def _order(message: OrderDetails) -> Sequence[Message]:
    payment = message.payment
    items = payment.order.items if payment.order else ()
    lines = [f"{item.quantity} × {item.name}" for item in items]
    lines.append(f"{payment.currency} {payment.total // 100}.{payment.total % 100:02}")
    ways = [_way(method) for method in payment.methods]
    return _words(message, "\n".join(lines), *ways)


def _way(method: object) -> str:
    if isinstance(method, Pix):
        return method.code
    if isinstance(method, PaymentLink):
        return method.uri
    return method.digitable_line if isinstance(method, Boleto) else ""


def _news(message: OrderStatus) -> Sequence[Message]:
    return _words(message, message.description)


def _nothing(_: Message) -> Sequence[Message]:
    return ()


_NEAREST: dict[type[Message], Callable[[Any], Sequence[Message]]] = {
    Text: _same,
    Image: _same,
    Video: _same,
    Audio: _same,
    Template: _same,
    LocationRequest: _same,
    Buttons: _buttons,
    List: _list,
    Document: _document,
    Sticker: _sticker,
    Location: _location,
    Contacts: _contacts,
    Reaction: _reaction,
    CtaUrl: _cta,
    Carousel: _carousel,
    Flow: _words,
    ContactRequest: _words,
    AddressRequest: _words,
    VoiceCall: _words,
    CallPermissionRequest: _words,
    Catalog: _words,
    ProductList: _words,
    Product: _product,
    OrderDetails: _order,
    OrderStatus: _news,
    Pin: _nothing,
}
"""For every kind of message, what Serpro is given instead; a test holds that none is missing."""
