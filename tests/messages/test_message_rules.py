"""What WhatsApp is known to reject is refused before it is sent, and nothing else is."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from rasa_whatsapp import messages as m
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import limits

LINK = "https://example.org/a.jpg"
IMAGE = m.Image(link=LINK)
YES = m.Button("y", "Sim")


def one_list(**row: Any) -> m.List:
    return m.List("Oi", "Ver", [m.Section(rows=[m.Row(**{"id": "1", "title": "Um"} | row)])])


def card(n: int = 0, **fields: Any) -> m.Card:
    return m.Card(**{"header": IMAGE, "replies": [m.Button(str(n), "Quero")]} | fields)


def payment(**fields: Any) -> m.Payment:
    return m.Payment(**{"reference_id": "o", "total": 500} | fields)


# field, limit, a message (or part) around a text
LENGTHS: list[tuple[str, int, Callable[[str], object]]] = [
    ("body", limits.TEXT, lambda t: m.Text(t)),
    ("opaque", limits.OPAQUE, lambda t: m.Text("Oi", opaque=t)),
    ("caption", limits.CAPTION, lambda t: m.Image(id="1", caption=t)),
    ("caption", limits.CAPTION, lambda t: m.Video(id="1", caption=t)),
    ("caption", limits.CAPTION, lambda t: m.Document(id="1", caption=t)),
    ("filename", limits.FILENAME, lambda t: m.Document(id="1", filename=t)),
    ("body", limits.BODY, lambda t: m.Buttons(t, [YES])),
    ("header", limits.HEADER, lambda t: m.Buttons("Oi", [YES], header=t)),
    ("footer", limits.FOOTER, lambda t: m.Buttons("Oi", [YES], footer=t)),
    ("id", limits.BUTTON_ID, lambda t: m.Button(t, "Sim")),
    ("title", limits.BUTTON_TITLE, lambda t: m.Button("y", t)),
    ("body", limits.LIST_BODY, lambda t: m.List(t, "Ver", [m.Section(rows=[m.Row("1", "Um")])])),
    ("button", limits.LIST_BUTTON, lambda t: m.List("Oi", t, [m.Section(rows=[m.Row("1", "Um")])])),
    ("header", limits.HEADER, lambda t: m.List("Oi", "Ver", [m.Section(rows=[m.Row("1", "Um")])], t)),
    ("title", limits.SECTION_TITLE, lambda t: m.Section(title=t, rows=[m.Row("1", "Um")])),
    ("id", limits.ROW_ID, lambda t: one_list(id=t)),
    ("title", limits.ROW_TITLE, lambda t: one_list(title=t)),
    ("description", limits.ROW_DESCRIPTION, lambda t: one_list(description=t)),
    ("label", limits.CTA_LABEL, lambda t: m.CtaUrl("Oi", t, LINK)),
    ("body", limits.BODY, lambda t: m.CtaUrl(t, "Ver", LINK)),
    ("body", limits.BODY, lambda t: m.LocationRequest(t)),
    ("body", limits.BODY, lambda t: m.ContactRequest(t)),
    ("body", limits.BODY, lambda t: m.AddressRequest(t)),
    ("body", limits.BODY, lambda t: m.CallPermissionRequest(t)),
    ("label", limits.CTA_LABEL, lambda t: m.VoiceCall("Oi", t)),
    ("label", limits.FLOW_LABEL, lambda t: m.Flow("Oi", t, flow_id="1")),
    ("body", limits.BODY, lambda t: m.Flow(t, "Abrir", flow_id="1")),
    ("body", limits.BODY, lambda t: m.Product("c", "p", t)),
    ("footer", limits.FOOTER, lambda t: m.Product("c", "p", "Oi", t)),
    ("header", limits.HEADER, lambda t: m.ProductList("Oi", t, "c", [m.ProductSection(products=["p"])])),
    ("title", limits.SECTION_TITLE, lambda t: m.ProductSection(title=t, products=["p"])),
    ("body", limits.BODY, lambda t: m.Catalog(t)),
    ("body", limits.BODY, lambda t: m.Carousel(t, [card(0), card(1)])),
    ("body", limits.CARD_BODY, lambda t: card(body=t)),
    ("label", limits.CTA_LABEL, lambda t: m.CtaButton(t, LINK)),
    ("name", limits.TEMPLATE_NAME, lambda t: m.Template(t, "pt_BR")),
    ("header", limits.TEMPLATE_HEADER, lambda t: m.Template("t", "pt_BR", header=t)),
    ("header.who", limits.TEMPLATE_HEADER, lambda t: m.Template("t", "pt_BR", header={"who": t})),
    ("body[0]", limits.TEMPLATE_BODY, lambda t: m.Template("t", "pt_BR", body=[t])),
    ("body.who", limits.TEMPLATE_BODY, lambda t: m.Template("t", "pt_BR", body={"who": t})),
    ("code", limits.OTP_CODE, lambda t: m.Template.authentication("t", "pt_BR", t)),
    ("payload", limits.BUTTON_ID, lambda t: m.QuickReplyButton(t)),
    ("coupon_code", limits.COUPON_CODE, lambda t: m.CopyCodeButton(t)),
    ("reference_id", limits.ORDER_REFERENCE, lambda t: payment(reference_id=t)),
    ("name", limits.ORDER_ITEM_NAME, lambda t: m.OrderItem("i", t, 1)),
    ("description", limits.ORDER_CHARGE_DESCRIPTION, lambda t: m.OrderCharge(1, t)),
    ("program", limits.ORDER_CHARGE_DESCRIPTION, lambda t: m.OrderCharge(1, program=t)),
    (
        "expiry_description",
        limits.ORDER_EXPIRY_DESCRIPTION,
        lambda t: m.Order([m.OrderItem("i", "Bola", 1)], expires=1790000000, expiry_description=t),
    ),
    ("description", limits.ORDER_STATUS_DESCRIPTION, lambda t: m.OrderStatus("Oi", "o", "shipped", t)),
]


@pytest.mark.parametrize(("field", "limit", "make"), LENGTHS)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(
    field: str, limit: int, make: Callable[[str], object]
) -> None:
    """At the limit it is accepted, one more is refused with both numbers."""
    make("x" * limit)
    with pytest.raises(MessageError) as caught:
        make("x" * (limit + 1))
    assert caught.value.field == field
    assert caught.value.problem == f"{limit + 1} characters, WhatsApp allows {limit}"


@pytest.mark.parametrize("make", [make for _, _, make in LENGTHS])
def test_a_text_of_white_space_is_refused(make: Callable[[str], object]) -> None:
    """WhatsApp rejects blank texts, in optional places too."""
    with pytest.raises(MessageError, match="blank"):
        make(" \n")


def test_an_emoji_counts_as_two() -> None:
    """Lengths are UTF-16 code units."""
    m.Button("y", "😀" * 10)
    with pytest.raises(MessageError, match="22 characters, WhatsApp allows 20"):
        m.Button("y", "😀" * 11)


# field, most (least is one fewer than refused), a message with n things
COUNTS: list[tuple[str, int, int, Callable[[int], object]]] = [
    ("buttons", 1, limits.BUTTONS, lambda n: m.Buttons("Oi", [m.Button(str(i), str(i)) for i in range(n)])),
    (
        "sections",
        1,
        limits.SECTIONS,
        lambda n: m.List("Oi", "Ver", [m.Section(title="S", rows=[m.Row(str(i), "R")]) for i in range(n)]),
    ),
    ("rows", 1, limits.ROWS, lambda n: m.Section(rows=[m.Row(str(i), str(i)) for i in range(n)])),
    ("cards", limits.CARDS_MIN, limits.CARDS, lambda n: m.Carousel("Oi", [card(i) for i in range(n)])),
    (
        "replies",
        1,
        limits.CARD_BUTTONS,
        lambda n: m.Card(IMAGE, replies=[m.Button(str(i), str(i)) for i in range(n)]),
    ),
    (
        "products",
        1,
        limits.PRODUCTS,
        lambda n: m.ProductSection(products=[str(i) for i in range(n)]),
    ),
    ("contacts", 1, limits.CONTACTS, lambda n: m.Contacts([m.Contact("Ana")] * n)),  # type: ignore[arg-type]
    (
        "buttons",
        0,
        limits.TEMPLATE_BUTTONS,
        lambda n: m.Template("t", "pt_BR", buttons=[m.QuickReplyButton("p") for _ in range(n)]),
    ),
]


@pytest.mark.parametrize(("field", "least", "most", "make"), COUNTS)
def test_there_may_be_as_many_as_whatsapp_allows(
    field: str, least: int, most: int, make: Callable[[int], object]
) -> None:
    """The smallest and the largest number are accepted, one fewer and one more refused."""
    make(least)
    make(most)
    with pytest.raises(MessageError) as caught:
        make(most + 1)
    assert caught.value.field == field
    assert caught.value.problem.startswith(f"{most + 1} given")
    if least:
        with pytest.raises(MessageError):
            make(least - 1)


def rows(*counts: int) -> list[m.Section]:
    return [
        m.Section(title=f"S{s}", rows=[m.Row(f"{s}.{r}", f"R{r}") for r in range(count)])
        for s, count in enumerate(counts)
    ]


def test_a_list_has_ten_rows_in_all() -> None:
    """The rows of all sections are counted together."""
    m.List("Oi", "Ver", rows(5, 5))
    with pytest.raises(MessageError, match="11 rows in all, WhatsApp allows 10"):
        m.List("Oi", "Ver", rows(5, 6))


def test_a_product_list_has_thirty_products_in_all() -> None:
    """The products of all sections are counted together."""
    first = m.ProductSection(title="A", products=[str(n) for n in range(20)])
    m.ProductList("Oi", "Loja", "c", [first, m.ProductSection(title="B", products=["x"] * 10)])
    with pytest.raises(MessageError, match="31 products in all, WhatsApp allows 30"):
        m.ProductList("Oi", "Loja", "c", [first, m.ProductSection(title="B", products=["x"] * 11)])


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "text that is no text": (lambda: m.Text(7), "body"),  # type: ignore[arg-type]
    "missing text": (lambda: m.Text(""), "body"),
    "media without source": (lambda: m.Image(), "link"),
    "media with two sources": (lambda: m.Image(link=LINK, id="1"), "link"),
    "file link": (lambda: m.Image(link="file:///etc/passwd"), "link"),
    "relative link": (lambda: m.Image(link="/a.jpg"), "link"),
    "link without host": (lambda: m.Image(link="https://"), "link"),
    "link with a space": (lambda: m.Image(link="https://example.org/a b"), "link"),
    "id with a space": (lambda: m.Sticker(id=" 1"), "id"),
    "latitude": (lambda: m.Location(90.1, 0), "latitude"),
    "longitude": (lambda: m.Location(0, -180.1), "longitude"),
    "latitude as text": (lambda: m.Location("1", 0), "latitude"),  # type: ignore[arg-type]
    "latitude that is no number": (lambda: m.Location(float("nan"), 0), "latitude"),
    "contact with the whole name only": (lambda: m.ContactName("Ana"), "first_name"),
    "birthday": (lambda: m.Contact("Ana", birthday="31/01/2000"), "birthday"),  # type: ignore[arg-type]
    "birthday in another ISO form": (lambda: m.Contact("Ana", birthday="20000131"), "birthday"),  # type: ignore[arg-type]
    "reaction to nothing": (lambda: m.Reaction("", "👍"), "message_id"),
    "pin for too long": (lambda: m.Pin("w", 31), "days"),
    "button id with a space": (lambda: m.Button("y ", "Sim"), "id"),
    "same button ids": (lambda: m.Buttons("Oi", [YES, m.Button("y", "Não")]), "buttons[1].id"),
    "same button titles": (lambda: m.Buttons("Oi", [YES, m.Button("n", "Sim")]), "buttons[1].title"),
    "button that is none": (lambda: m.Buttons("Oi", ["Sim"]), "buttons[0]"),  # type: ignore[list-item]
    "buttons that are text": (lambda: m.Buttons("Oi", "Sim"), "buttons"),  # type: ignore[arg-type]
    "audio as header": (lambda: m.Buttons("Oi", [YES], header=m.Audio(id="1")), "header"),  # type: ignore[arg-type]
    "caption in a header": (
        lambda: m.Buttons("Oi", [YES], header=m.Image(id="1", caption="Oi")),
        "header.caption",
    ),
    "reply in a header": (
        lambda: m.CtaUrl("Oi", "Ver", LINK, m.Image(id="1", reply_to="w")),
        "header.reply_to",
    ),
    "row id with a space": (lambda: m.Row(" 1", "Um"), "id"),
    "same row ids": (
        lambda: m.List(
            "Oi",
            "Ver",
            [m.Section(title=t, rows=[m.Row("1", t)]) for t in "ab"],
        ),
        "sections[1].rows[0].id",
    ),
    "same row titles": (
        lambda: m.List("Oi", "Ver", [m.Section(rows=[m.Row("1", "a"), m.Row("2", "a")])]),
        "sections[0].rows[1].title",
    ),
    "section without title": (
        lambda: m.List("Oi", "Ver", [rows(1)[0], m.Section(rows=[m.Row("x", "x")])]),
        "sections[1].title",
    ),
    "image above a list": (lambda: m.List("Oi", "Ver", rows(1), IMAGE), "header"),  # type: ignore[arg-type]
    "link of a button": (lambda: m.CtaUrl("Oi", "Ver", "example.org"), "url"),
    "country": (lambda: m.AddressRequest("Oi", "India"), "country"),
    "call for too long": (lambda: m.VoiceCall("Oi", ttl_minutes=43201), "ttl_minutes"),
    "flow without id": (lambda: m.Flow("Oi", "Abrir"), "flow_id"),
    "flow with id and name": (lambda: m.Flow("Oi", "Abrir", "1", "n"), "flow_id"),
    "emoji on the button of a flow": (lambda: m.Flow("Oi", "Abrir 😀", "1"), "label"),
    "keycap on the button of a flow": (lambda: m.Flow("Oi", "1️⃣ Abrir", "1"), "label"),
    "star on the button of a flow": (lambda: m.Flow("Oi", "Abrir ⭐", "1"), "label"),
    "flag on the button of a flow": (lambda: m.Flow("Oi", "🇧🇷 Abrir", "1"), "label"),
    "flow action": (lambda: m.Flow("Oi", "Abrir", "1", action="jump"), "action"),
    "screen with data_exchange": (
        lambda: m.Flow("Oi", "Abrir", "1", action="data_exchange", screen="S"),
        "screen",
    ),
    "data without screen": (lambda: m.Flow("Oi", "Abrir", "1", data={"k": 1}), "screen"),
    "product list without header": (
        lambda: m.ProductList("Oi", "", "c", [m.ProductSection(products=["p"])]),
        "header",
    ),
    "card with nothing to tap": (lambda: m.Card(IMAGE), "url"),
    "card with a link and replies": (lambda: card(url=m.CtaButton("Ver", LINK)), "url"),
    "card with three line breaks": (lambda: card(body="a\nb\nc\nd"), "body"),
    "card with an uploaded image": (lambda: card(header=m.Image(id="1")), "header.link"),
    "card with a document": (lambda: card(header=m.Document(link=LINK)), "header"),
    "card without header": (lambda: card(header=None), "header"),
    "cards with different headers": (
        lambda: m.Carousel("Oi", [card(0), card(1, header=m.Video(link=LINK))]),
        "cards[1].header",
    ),
    "cards with different buttons": (
        lambda: m.Carousel("Oi", [card(0), m.Card(IMAGE, url=m.CtaButton("Ver", LINK))]),
        "cards[1]",
    ),
    "cards with different numbers of buttons": (
        lambda: m.Carousel("Oi", [card(0), card(1, replies=[YES, m.Button("n", "Não")])]),
        "cards[1]",
    ),
    "cards with the same reply id": (
        lambda: m.Carousel("Oi", [card(0), card(0)]),
        "cards[1].replies[0].id",
    ),
    "coupon code with a dash": (lambda: m.CopyCodeButton("SAVE-10"), "coupon_code"),
    "offer that ends in seconds": (
        lambda: m.Template("t", "pt_BR", offer_ends_ms=1790000000),
        "offer_ends_ms",
    ),
    "line break in a value": (lambda: m.Template("t", "pt_BR", body=["Oi\nlá"]), "body[0]"),
    "carriage return in a value": (lambda: m.Template("t", "pt_BR", body={"who": "Oi\r"}), "body.who"),
    "tab in a header": (lambda: m.Template("t", "pt_BR", header="Oi\tlá"), "header"),
    "five spaces in a header": (lambda: m.Template("t", "p", header={"who": "Oi     lá"}), "header.who"),
    "line break in an amount": (lambda: m.Currency("R$\n1", "BRL", 1000), "fallback_value"),
    "line break in a date": (lambda: m.DateTime("1º\nde maio"), "fallback_value"),
    "two header variables": (lambda: m.Template("t", "pt_BR", header={"a": "1", "b": "2"}), "header"),
    "sticker header": (lambda: m.Template("t", "pt_BR", header=m.Sticker(id="1")), "header"),  # type: ignore[arg-type]
    "value that is a number": (lambda: m.Template("t", "pt_BR", body=[7]), "body[0]"),  # type: ignore[list-item]
    "currency code": (lambda: m.Currency("R$ 1", "reais", 1000), "code"),
    "two buttons of one index": (
        lambda: m.Template("t", "p", buttons=[m.UrlButton("a", index=1), m.UrlButton("b", index=1)]),
        "buttons[1].index",
    ),
    "one card": (lambda: m.Template("t", "p", cards=[m.TemplateCard(m.Image(id="1"))]), "cards"),
    "order reference": (lambda: payment(reference_id="pedido 1"), "reference_id"),
    "order without items": (lambda: m.Order([]), "items"),
    "order without price": (lambda: payment(total=0), "total"),
    "order that does not add up": (
        lambda: payment(total=2, order=m.Order([m.OrderItem("i", "Bola", 1)])),
        "total",
    ),
    "pix key type": (lambda: m.Pix("0002", "Clube", "1", "RG"), "key_type"),
    "sale above the price": (lambda: m.OrderItem("i", "Bola", 100, sale_amount=100), "sale_amount"),
    "program of a tax": (
        lambda: m.Order([m.OrderItem("i", "Bola", 1)], tax=m.OrderCharge(0, program="p")),
        "tax.program",
    ),
    "expiry without words": (
        lambda: m.Order([m.OrderItem("i", "Bola", 1)], expires=1790000000),
        "expiry_description",
    ),
    "order header": (lambda: m.OrderDetails("Oi", payment(), "Oi"), "header"),  # type: ignore[arg-type]
    "order status": (lambda: m.OrderStatus("Oi", "o", "lost"), "status"),
    "no status at all": (lambda: m.OrderStatus("Oi", "o"), "status"),
}


@pytest.mark.parametrize(("make", "field"), REFUSED.values(), ids=REFUSED)
def test_what_whatsapp_rejects_is_refused(make: Callable[[], object], field: str) -> None:
    """The error names the field; it is a ValueError too."""
    with pytest.raises(MessageError) as caught:
        make()
    assert caught.value.field == field
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("label", ["2° via do boleto", "Nº 1", "Clube®", "✓ Confirmar", "Ação — já!"])
def test_a_sign_on_the_button_of_a_flow_is_no_emoji(label: str) -> None:
    """Only emoji are refused there."""
    assert m.Flow("Oi", label, "1").label == label


def test_lists_given_by_the_caller_are_not_kept() -> None:
    """A list changed after the message was made does not change the message."""
    buttons = [YES]
    message = m.Buttons("Oi", buttons)
    buttons.clear()
    assert message.buttons == (YES,)


def test_the_package_needs_neither_rasa_nor_sanic() -> None:
    """An action server without Rasa can make messages; importing them loads nothing heavy."""
    code = (
        "import sys, rasa_whatsapp.messages;"
        "print(sorted({'rasa', 'sanic', 'aiohttp', 'structlog', 'cryptography'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_exported_names_are_pinned() -> None:
    """A name that users import does not vanish by accident."""
    assert m.__all__ == sorted(m.__all__)
    assert set(m.__all__) >= {
        *("AddressRequest", "Audio", "Button", "Buttons", "Card", "Carousel", "Catalog", "Contact"),
        *("ContactRequest", "Contacts", "CtaButton", "CtaUrl", "Document", "Flow", "Header", "Image", "List"),
        *("Location", "LocationRequest", "Message", "OrderDetails", "OrderStatus", "Product", "ProductList"),
        *("Reaction", "Row", "Section", "Sticker", "Template", "Text", "Video", "from_json", "limits"),
    }
    assert all(hasattr(m, name) for name in m.__all__)


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: m.Text("x", preview_url="false"), "preview_url: must be True or False, is str"),
        (lambda: m.Audio(id="1", voice="no"), "voice: must be True or False, is str"),
        (lambda: m.Flow("a", "b", flow_id="1", draft="no"), "draft: must be True or False, is str"),
        (lambda: m.Image(id="1", link=None), "link: must be text, is NoneType"),
        (lambda: m.Sticker(id="1", link=[]), "link: must be text, is list"),
        (lambda: m.Text("x", extra=5), "extra: must be a mapping, is int"),
        (lambda: m.Contact("Ana", org="ACME"), "org: must be ContactOrg, is str"),
        (lambda: m.Contact("Ana", birthday=[]), "birthday: must be text, is list"),
        (lambda: m.Card("", "x", replies=[m.Button("a", "b")]), "header: is missing"),
    ],
)
def test_a_value_of_another_type_is_refused_when_the_message_is_made(make: Any, place: str) -> None:
    """Not when it is written as JSON, where nobody knows any more which message it was."""
    with pytest.raises(MessageError, match=f"^{re.escape(place)}"):
        make()
