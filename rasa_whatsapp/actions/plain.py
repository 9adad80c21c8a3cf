"""A WhatsApp message as a plain Rasa response, which any channel can show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

from rasa_whatsapp.messages import (
    Audio,
    Buttons,
    Carousel,
    Contacts,
    CtaUrl,
    Currency,
    DateTime,
    Document,
    Image,
    List,
    Location,
    Message,
    Reaction,
    Sticker,
    Template,
    Text,
    Video,
)

Response = dict[str, Any]


@singledispatch
def plain(message: Message) -> Response:
    """Returns the keywords of ``utter_message`` that say the same as the message, or nearly so.

    What has no words at all, such as the removal of a reaction, becomes an empty response.
    """
    return _framed(message)


@plain.register
def _text(message: Text) -> Response:
    return _filled(text=message.body)


@plain.register
def _image(message: Image) -> Response:
    return _filled(text=message.caption or _unnamed(message), image=message.link)


@plain.register(Video)
@plain.register(Document)
def _captioned(message: Video | Document) -> Response:
    return _filled(text=message.caption or _unnamed(message), attachment=message.link)


@plain.register(Audio)
@plain.register(Sticker)
def _media(message: Audio | Sticker) -> Response:
    return _filled(text=_unnamed(message), attachment=message.link)


@plain.register
def _buttons(message: Buttons) -> Response:
    choices = [{"title": button.title, "payload": button.id} for button in message.buttons]
    return {**_framed(message), "buttons": choices}


@plain.register
def _list(message: List) -> Response:
    rows = [row for section in message.sections for row in section.rows]
    return {
        **_framed(message),
        "buttons": [{"title": row.title, "payload": row.id} for row in rows],
        "metadata": {"whatsapp": {"list_button": message.button}},
    }


@plain.register
def _link(message: CtaUrl) -> Response:
    return _framed(message, f"{message.label}: {message.url}")


@plain.register
def _carousel(message: Carousel) -> Response:
    lines, choices = [], []
    for card in message.cards:
        link = f"{card.url.label}: {card.url.url}" if card.url else ""
        lines.append("\n".join(filter(None, [card.body, link])))
        choices += [{"title": button.title, "payload": button.id} for button in card.replies]
    return _framed(message, *lines) | ({"buttons": choices} if choices else {})


@plain.register
def _location(message: Location) -> Response:
    place = f"{message.latitude}, {message.longitude}"
    return _filled(text=", ".join(filter(None, [message.name, message.address])) or place)


@plain.register
def _contacts(message: Contacts) -> Response:
    lines = [
        " ".join([contact.name.formatted_name, *(phone.phone for phone in contact.phones)])
        for contact in message.contacts
    ]
    return _filled(text="\n".join(lines))


@plain.register
def _reaction(message: Reaction) -> Response:
    return _filled(text=message.emoji)


@plain.register
def _template(message: Template) -> Response:
    """Only WhatsApp knows a template's wording, so that its name and values must do."""
    values = message.body.values() if isinstance(message.body, Mapping) else message.body
    return _filled(text=": ".join(filter(None, [message.name, ", ".join(_words(values))])))


def _words(values: Iterable[str | Currency | DateTime]) -> list[str]:
    return [value if isinstance(value, str) else value.fallback_value for value in values]


def _framed(message: Message, *more: str) -> Response:
    """The header, body and footer of an interactive message, with more paragraphs below the body."""
    header = getattr(message, "header", None)
    words = [
        header if isinstance(header, str) else "",
        getattr(message, "body", ""),
        *more,
        getattr(message, "footer", ""),
    ]
    picture = header.link if isinstance(header, Image) else ""
    attachment = header.link if isinstance(header, (Video, Document)) else ""
    return _filled(text="\n\n".join(filter(None, words)), image=picture, attachment=attachment)


def _unnamed(message: Image | Video | Audio | Document | Sticker) -> str:
    """What stands for a file that only WhatsApp can open, by its id."""
    return "" if message.link else f"[{message.TYPE}]"


def _filled(**parts: str) -> Response:
    return {name: value for name, value in parts.items() if value}
