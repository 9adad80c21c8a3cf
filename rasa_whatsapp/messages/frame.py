"""What surrounds the action of an interactive message: header, body and footer."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Message, filled
from rasa_whatsapp.messages.media import Document, Image, Video
from rasa_whatsapp.messages.reader import Json, Reader, within

Header = str | Image | Video | Document
"""What stands above the body: a text of at most 60 UTF-16 code units, or a picture, a video, a file."""

_HEADER_MEDIA: dict[str, type[Image | Video | Document]] = {
    "image": Image,
    "video": Video,
    "document": Document,
}


class Interactive(Message, frozen=True):
    """The base of all interactive messages."""

    TYPE: ClassVar[str] = "interactive"
    KIND: ClassVar[str]

    def _frame(self, action: Json, *, body: str = "", header: Header | None = None, footer: str = "") -> Json:
        """Return the interactive object around an action."""
        return filled(
            type=self.KIND,
            header=header_json(header) if header else None,
            body={"text": body} if body else None,
            footer={"text": footer} if footer else None,
            action=action,
        )


def check_frame(body: str, header: Header | None, footer: str) -> None:
    """Check what most interactive messages have around their action."""
    checks.text("body", body, limits.BODY)
    check_header(header)
    checks.optional("footer", footer, limits.FOOTER)


def check_header(
    header: Any, allowed: tuple[type, ...] = (str, Image, Video, Document), limit: int = limits.HEADER
) -> None:
    """Demand that a header, if there is one, is of a kind this message may have."""
    if header is None or header == "":
        return
    if not isinstance(header, allowed):
        names = ", ".join("text" if kind is str else kind.__name__ for kind in allowed)
        raise MessageError("header", f"must be one of: {names}; is {type(header).__name__}.")
    if isinstance(header, str):
        checks.text("header", header, limit)
        return
    for field in ("caption", "reply_to", "opaque", "identity_key_hash"):
        if getattr(header, field, ""):
            raise MessageError(f"header.{field}", "is not allowed in a header.")


def check_section_titles(titles: Sequence[str]) -> None:
    """Demand a title for each section where there are several."""
    for index, title in enumerate(titles):
        if not title and len(titles) > 1:
            raise MessageError(f"sections[{index}].title", "is missing: of several sections each needs one.")


def expect(reader: Reader, key: str, value: str) -> None:
    """Demand that a key which has only one possible value has it, or is absent."""
    if reader.text(key) not in ("", value):
        raise MessageError(reader.at(key), f'must be "{value}".')


def header_json(header: Header) -> Json:
    """Return a header as it stands on the wire."""
    if isinstance(header, str):
        return {"type": "text", "text": header}
    return {"type": header.TYPE, header.TYPE: header._content()}


def read_header(interactive: Reader) -> Header | None:
    """Return the header of an interactive object, or None; where it says no type, its only key tells."""
    header = interactive.object("header")
    kind = header.text("type") or _only_key(header)
    if kind in _HEADER_MEDIA:
        with within("header"):
            return _HEADER_MEDIA[kind]._read(header)
    if kind == "text":
        return header.text("text") or None
    # An empty header is none.
    if kind or any(header.whole().values()):
        raise MessageError(header.at("type"), "must be one of: document, image, text, video.")
    return None


def _only_key(header: Reader) -> str:
    present = [kind for kind in ("text", *_HEADER_MEDIA) if kind in header]
    return present[0] if len(present) == 1 else ""


def refuse_header(interactive: Reader) -> None:
    """Demand that there is no header, as for a kind of message that has no place for one."""
    if read_header(interactive) is not None:
        raise MessageError(interactive.at("header"), "is not allowed, this kind of message has no header.")


def read_text_header(interactive: Reader) -> str:
    """Return the header of a message whose header can only be text, or the empty string."""
    header = read_header(interactive)
    if header is not None and not isinstance(header, str):
        raise MessageError("header", "must be text, this message has no media header.")
    return header or ""


def read_body(interactive: Reader) -> str:
    """Return the body's text, or the empty string."""
    return interactive.object("body").text("text")


def read_footer(interactive: Reader) -> str:
    """Return the footer's text, or the empty string."""
    return interactive.object("footer").text("text")
