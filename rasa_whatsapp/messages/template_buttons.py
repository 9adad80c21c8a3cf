"""What the buttons of a template are given when it is sent.

Source: Meta, Cloud API, Sending message templates, Buttons.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part, filled
from rasa_whatsapp.messages.commerce import (
    ProductSection,
    check_product_sections,
    product_sections_json,
    read_product_sections,
)
from rasa_whatsapp.messages.payment import Payment
from rasa_whatsapp.messages.reader import Json, Reader, within


class TemplateButton(Part, frozen=True, kw_only=True):
    """The base of all template buttons.

    Attributes:
        index: which button of the template it is, from 0; None for its place among those given.
    """

    SUB_TYPE: ClassVar[str]
    PARAMETER: ClassVar[str]

    index: int | None = None

    def __post_init__(self) -> None:
        if self.index is not None:
            checks.integer("index", self.index, 0, limits.TEMPLATE_BUTTONS - 1)
        self._check()

    def to_json(self) -> Json:
        """Return the button's component as it stands on the wire.

        Source: Meta, Cloud API, Template messages.
        """
        component: Json = {"type": "button", "sub_type": self.SUB_TYPE, "index": str(self.index or 0)}
        value = self._value()
        if value:
            component["parameters"] = [{"type": self.PARAMETER, self.PARAMETER: value}]
        return component

    def _check(self) -> None:
        """Raise ``MessageError`` if a rule of this button is broken."""

    def _value(self) -> Any:
        """Return what stands under the parameter's own key."""
        raise NotImplementedError

    @classmethod
    def _read(cls, parameter: Reader) -> "TemplateButton":
        """Return the button that a parameter describes."""
        raise NotImplementedError


class QuickReplyButton(TemplateButton, frozen=True):
    """A quick reply; ``payload`` comes back when it is tapped, at most 256 UTF-16 code units.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages.
    """

    SUB_TYPE: ClassVar[str] = "quick_reply"
    PARAMETER: ClassVar[str] = "payload"

    payload: str

    def _check(self) -> None:
        checks.text("payload", self.payload, limits.BUTTON_ID)

    def _value(self) -> str:
        return self.payload

    @classmethod
    def _read(cls, parameter: Reader) -> "QuickReplyButton":
        return cls(parameter.text("payload"))


class UrlButton(TemplateButton, frozen=True):
    """A link; ``text`` is the end of the URL, or the code of an authentication template.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages.
    """

    SUB_TYPE: ClassVar[str] = "url"
    PARAMETER: ClassVar[str] = "text"

    text: str

    def _check(self) -> None:
        checks.text("text", self.text)

    def _value(self) -> str:
        return self.text

    @classmethod
    def _read(cls, parameter: Reader) -> "UrlButton":
        return cls(parameter.text("text"))


class CopyCodeButton(TemplateButton, frozen=True):
    """A coupon code to copy: letters and digits, at most 15.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages, Coupon code; the length from pywa.
    """

    SUB_TYPE: ClassVar[str] = "copy_code"
    PARAMETER: ClassVar[str] = "coupon_code"

    coupon_code: str

    def _check(self) -> None:
        checks.text("coupon_code", self.coupon_code, limits.COUPON_CODE)
        if not (self.coupon_code.isascii() and self.coupon_code.isalnum()):
            raise MessageError("coupon_code", "may have only letters and digits.")

    def _value(self) -> str:
        return self.coupon_code

    @classmethod
    def _read(cls, parameter: Reader) -> "CopyCodeButton":
        return cls(parameter.text("coupon_code"))


