"""What an order consists of.

All amounts are whole centavos; on the wire they are ``{"value": 1234, "offset": 100}`` for R$ 12.34.

Source: Meta, Payments API - Brazil, Orders (May 2026).
"""

from collections.abc import Sequence

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part, filled
from rasa_whatsapp.messages.frame import expect
from rasa_whatsapp.messages.reader import Json, Reader, within

MOST = 2**53
"""The largest whole number that every JSON reader keeps exact."""
_OFFSET = 100


class OrderItem(Part, frozen=True):
    """A line of an order.

    Attributes:
        retailer_id: the product's id in your catalogue, or your own.
        name: at most 60 UTF-16 code units.
        amount: the price of one, in centavos.
        quantity: how many, at least 1.
        sale_amount: the reduced price of one, below ``amount``; 0 for none.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Payments API - Brazil, Orders.
    """

    retailer_id: str
    name: str
    amount: int
    quantity: int = 1
    sale_amount: int = 0

    def __post_init__(self) -> None:
        checks.identifier("retailer_id", self.retailer_id)
        checks.text("name", self.name, limits.ORDER_ITEM_NAME)
        checks.integer("amount", self.amount, 0, MOST)
        checks.integer("quantity", self.quantity, 1, MOST)
        checks.integer("sale_amount", self.sale_amount, 0, MOST)
        if self.sale_amount and self.sale_amount >= self.amount:
            raise MessageError("sale_amount", "must be below amount.")

    def _json(self) -> Json:
        return {
            "retailer_id": self.retailer_id,
            "name": self.name,
            "amount": money(self.amount),
            "quantity": self.quantity,
        } | filled(sale_amount=money(self.sale_amount) if self.sale_amount else None)

    @classmethod
    def _read(cls, item: Reader) -> "OrderItem":
        return cls(
            item.text("retailer_id"),
            item.text("name"),
            read_money(item, "amount"),
            item.integer("quantity"),
            read_money(item, "sale_amount"),
        )


class OrderCharge(Part, frozen=True):
    """Tax, shipping or discount of an order.

    Attributes:
        amount: in centavos.
        description: at most 60 UTF-16 code units.
        program: the discount program, for a discount only; at most 60 UTF-16 code units.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Payments API - Brazil, Orders.
    """

    amount: int
    description: str = ""
    program: str = ""

    def __post_init__(self) -> None:
        checks.integer("amount", self.amount, 0, MOST)
        checks.optional("description", self.description, limits.ORDER_CHARGE_DESCRIPTION)
        checks.optional("program", self.program, limits.ORDER_CHARGE_DESCRIPTION)

    def _json(self) -> Json:
        texts = filled(description=self.description, discount_program_name=self.program)
        return money(self.amount) | texts


class Order(Part, frozen=True):
    """What is paid for.

    Attributes:
        items: at least one.
        tax: required by Meta; zero is not shown.
        shipping: what the delivery costs.
        discount: what is taken off.
        catalog_id: the catalogue that the items are from.
        expires: when it can no longer be paid, in seconds since 1970, at least 300 from now; 0 for never.
        expiry_description: the text for that, required with ``expires``; at most 120 UTF-16 code units.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Payments API - Brazil, Orders.
    """

    items: Sequence[OrderItem]
    tax: OrderCharge = OrderCharge(0)
    shipping: OrderCharge | None = None
    discount: OrderCharge | None = None
    catalog_id: str = ""
    expires: int = 0
    expiry_description: str = ""

    def __post_init__(self) -> None:
        force_setattr(self, "items", checks.parts("items", self.items, OrderItem, None))
        for field in ("tax", "shipping", "discount"):
            charge = getattr(self, field)
            if not isinstance(charge, OrderCharge) and (charge is not None or field == "tax"):
                raise MessageError(field, f"must be OrderCharge, is {type(charge).__name__}.")
            if charge and charge.program and field != "discount":
                raise MessageError(f"{field}.program", "is allowed for a discount only.")
        checks.optional("catalog_id", self.catalog_id)
        checks.integer("expires", self.expires, 0, MOST)
        checks.optional("expiry_description", self.expiry_description, limits.ORDER_EXPIRY_DESCRIPTION)
        if bool(self.expires) != bool(self.expiry_description):
            raise MessageError("expiry_description", "and expires are needed together.")

    @property
    def subtotal(self) -> int:
        """The sum of the items, in centavos."""
        return sum((item.sale_amount or item.amount) * item.quantity for item in self.items)

    @property
    def total(self) -> int:
        """What is to be paid, in centavos."""
        shipping = self.shipping.amount if self.shipping else 0
        discount = self.discount.amount if self.discount else 0
        return self.subtotal + self.tax.amount + shipping - discount

    def _json(self) -> Json:
        expiration = {"timestamp": str(self.expires), "description": self.expiry_description}
        return {
            "status": "pending",
            "items": [item._json() for item in self.items],
            "subtotal": money(self.subtotal),
            "tax": self.tax._json(),
        } | filled(
            shipping=self.shipping._json() if self.shipping else None,
            discount=self.discount._json() if self.discount else None,
            catalog_id=self.catalog_id,
            expiration=expiration if self.expires else None,
        )

    @classmethod
    def _read(cls, order: Reader) -> "Order":
        expect(order, "status", "pending")
        items = []
        for index, item in enumerate(order.objects("items")):
            with within(f"items[{index}]"):
                items.append(OrderItem._read(item))
        expiration = order.object("expiration")
        read = cls(
            items,
            _read_charge(order, "tax") or OrderCharge(0),
            _read_charge(order, "shipping"),
            _read_charge(order, "discount"),
            order.text("catalog_id"),
            expiration.integer("timestamp"),
            expiration.text("description"),
        )
        if "subtotal" in order and read_money(order, "subtotal") != read.subtotal:
            raise MessageError("subtotal", f"must be the sum of the items, {read.subtotal}.")
        return read


def money(amount: int) -> Json:
    return {"value": amount, "offset": _OFFSET}


def read_money(parent: Reader, key: str) -> int:
    money = parent.object(key)
    if money.integer("offset") not in (0, _OFFSET):
        raise MessageError(money.at("offset"), f"must be {_OFFSET}.")
    return money.integer("value")


def _read_charge(order: Reader, key: str) -> OrderCharge | None:
    if key not in order:
        return None
    charge = order.object(key)
    with within(key):
        return OrderCharge(
            read_money(order, key), charge.text("description"), charge.text("discount_program_name")
        )
