"""The values of a template's header and body."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part, filled
from rasa_whatsapp.messages.frame import check_header
from rasa_whatsapp.messages.media import Document, Image, Video
from rasa_whatsapp.messages.place import Location
from rasa_whatsapp.messages.reader import Json, Reader, within


class Currency(Part, frozen=True):
    """An amount of money that WhatsApp writes in the user's own way.

    Attributes:
        fallback_value: what is shown where it cannot, for example ``R$ 12,34``.
        code: the ISO 4217 code.
        amount_1000: the amount times 1000.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages.
    """

    fallback_value: str
    code: str
    amount_1000: int

    def __post_init__(self) -> None:
        _check_text("fallback_value", self.fallback_value, limits.TEMPLATE_BODY)
        if not (
            isinstance(self.code, str) and len(self.code) == 3 and self.code.isascii() and self.code.isupper()
        ):
            raise MessageError("code", "must be three capital letters, such as BRL.")
        checks.integer("amount_1000", self.amount_1000, -(2**53), 2**53)


class DateTime(Part, frozen=True):
    """A date; ``fallback_value`` is the text that is shown.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages.
    """

    fallback_value: str

    def __post_init__(self) -> None:
        _check_text("fallback_value", self.fallback_value, limits.TEMPLATE_BODY)


class ProductHeader(Part, frozen=True):
    """A product of a catalogue in a template's header.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages, Single-product.
    """

    catalog_id: str
    product_retailer_id: str

    def __post_init__(self) -> None:
        checks.identifier("catalog_id", self.catalog_id)
        checks.identifier("product_retailer_id", self.product_retailer_id)


class Gif(Part, frozen=True, kw_only=True):
    """A GIF, which WhatsApp takes as an MP4: exactly one of ``link`` and ``id``.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Templates, Template media.
    """

    link: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        checks.exactly_one("link", self.link, "id", self.id)
        if self.link:
            checks.url("link", self.link)
        else:
            checks.identifier("id", self.id)


_UNCLEAN = re.compile(r"[\n\r\t]| {5,}")

Value = str | Currency | DateTime
_VALUES: tuple[type[Any], ...] = (str, Currency, DateTime)
Body = Sequence[Value] | Mapping[str, Value]
TemplateHeader = str | Mapping[str, str] | Image | Video | Document | Gif | Location | ProductHeader

_MEDIA: dict[str, type[Image | Video | Document]] = {"image": Image, "video": Video, "document": Document}


def check_body(body: Any) -> Body:
    """Return a copy of the body's values, all of them checked."""
    if isinstance(body, Mapping):
        for name, value in body.items():
            checks.identifier(f"body.{name}", name)
            _check_value(f"body.{name}", value)
        return dict(body) or ()
    values = checks.parts("body", body, _VALUES, None, 0)
    for index, value in enumerate(values):
        _check_value(f"body[{index}]", value)
    return values


def check_template_header(header: Any) -> None:
    """Demand a header of a kind that templates have."""
    if isinstance(header, Mapping):
        if len(header) != 1:
            raise MessageError("header", f"{len(header)} variables given, WhatsApp allows 1")
        for name, value in header.items():
            checks.identifier("header", name)
            _check_text(f"header.{name}", value, limits.TEMPLATE_HEADER)
        return
    if header == "":
        raise MessageError("header", "is blank, WhatsApp demands a text.")
    if isinstance(header, str):
        _check_text("header", header, limits.TEMPLATE_HEADER)
        return
    kinds = (str, Image, Video, Document, Gif, Location, ProductHeader)
    check_header(header, kinds)


def body_json(body: Body) -> list[Json]:
    """Return the body's parameters as they stand on the wire."""
    if isinstance(body, Mapping):
        return [_value_json(value) | {"parameter_name": name} for name, value in body.items()]
    return [_value_json(value) for value in body]


def template_header_json(header: TemplateHeader) -> Json:
    """Return the header's parameter as it stands on the wire."""
    if isinstance(header, str):
        return {"type": "text", "text": header}
    if isinstance(header, Mapping):
        [(name, text)] = header.items()
        return {"type": "text", "parameter_name": name, "text": text}
    if isinstance(header, Gif):
        return {"type": "gif", "gif": filled(link=header.link, id=header.id)}
    if isinstance(header, ProductHeader):
        product = {"catalog_id": header.catalog_id, "product_retailer_id": header.product_retailer_id}
        return {"type": "product", "product": product}
    return {"type": header.TYPE, header.TYPE: header._content()}


def read_body_values(parameters: list[Reader]) -> Body:
    """Return the values of a body; all of them by name, or none."""
    names = [parameter.text("parameter_name") for parameter in parameters]
    values = []
    for index, parameter in enumerate(parameters):
        with within(f"body[{index}]"):
            values.append(_read_value(parameter))
    if not any(names):
        return values
    if not all(names):
        raise MessageError("body", "mixes values with and without parameter_name, WhatsApp allows one way.")
    checks.unique([(f"body[{index}]", name) for index, name in enumerate(names)])
    return dict(zip(names, values, strict=True))


def read_template_header(parameter: Reader) -> TemplateHeader:
    """Return the value of a header."""
    kind = parameter.text("type").lower()
    with within("header"):
        if kind in _MEDIA:
            return _MEDIA[kind]._read(parameter)
        if kind == "location":
            return Location._read(parameter)
        if kind == "gif":
            gif = parameter.object("gif")
            return Gif(link=gif.text("link"), id=gif.text("id"))
        if kind == "product":
            product = parameter.object("product")
            return ProductHeader(product.text("catalog_id"), product.text("product_retailer_id"))
    if kind != "text":
        raise MessageError(
            parameter.at("type"), "must be one of: document, gif, image, location, product, text, video."
        )
    name, text = parameter.text("parameter_name"), parameter.text("text")
    return {name: text} if name else text


def _check_value(field: str, value: Any) -> None:
    if not isinstance(value, (Currency, DateTime)):
        _check_text(field, value, limits.TEMPLATE_BODY)


def _check_text(field: str, value: Any, limit: int) -> None:
    """Demand a text that fits into a line of the template. Source: Meta, error 132018."""
    checks.text(field, value, limit)
    if _UNCLEAN.search(value):
        raise MessageError(
            field,
            "has a line break, a tab or five spaces in a row, WhatsApp allows none in a template's value.",
        )


def _value_json(value: Value) -> Json:
    if isinstance(value, str):
        return {"type": "text", "text": value}
    if isinstance(value, DateTime):
        return {"type": "date_time", "date_time": {"fallback_value": value.fallback_value}}
    currency = {
        "fallback_value": value.fallback_value,
        "code": value.code,
        "amount_1000": value.amount_1000,
    }
    return {"type": "currency", "currency": currency}


def _read_value(parameter: Reader) -> Value:
    kind = parameter.text("type").lower()
    if kind == "text":
        return parameter.text("text")
    if kind == "date_time":
        return DateTime(parameter.object(kind).text("fallback_value"))
    if kind == "currency":
        currency = parameter.object(kind)
        return Currency(
            currency.text("fallback_value"), currency.text("code"), currency.integer("amount_1000")
        )
    raise MessageError("type", "must be one of: currency, date_time, text.")
