"""Messages about an order: its details with a button to pay, and news of its status."""

from typing import ClassVar

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import filled
from rasa_whatsapp.messages.frame import (
    Header,
    Interactive,
    check_frame,
    check_header,
    expect,
    read_body,
    read_footer,
    read_header,
)
from rasa_whatsapp.messages.media import Image
from rasa_whatsapp.messages.order import MOST
from rasa_whatsapp.messages.payment import Payment, check_reference
from rasa_whatsapp.messages.reader import Json, Reader, within

# Meta's pages write both spellings of "partially shipped".
_ORDER_STATUS = (
    "pending",
    "processing",
    "partially_shipped",
    "partially-shipped",
    "shipped",
    "completed",
    "canceled",
)
_PAYMENT_STATUS = ("pending", "captured", "failed")


class OrderDetails(Interactive, frozen=True):
    """An order with a button to pay it.

    Attributes:
        body: at most 1024 UTF-16 code units.
        payment: what is to be paid, and how.
        header: an image; empty for that of the first item with a picture in the catalogue.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Payments API - Brazil, Orders.
    """

    KIND: ClassVar[str] = "order_details"

    body: str
    payment: Payment
    header: Image | None = None
    footer: str = ""

    def _check(self) -> None:
        check_frame(self.body, None, self.footer)
        check_header(self.header, (Image,))
        if not isinstance(self.payment, Payment):
            raise MessageError("payment", f"must be Payment, is {type(self.payment).__name__}.")

    def _content(self) -> Json:
        action = {"name": "review_and_pay", "parameters": self.payment._json()}
        return self._frame(action, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "OrderDetails":
        interactive = body.object("interactive")
        action = interactive.object("action")
        expect(action, "name", "review_and_pay")
        with within("payment"):
            payment = Payment._read(action.object("parameters"))
        header = read_header(interactive)
        return cls(read_body(interactive), payment, header, read_footer(interactive))  # type: ignore[arg-type]


class OrderStatus(Interactive, frozen=True):
    """News about an order or its payment; at least one of ``status`` and ``payment_status``.

    Attributes:
        body: at most 1024 UTF-16 code units.
        reference_id: that of the order's message.
        status: pending, processing, partially_shipped, shipped, completed or canceled.
        description: why; at most 120 UTF-16 code units, needs ``status``.
        payment_status: pending, captured (the order is shown as paid) or failed.
        payment_timestamp: when, in seconds since 1970; 0 for unknown.
        header: a text of at most 60, an image, a video or a document without caption.
        footer: at most 60 UTF-16 code units.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Payments API - Brazil, Orders.
    """

    KIND: ClassVar[str] = "order_status"

    body: str
    reference_id: str
    status: str = ""
    description: str = ""
    payment_status: str = ""
    payment_timestamp: int = 0
    header: Header | None = None
    footer: str = ""

    def _check(self) -> None:
        check_frame(self.body, self.header, self.footer)
        check_reference("reference_id", self.reference_id)
        if not self.status and not self.payment_status:
            raise MessageError("status", "is missing, and payment_status too; one of them is needed.")
        if self.status:
            checks.one_of("status", self.status, _ORDER_STATUS)
        checks.optional("description", self.description, limits.ORDER_STATUS_DESCRIPTION)
        if self.description and not self.status:
            raise MessageError("description", "needs a status.")
        if self.payment_status:
            checks.one_of("payment_status", self.payment_status, _PAYMENT_STATUS)
        checks.integer("payment_timestamp", self.payment_timestamp, 0, MOST)
        if self.payment_timestamp and not self.payment_status:
            raise MessageError("payment_timestamp", "needs a payment_status.")

    def _content(self) -> Json:
        parameters = filled(
            reference_id=self.reference_id,
            order=filled(status=self.status, description=self.description),
            payment=filled(status=self.payment_status, timestamp=self.payment_timestamp),
        )
        action = {"name": "review_order", "parameters": parameters}
        return self._frame(action, body=self.body, header=self.header, footer=self.footer)

    @classmethod
    def _read(cls, body: Reader) -> "OrderStatus":
        interactive = body.object("interactive")
        action = interactive.object("action")
        expect(action, "name", "review_order")
        parameters = action.object("parameters")
        order, payment = parameters.object("order"), parameters.object("payment")
        return cls(
            read_body(interactive),
            parameters.text("reference_id"),
            order.text("status"),
            order.text("description"),
            payment.text("status"),
            payment.integer("timestamp"),
            read_header(interactive),
            read_footer(interactive),
        )
