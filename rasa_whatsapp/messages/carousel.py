"""Cards side by side, each with a picture and something to tap."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import force_setattr

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Part, filled
from rasa_whatsapp.messages.buttons import Button, check_buttons, cta_json, read_button, read_cta
from rasa_whatsapp.messages.frame import (
    Interactive,
    check_header,
    expect,
    header_json,
    read_body,
    read_header,
)
from rasa_whatsapp.messages.media import LOCAL, Image, Video
from rasa_whatsapp.messages.reader import Json, Reader, within


class CtaButton(Part, frozen=True):
    """The button of a card that opens a web page.

    Attributes:
        label: at most 20 UTF-16 code units.
        url: an http(s) URL.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Interactive media carousel messages.
    """

    label: str
    url: str

    def __post_init__(self) -> None:
        checks.text("label", self.label, limits.CTA_LABEL)
        checks.url("url", self.url)


class Card(Part, frozen=True):
    """A card of a carousel: either one link, or quick replies.

    Attributes:
        header: an image or a video, by public link.
        body: at most 160 UTF-16 code units and 2 line breaks.
        url: the button that opens a web page.
        replies: 1 to 3 quick replies, instead of ``url``.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Interactive media carousel messages.
    """

    header: Image | Video
    body: str = ""
    url: CtaButton | None = None
    replies: Sequence[Button] = ()

    def __post_init__(self) -> None:
        if not self.header:
            raise MessageError("header", "is missing; each card needs an image or a video.")
        check_header(self.header, (Image, Video))
        if not self.header.link:
            raise MessageError("header.link", "is missing; the header of a card must be a public link.")
        if self.header.link.startswith(LOCAL):
            raise MessageError("header.link", "names a file; the header of a card must be a public link.")
        checks.optional("body", self.body, limits.CARD_BODY)
        breaks = self.body.count("\n")
        if breaks > limits.CARD_LINE_BREAKS:
            raise MessageError("body", f"{breaks} line breaks, WhatsApp allows {limits.CARD_LINE_BREAKS}")
        if (self.url is None) == (not self.replies):
            raise MessageError("url", "a card needs either url or replies, not both.")
        if self.url is not None and not isinstance(self.url, CtaButton):
            raise MessageError("url", f"must be CtaButton, is {type(self.url).__name__}.")
        replies = checks.parts("replies", self.replies, Button, limits.CARD_BUTTONS, least=0)
        force_setattr(self, "replies", replies)
        check_buttons("replies", replies)


class Carousel(Interactive, frozen=True):
    """Two to ten cards that the user swipes through.

    Attributes:
        body: the text above the cards; at most 1024 UTF-16 code units.
        cards: 2 to 10; all with the same kind of header and the same kind and number of buttons.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Interactive media carousel messages.
    """

    KIND: ClassVar[str] = "carousel"

    body: str
    cards: Sequence[Card]

    def _check(self) -> None:
        checks.text("body", self.body, limits.BODY)
        cards = checks.parts("cards", self.cards, Card, limits.CARDS, limits.CARDS_MIN)
        force_setattr(self, "cards", cards)
        for index, card in enumerate(cards):
            if type(card.header) is not type(cards[0].header):
                raise MessageError(f"cards[{index}].header", "must be of the same kind on all cards.")
            if len(card.replies) != len(cards[0].replies):
                raise MessageError(
                    f"cards[{index}]", "must have the same kind and number of buttons as the first card."
                )
        checks.unique(
            [
                (f"cards[{c}].replies[{r}].id", reply.id)
                for c, card in enumerate(cards)
                for r, reply in enumerate(card.replies)
            ]
        )

    def _content(self) -> Json:
        cards = [_card_json(index, card) for index, card in enumerate(self.cards)]
        return self._frame({"cards": cards}, body=self.body)

    @classmethod
    def _read(cls, body: Reader) -> "Carousel":
        interactive = body.object("interactive")
        cards = []
        for index, item in enumerate(interactive.object("action").objects("cards")):
            item.raw("card_index")
            expect(item, "type", "cta_url")
            with within(f"cards[{index}]"):
                cards.append(_read_card(item))
        return cls(read_body(interactive), cards)


def _card_json(index: int, card: Card) -> Json:
    action = (
        cta_json(card.url.label, card.url.url)
        if card.url
        else {
            "buttons": [
                {"type": "quick_reply", "quick_reply": {"id": reply.id, "title": reply.title}}
                for reply in card.replies
            ]
        }
    )
    # Meta writes "cta_url" on every card, also on those with quick replies.
    frame: Json = {"card_index": index, "type": "cta_url", "header": header_json(card.header)}
    return frame | filled(body={"text": card.body} if card.body else None) | {"action": action}


def _read_card(item: Reader) -> Card:
    header = read_header(item)
    action = item.object("action")
    if "buttons" not in action:
        return Card(header, read_body(item), CtaButton(*read_cta(action)))  # type: ignore[arg-type]
    replies = []
    for index, button in enumerate(action.objects("buttons")):
        expect(button, "type", "quick_reply")
        with within(f"replies[{index}]"):
            replies.append(read_button(button.object("quick_reply")))
    return Card(header, read_body(item), replies=replies)  # type: ignore[arg-type]
