"""What belongs together: text, one picture, buttons, and the frame they get as an interactive message."""

from __future__ import annotations

from dataclasses import dataclass, field

from rasa_whatsapp.messages import Header, limits
from rasa_whatsapp.rendering.attachment import Attachment
from rasa_whatsapp.rendering.buttons import ButtonSet
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.layout import Layout
from rasa_whatsapp.rendering.values import paragraphs


@dataclass(frozen=True)
class Block:
    """What one message would say if WhatsApp had no limits."""

    text: str = ""
    media: Attachment | None = None
    buttons: ButtonSet = field(default_factory=ButtonSet)
    layout: Layout = field(default_factory=Layout)

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.whole_text() or self.media or self.buttons)

    def whole_text(self, *, header: bool = True, footer: bool = True, links: bool = True) -> str:
        """Return all words outside of buttons as one text, less the parts that have a place of their own."""
        return paragraphs(
            [
                self.layout.header if header else "",
                self.text,
                self.media.title if self.media else "",
                "\n".join(link.line() for link in self.buttons.links) if links else "",
                self.layout.footer if footer else "",
            ]
        )


@dataclass(frozen=True)
class Frame:
    """Header, body and footer of an interactive message."""

    header: Header | None
    body: str
    footer: str


def send_ahead(
    block: Block, draft: Draft, *, body: int, picture: bool, note: str = "", links: bool = True
) -> Frame:
    """Return the frame of a block, after sending ahead what has no place in it.

    Args:
        block: what the message is about.
        draft: takes what is sent ahead: a media that cannot be the header, the head of a long text.
        body: the limit of the body; a header or footer over its own limit becomes part of the body.
        picture: whether a picture may be the header, where it displaces a text header into the body.
        note: a last paragraph for the body.
        links: whether the links become lines of the body.
    """
    shown = block.media.header() if block.media and picture else None
    if block.media and not shown:
        draft.send(block.media.message())
    header_fits = not shown and limits.length(block.layout.header) <= limits.HEADER
    footer_fits = limits.length(block.layout.footer) <= limits.FOOTER
    text = block.whole_text(header=not header_fits, footer=not footer_fits, links=links)
    return Frame(
        header=shown or (block.layout.header if header_fits else "") or None,
        body=draft.say_head(paragraphs([text, note]), body) or draft.options.body,
        footer=block.layout.footer if footer_fits else "",
    )
