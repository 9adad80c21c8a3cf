"""Products of the catalogue: one, several, or all of it."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part, filled
from rasa_whatsapp.messages.frame import (
    Interactive,
    check_section_titles,
    expect,
    read_body,
    read_footer,
    read_text_header,
)
from rasa_whatsapp.messages.reader import Json, Reader, within


class Product(Interactive, frozen=True):
    """One product of a catalogue.

    Attributes:
        catalog_id: the catalogue that is connected to the number.
        product_retailer_id: the product's id in it.
        body: may be empty; at most 1024 UTF-16 code units.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Single-product messages.
    """

    KIND: ClassVar[str] = "product"

    catalog_id: str
    product_retailer_id: str
    body: str = ""
    footer: str = ""

    def _check(self) -> None:
        checks.identifier("catalog_id", self.catalog_id)
        checks.identifier("product_retailer_id", self.product_retailer_id)
        checks.optional("body", self.body, limits.BODY)
        checks.optional("footer", self.footer, limits.FOOTER)

    def _content(self) -> Json:
        action = {"catalog_id": self.catalog_id, "product_retailer_id": self.product_retailer_id}
        return self._frame(action, body=self.body, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "Product":
        interactive = body.object("interactive")
        action = interactive.object("action")
        return cls(
            action.text("catalog_id"),
            action.text("product_retailer_id"),
            read_body(interactive),
            read_footer(interactive),
        )


class ProductSection(Part, frozen=True, kw_only=True):
    """A group of products.

    Attributes:
        title: at most 24 UTF-16 code units; may be empty only where there is one section.
        products: their retailer ids, at least one.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Multi-product messages.
    """

    title: str = ""
    products: Sequence[str]

    def __post_init__(self) -> None:
        checks.optional("title", self.title, limits.SECTION_TITLE)
        force_setattr(self, "products", checks.parts("products", self.products, str, limits.PRODUCTS))
        for index, product in enumerate(self.products):
            checks.identifier(f"products[{index}]", product)


class ProductList(Interactive, frozen=True):
    """Up to 30 products of a catalogue in sections.

    Attributes:
        body: at most 1024 UTF-16 code units.
        header: required; at most 60 UTF-16 code units.
        catalog_id: the catalogue that is connected to the number.
        sections: 1 to 10, with at most 30 products in all.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Multi-product messages.
    """

    KIND: ClassVar[str] = "product_list"

    body: str
    header: str
    catalog_id: str
    sections: Sequence[ProductSection]
    footer: str = ""

    def _check(self) -> None:
        checks.text("body", self.body, limits.BODY)
        checks.text("header", self.header, limits.HEADER)
        checks.identifier("catalog_id", self.catalog_id)
        checks.optional("footer", self.footer, limits.FOOTER)
        force_setattr(self, "sections", check_product_sections(self.sections))

    def _content(self) -> Json:
        action = {"catalog_id": self.catalog_id, "sections": product_sections_json(self.sections)}
        return self._frame(action, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "ProductList":
        interactive = body.object("interactive")
        action = interactive.object("action")
        return cls(
            read_body(interactive),
            read_text_header(interactive),
            action.text("catalog_id"),
            read_product_sections(action),
            read_footer(interactive),
        )


class Catalog(Interactive, frozen=True):
    """A text with a button that opens the whole catalogue.

    Attributes:
        body: at most 1024 UTF-16 code units.
        thumbnail_product_retailer_id: the product whose picture is shown; empty for the first one.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Catalog messages.
    """

    KIND: ClassVar[str] = "catalog_message"

    body: str
    thumbnail_product_retailer_id: str = ""
    footer: str = ""

    def _check(self) -> None:
        checks.text("body", self.body, limits.BODY)
        checks.optional("thumbnail_product_retailer_id", self.thumbnail_product_retailer_id)
        checks.optional("footer", self.footer, limits.FOOTER)

    def _content(self) -> Json:
        thumbnail = filled(thumbnail_product_retailer_id=self.thumbnail_product_retailer_id)
        action = {"name": "catalog_message"} | filled(parameters=thumbnail)
        return self._frame(action, body=self.body, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "Catalog":
        interactive = body.object("interactive")
        action = interactive.object("action")
        expect(action, "name", "catalog_message")
        thumbnail = action.object("parameters").text("thumbnail_product_retailer_id")
        return cls(read_body(interactive), thumbnail, read_footer(interactive))


def check_product_sections(sections: Sequence[ProductSection]) -> tuple[ProductSection, ...]:
    """Return the sections; demand their number, their titles and at most 30 products in all."""
    checked = checks.parts("sections", sections, ProductSection, limits.SECTIONS)
    check_section_titles([section.title for section in checked])
    products = sum(len(section.products) for section in checked)
    if products > limits.PRODUCTS:
        raise MessageError("sections", f"{products} products in all, WhatsApp allows {limits.PRODUCTS}")
    return checked


def product_sections_json(sections: Sequence[ProductSection]) -> list[Json]:
    """Return sections as they stand on the wire."""
    return [
        filled(
            title=section.title,
            product_items=[{"product_retailer_id": product} for product in section.products],
        )
        for section in sections
    ]


def read_product_sections(action: Reader) -> list[ProductSection]:
    """Return the sections of an action."""
    sections = []
    for index, item in enumerate(action.objects("sections")):
        products = [product.text("product_retailer_id") for product in item.objects("product_items")]
        with within(f"sections[{index}]"):
            sections.append(ProductSection(title=item.text("title"), products=products))
    return sections
