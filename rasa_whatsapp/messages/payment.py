"""How an order is paid in Brazil: Pix, payment link, boleto.

Source: Meta, Payments API - Brazil, Orders (May 2026) and Offsite Pix payments (April 2026).
"""

import re
from collections.abc import Sequence
from typing import Any

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part, filled
from rasa_whatsapp.messages.order import MOST, Order, money, read_money
from rasa_whatsapp.messages.reader import Json, Reader, within

_REFERENCE = re.compile(r"[A-Za-z0-9_.-]+")
_GOODS = ("digital-goods", "physical-goods")
_PIX_KEYS = ("CPF", "CNPJ", "EMAIL", "PHONE", "EVP")


class Pix(Part, frozen=True):
    """Payment by a dynamic Pix code, which your bank has made for this order.

    Attributes:
        code: the "copia e cola" text.
        merchant_name: who is paid, as the account is named.
        key: the Pix key of that account.
        key_type: CPF, CNPJ, EMAIL, PHONE or EVP.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Payments API - Brazil, Offsite Pix payments.
    """

    code: str
    merchant_name: str
    key: str
    key_type: str

    def __post_init__(self) -> None:
        checks.identifier("code", self.code)
        checks.text("merchant_name", self.merchant_name)
        checks.identifier("key", self.key)
        checks.one_of("key_type", self.key_type, _PIX_KEYS)

    def _json(self) -> Json:
        pix = {
            "code": self.code,
            "merchant_name": self.merchant_name,
            "key": self.key,
            "key_type": self.key_type,
        }
        return {"type": "pix_dynamic_code", "pix_dynamic_code": pix}


class PaymentLink(Part, frozen=True):
    """Payment on a web page.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Payments API - Brazil, Payment links.
    """

    uri: str

    def __post_init__(self) -> None:
        checks.url("uri", self.uri)

    def _json(self) -> Json:
        return {"type": "payment_link", "payment_link": {"uri": self.uri}}


class Boleto(Part, frozen=True):
    """Payment by bank slip: the line of digits to copy.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Payments API - Brazil, Boleto.
    """

    digitable_line: str

    def __post_init__(self) -> None:
        checks.identifier("digitable_line", self.digitable_line)

    def _json(self) -> Json:
        return {"type": "boleto", "boleto": {"digitable_line": self.digitable_line}}


_METHODS: tuple[type[Any], ...] = (Pix, PaymentLink, Boleto, dict)


class Payment(Part, frozen=True):
    """What is to be paid, and how.

    Attributes:
        reference_id: your id of the order, different in each message; letters, digits, ``_``, ``-`` and
            ``.``, at most 60.
        methods: Pix, PaymentLink, Boleto; a plain dict is sent as it is, for methods not known here.
        order: the items; without it only the total is shown.
        total: in centavos; may be left out where there is an order, and must fit it.
        goods: ``digital-goods`` or ``physical-goods``.
        payment_type: the country's kind of payment.
        currency: the ISO 4217 code.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Payments API - Brazil, Orders.
    """

    reference_id: str
    methods: Sequence[Pix | PaymentLink | Boleto | dict[str, Any]] = ()
    order: Order | None = None
    total: int = 0
    goods: str = "digital-goods"
    payment_type: str = "br"
    currency: str = "BRL"

    def __post_init__(self) -> None:
        check_reference("reference_id", self.reference_id)
        force_setattr(self, "methods", checks.parts("methods", self.methods, _METHODS, None, 0))
        if self.order is not None and not isinstance(self.order, Order):
            raise MessageError("order", f"must be Order, is {type(self.order).__name__}.")
        if self.order is not None and self.total == 0:
            force_setattr(self, "total", self.order.total)
        checks.integer("total", self.total, 1, MOST)
        if self.order is not None and self.total != self.order.total:
            raise MessageError("total", f"is {self.total}, the order adds up to {self.order.total}.")
        checks.one_of("goods", self.goods, _GOODS)
        checks.optional("payment_type", self.payment_type)
        checks.text("currency", self.currency)

    def _json(self) -> Json:
        return filled(
            reference_id=self.reference_id,
            type=self.goods,
            payment_type=self.payment_type,
            payment_settings=[
                dict(method) if isinstance(method, dict) else method._json() for method in self.methods
            ],
            currency=self.currency,
            total_amount=money(self.total),
            order=self.order._json() if self.order else None,
        )

    @classmethod
    def _read(cls, parameters: Reader) -> "Payment":
        methods = []
        for index, setting in enumerate(parameters.objects("payment_settings")):
            with within(f"methods[{index}]"):
                methods.append(_read_method(setting))
        order = None
        if "order" in parameters:
            with within("order"):
                order = Order._read(parameters.object("order"))
        return cls(
            parameters.text("reference_id"),
            methods,
            order,
            read_money(parameters, "total_amount"),
            parameters.text("type"),
            parameters.text("payment_type"),
            parameters.text("currency"),
        )


def check_reference(field: str, value: str) -> None:
    """Demand an order's reference id."""
    checks.text(field, value, limits.ORDER_REFERENCE)
    if not _REFERENCE.fullmatch(value):
        raise MessageError(field, "may have only English letters, digits, underscores, dashes and dots.")


def _read_method(setting: Reader) -> Pix | PaymentLink | Boleto | Json:
    kind = setting.text("type")
    if kind == "pix_dynamic_code":
        pix = setting.object(kind)
        return Pix(pix.text("code"), pix.text("merchant_name"), pix.text("key"), pix.text("key_type"))
    if kind == "payment_link":
        return PaymentLink(setting.object(kind).text("uri"))
    if kind == "boleto":
        return Boleto(setting.object(kind).text("digitable_line"))
    return setting.whole()
