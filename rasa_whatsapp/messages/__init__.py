"""What we tell WhatsApp, as types that know WhatsApp's rules.

Each message is immutable and checked when it is made: one that WhatsApp is known to reject raises
``rasa_whatsapp.errors.MessageError``. ``to_json()`` gives the body of the Cloud API, ``from_json`` reads one.

    >>> from rasa_whatsapp.messages import Button, Buttons
    >>> Buttons("Tennis or swimming?", [Button("tennis", "Tennis"), Button("swim", "Swimming")])
"""

from rasa_whatsapp.messages import limits
from rasa_whatsapp.messages.base import Message
from rasa_whatsapp.messages.carousel import Card, Carousel, CtaButton
from rasa_whatsapp.messages.interactive import Button, Buttons, CtaUrl, Header, List, Row, Section
from rasa_whatsapp.messages.media import Audio, Document, Image, Sticker, Video
from rasa_whatsapp.messages.place import Location
from rasa_whatsapp.messages.text import Reaction, Text
from rasa_whatsapp.messages.wire import from_json

__all__ = [
    "Audio",
    "Button",
    "Buttons",
    "Card",
    "Carousel",
    "CtaButton",
    "CtaUrl",
    "Document",
    "Header",
    "Image",
    "List",
    "Location",
    "Message",
    "Reaction",
    "Row",
    "Section",
    "Sticker",
    "Text",
    "Video",
    "from_json",
    "limits",
]