class FlowButton(TemplateButton, frozen=True):
    """Opens a Flow; ``data`` is what its first screen receives.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, WhatsApp Flows, Sending a Flow.
    """

    SUB_TYPE: ClassVar[str] = "flow"
    PARAMETER: ClassVar[str] = "action"

    flow_token: str = ""
    data: Mapping[str, Any] = {}

    def _check(self) -> None:
        checks.optional("flow_token", self.flow_token)
        if not isinstance(self.data, Mapping):
            raise MessageError("data", f"must be a mapping, is {type(self.data).__name__}.")

    def _value(self) -> Json:
        return filled(flow_token=self.flow_token, flow_action_data=dict(self.data))

    @classmethod
    def _read(cls, parameter: Reader) -> "FlowButton":
        action = parameter.object("action")
        return cls(action.text("flow_token"), action.mapping("flow_action_data"))


class CatalogButton(TemplateButton, frozen=True):
    """Opens the catalogue; shows the picture of the product that is named, or of the first one.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages, Catalog.
    """

    SUB_TYPE: ClassVar[str] = "catalog"
    PARAMETER: ClassVar[str] = "action"

    thumbnail_product_retailer_id: str = ""

    def _check(self) -> None:
        checks.optional("thumbnail_product_retailer_id", self.thumbnail_product_retailer_id)

    def _value(self) -> Json:
        return filled(thumbnail_product_retailer_id=self.thumbnail_product_retailer_id)

    @classmethod
    def _read(cls, parameter: Reader) -> "CatalogButton":
        return cls(parameter.object("action").text("thumbnail_product_retailer_id"))


class ProductListButton(TemplateButton, frozen=True):
    """Opens a list of up to 30 products in up to 10 sections.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages, Multi-product.
    """

    SUB_TYPE: ClassVar[str] = "mpm"
    PARAMETER: ClassVar[str] = "action"

    thumbnail_product_retailer_id: str
    sections: Sequence[ProductSection]

    def _check(self) -> None:
        checks.identifier("thumbnail_product_retailer_id", self.thumbnail_product_retailer_id)
        force_setattr(self, "sections", check_product_sections(self.sections))

    def _value(self) -> Json:
        return {
            "thumbnail_product_retailer_id": self.thumbnail_product_retailer_id,
            "sections": product_sections_json(self.sections),
        }

    @classmethod
    def _read(cls, parameter: Reader) -> "ProductListButton":
        action = parameter.object("action")
        return cls(action.text("thumbnail_product_retailer_id"), read_product_sections(action))


class CallButton(TemplateButton, frozen=True):
    """Calls the business on WhatsApp; works for 1 to 43200 minutes.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Calling, Call button templates.
    """

    SUB_TYPE: ClassVar[str] = "voice_call"
    PARAMETER: ClassVar[str] = "ttl_minutes"

    ttl_minutes: int

    def _check(self) -> None:
        checks.integer("ttl_minutes", self.ttl_minutes, 1, limits.CALL_TTL_MINUTES)

    def _value(self) -> int:
        return self.ttl_minutes

    @classmethod
    def _read(cls, parameter: Reader) -> "CallButton":
        return cls(parameter.integer("ttl_minutes"))


class OrderButton(TemplateButton, frozen=True):
    """Shows an order and its payment, as an order details message does.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Payments API - Brazil, Order details template.
    """

    SUB_TYPE: ClassVar[str] = "order_details"
    PARAMETER: ClassVar[str] = "action"

    payment: Payment

    def _check(self) -> None:
        if not isinstance(self.payment, Payment):
            raise MessageError("payment", f"must be Payment, is {type(self.payment).__name__}.")

    def _value(self) -> Json:
        return {"order_details": self.payment._json()}

    @classmethod
    def _read(cls, parameter: Reader) -> "OrderButton":
        with within("payment"):
            return cls(Payment._read(parameter.object("action").object("order_details")))


BUTTONS: dict[str, type[TemplateButton]] = {
    kind.SUB_TYPE: kind
    for kind in (
        QuickReplyButton,
        UrlButton,
        CopyCodeButton,
        FlowButton,
        CatalogButton,
        ProductListButton,
        CallButton,
        OrderButton,
    )
}
