"""What we tell WhatsApp, as types that know WhatsApp's rules.

Each message is immutable and checked when it is made: one that WhatsApp is known to reject raises
``rasa_whatsapp.errors.MessageError``. ``to_json()`` gives the body of the Cloud API, ``from_json`` reads one.

    >>> from rasa_whatsapp.messages import Button, Buttons
    >>> Buttons("Tennis or swimming?", [Button("tennis", "Tennis"), Button("swim", "Swimming")])
"""

from rasa_whatsapp.messages import limits
from rasa_whatsapp.messages.base import Message
from rasa_whatsapp.messages.buttons import Button, Buttons, CtaUrl
from rasa_whatsapp.messages.carousel import Card, Carousel, CtaButton
from rasa_whatsapp.messages.commerce import Catalog, Product, ProductList, ProductSection
from rasa_whatsapp.messages.contacts import (
    Contact,
    ContactAddress,
    ContactEmail,
    ContactName,
    ContactOrg,
    ContactPhone,
    Contacts,
    ContactUrl,
)
from rasa_whatsapp.messages.flow import Flow
from rasa_whatsapp.messages.frame import Header
from rasa_whatsapp.messages.lists import List, Row, Section
from rasa_whatsapp.messages.media import Audio, Document, Image, Sticker, Video
from rasa_whatsapp.messages.order import Order, OrderCharge, OrderItem
from rasa_whatsapp.messages.orders import OrderDetails, OrderStatus
from rasa_whatsapp.messages.payment import Boleto, Payment, PaymentLink, Pix
from rasa_whatsapp.messages.place import Location
from rasa_whatsapp.messages.requests import (
    AddressRequest,
    CallPermissionRequest,
    ContactRequest,
    LocationRequest,
    SavedAddress,
    VoiceCall,
)
from rasa_whatsapp.messages.template import TapTarget, Template, TemplateCard
from rasa_whatsapp.messages.template_buttons import (
    CallButton,
    CatalogButton,
    CopyCodeButton,
    FlowButton,
    OrderButton,
    ProductListButton,
    QuickReplyButton,
    TemplateButton,
    UrlButton,
)
from rasa_whatsapp.messages.template_values import Currency, DateTime, Gif, ProductHeader
from rasa_whatsapp.messages.text import Pin, Reaction, Text
from rasa_whatsapp.messages.wire import from_json

__all__ = [
    "AddressRequest",
    "Audio",
    "Boleto",
    "Button",
    "Buttons",
    "CallButton",
    "CallPermissionRequest",
    "Card",
    "Carousel",
    "Catalog",
    "CatalogButton",
    "Contact",
    "ContactAddress",
    "ContactEmail",
    "ContactName",
    "ContactOrg",
    "ContactPhone",
    "ContactRequest",
    "ContactUrl",
    "Contacts",
    "CopyCodeButton",
    "CtaButton",
    "CtaUrl",
    "Currency",
    "DateTime",
    "Document",
    "Flow",
    "FlowButton",
    "Gif",
    "Header",
    "Image",
    "List",
    "Location",
    "LocationRequest",
    "Message",
    "Order",
    "OrderButton",
    "OrderCharge",
    "OrderDetails",
    "OrderItem",
    "OrderStatus",
    "Payment",
    "PaymentLink",
    "Pin",
    "Pix",
    "Product",
    "ProductHeader",
    "ProductList",
    "ProductListButton",
    "ProductSection",
    "QuickReplyButton",
    "Reaction",
    "Row",
    "SavedAddress",
    "Section",
    "Sticker",
    "TapTarget",
    "Template",
    "TemplateButton",
    "TemplateCard",
    "Text",
    "UrlButton",
    "Video",
    "VoiceCall",
    "from_json",
    "limits",
]
