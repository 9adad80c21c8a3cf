"""QR codes and short links that open a chat with the number, with a text already typed.

Source: Meta, Cloud API, QR codes and short links.
"""

from collections.abc import AsyncIterator

from rasa_whatsapp.cloud.management.node import Node, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.fields import items
from rasa_whatsapp.messages import checks

PREFILLED_MESSAGE = 140
IMAGES = ("PNG", "SVG")


class QrCode(Result, frozen=True):
    """A QR code.

    Attributes:
        code: its id.
        prefilled_message: what stands in the person's text field after scanning.
        deep_link_url: the same as a link.
        qr_image_url: the picture; given by `QrCodes.create` only, and it expires.
    """

    code: str = ""
    prefilled_message: str = ""
    deep_link_url: str = ""
    qr_image_url: str = ""


class QrCodes:
    """The number's QR codes, at most 2000. Source: Meta, Cloud API, QR codes."""

    def __init__(self, number: Node) -> None:
        self._number = number

    async def create(self, message: str, *, image: str = "PNG") -> QrCode:
        """Make a code with a text of at most 140 characters (UTF-16 code units).

        Args:
            image: ``PNG`` or ``SVG``, for ``qr_image_url``.

        Raises:
            MessageError: the text is blank or too long, or another kind of image.
        """
        checks.text("message", message, PREFILLED_MESSAGE)
        checks.one_of("image", image, IMAGES)
        body = {"prefilled_message": message, "generate_qr_image": image}
        return read(QrCode, await self._number.post("message_qrdls", json=body))

    async def list(self) -> AsyncIterator[QrCode]:
        """Each code of the number."""
        async for code in self._number.items("message_qrdls"):
            yield read(QrCode, code)

    async def get(self, code: str) -> QrCode:
        """One code; its fields are empty when there is no such code.

        Raises:
            MessageError: ``code`` is blank.
        """
        checks.identifier("code", code)
        answer = await self._number.get("message_qrdls", code)
        return read(QrCode, next(iter(items(answer, "data")), {}))

    async def update(self, code: str, message: str) -> QrCode:
        """Change the text of a code that is already printed; the picture stays the same.

        Raises:
            MessageError: as `create`, or ``code`` is blank.
        """
        checks.identifier("code", code)
        checks.text("message", message, PREFILLED_MESSAGE)
        body = {"code": code, "prefilled_message": message}
        return read(QrCode, await self._number.post("message_qrdls", json=body))

    async def delete(self, code: str) -> None:
        """Make a code useless: who scans it is told that it no longer works.

        Raises:
            MessageError: ``code`` is blank.
        """
        checks.identifier("code", code)
        await self._number.delete("message_qrdls", code)
