"""The components of Flow JSON 2.1 to 7.3. Source: Meta, WhatsApp Flows, Components."""

from rasa_whatsapp.flows.components.base import Component, Input
from rasa_whatsapp.flows.components.choices import (
    CheckboxGroup,
    ChipsSelector,
    DataSource,
    Dropdown,
    MediaSize,
    RadioButtonsGroup,
)
from rasa_whatsapp.flows.components.conditions import If, Switch
from rasa_whatsapp.flows.components.dates import CalendarDay, CalendarPicker, CalendarPickerMode, DatePicker
from rasa_whatsapp.flows.components.inputs import Form, InputType, LabelVariant, OptIn, TextArea, TextInput
from rasa_whatsapp.flows.components.navigation import (
    EmbeddedLink,
    Footer,
    NavigationItem,
    NavigationItemEnd,
    NavigationItemMainContent,
    NavigationItemStart,
    NavigationList,
)
from rasa_whatsapp.flows.components.pickers import DocumentPicker, PhotoPicker, PhotoSource
from rasa_whatsapp.flows.components.pictures import Image, ImageCarousel, ImageCarouselItem, ScaleType
from rasa_whatsapp.flows.components.text import (
    FontWeight,
    RichText,
    TextBody,
    TextCaption,
    TextHeading,
    TextSubheading,
)

__all__ = [
    "CalendarDay",
    "CalendarPicker",
    "CalendarPickerMode",
    "CheckboxGroup",
    "ChipsSelector",
    "Component",
    "DataSource",
    "DatePicker",
    "DocumentPicker",
    "Dropdown",
    "EmbeddedLink",
    "FontWeight",
    "Footer",
    "Form",
    "If",
    "Image",
    "ImageCarousel",
    "ImageCarouselItem",
    "Input",
    "InputType",
    "LabelVariant",
    "MediaSize",
    "NavigationItem",
    "NavigationItemEnd",
    "NavigationItemMainContent",
    "NavigationItemStart",
    "NavigationList",
    "OptIn",
    "PhotoPicker",
    "PhotoSource",
    "RadioButtonsGroup",
    "RichText",
    "ScaleType",
    "Switch",
    "TextArea",
    "TextBody",
    "TextCaption",
    "TextHeading",
    "TextInput",
    "TextSubheading",
]
