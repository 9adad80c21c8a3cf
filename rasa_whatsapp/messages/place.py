"""A place on the map."""

from typing import ClassVar

from rasa_whatsapp.messages import checks
from rasa_whatsapp.messages.base import Message, filled
from rasa_whatsapp.messages.reader import Json, Reader


class Location(Message, frozen=True):
    """A pin on the map.

    Attributes:
        latitude: degrees, from -90 to 90.
        longitude: degrees, from -180 to 180.
        name: what is there.
        address: where that is, in words; WhatsApp shows it only together with a name.

    Raises:
        MessageError: a coordinate is out of range.

    Source: Meta, Cloud API, Location messages.
    """

    TYPE: ClassVar[str] = "location"

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""

    def _check(self) -> None:
        checks.number("latitude", self.latitude, -90, 90)
        checks.number("longitude", self.longitude, -180, 180)
        checks.optional("name", self.name)
        checks.optional("address", self.address)

    def _content(self) -> Json:
        place = {"latitude": self.latitude, "longitude": self.longitude}
        return place | filled(name=self.name, address=self.address)

    @classmethod
    def _read(cls, body: Reader) -> "Location":
        location = body.object("location")
        return cls(
            location.number("latitude"),
            location.number("longitude"),
            location.text("name"),
            location.text("address"),
        )
