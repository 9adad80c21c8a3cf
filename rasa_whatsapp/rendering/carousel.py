"""Elements (Facebook's generic template): a carousel where WhatsApp allows one, else one message each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rasa_whatsapp.messages import Button, Card, Carousel, CtaButton, Image, Video, limits
from rasa_whatsapp.messages.media import LOCAL
from rasa_whatsapp.rendering.attachment import read_attachment
from rasa_whatsapp.rendering.block import Block
from rasa_whatsapp.rendering.buttons import ButtonSet, Choice, Link, read_buttons, reply_ids
from rasa_whatsapp.rendering.compose import send_block
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.values import batches, items_of, line_of, paragraphs, text_of


@dataclass(frozen=True)
class CardPlan:
    """A card before its buttons have ids: one link, or some choices."""

    header: Image | Video
    body: str
    link: Link | None
    choices: tuple[Choice, ...]

    @property
    def shape(self) -> tuple[str, int]:
        """What all cards of a carousel must have in common."""
        return self.header.TYPE, len(self.choices)


def read_elements(value: object, place: str, draft: Draft) -> list[Block]:
    """Read elements: title, subtitle, image_url, default_action and buttons, each of them optional."""
    blocks = (_read_element(item, f"{place}[{index}]", draft) for index, item in enumerate(items_of(value)))
    return [block for block in blocks if block]


def _read_element(item: object, place: str, draft: Draft) -> Block:
    element = item if isinstance(item, Mapping) else {"title": item}
    image = element.get("image_url")
    buttons = read_buttons(element.get("buttons"), f"{place}.buttons", draft)
    action = read_buttons(element.get("default_action"), f"{place}.default_action", draft)
    # On Facebook a tap on the element opens a page; WhatsApp has no such tap, so the page is one more link.
    known = {link.url for link in buttons.links}
    pages = tuple(link for link in action.links if link.url not in known)
    return Block(
        text=paragraphs([line_of(element.get("title")), text_of(element.get("subtitle"))], "\n"),
        media=read_attachment(image, f"{place}.image_url", draft, "image") if image else None,
        buttons=ButtonSet(buttons.choices, buttons.links + pages),
    )


def send_elements(elements: Sequence[Block], intro: Block, draft: Draft) -> None:
    """Send elements after an introduction, which becomes the text over the carousel where there is one.

    Source: Meta, Cloud API, Interactive media carousel messages: 2 to 10 cards, all of the same shape.
    """
    plans = [plan for element in elements if (plan := _plan(element))]
    shapes = {plan.shape for plan in plans}
    if len(plans) == len(elements) >= limits.CARDS_MIN and len(shapes) == 1:
        _send_carousels(plans, intro.whole_text(), draft)
    else:
        for block in (intro, *elements):
            send_block(block, draft)


def _send_carousels(plans: Sequence[CardPlan], text: str, draft: Draft) -> None:
    body = draft.say_head(text, limits.BODY) or draft.options.body
    ids = iter(reply_ids([choice for plan in plans for choice in plan.choices], limits.BUTTON_ID, draft))
    cards = [
        Card(
            plan.header,
            plan.body,
            url=CtaButton(plan.link.label, plan.link.url) if plan.link else None,
            replies=[Button(next(ids), choice.title) for choice in plan.choices],
        )
        for plan in plans
    ]
    carousels = batches(cards, limits.CARDS)
    for number, batch in enumerate(carousels, start=1):
        draft.send(Carousel(body if number == 1 else f"{number}/{len(carousels)}", batch))


def _plan(element: Block) -> CardPlan | None:
    """Return the card that shows all of an element, or None where there is no such card."""
    header = element.media.message() if element.media else None
    choices, links = element.buttons.choices, element.buttons.links
    link = links[0] if len(links) == 1 and links[0].tappable and not choices else None
    lines = [element.text] if link else [element.text, *(other.line() for other in links)]
    body = paragraphs(lines, "\n")
    labels = [link.label] if link else [choice.title for choice in choices]
    fits = (
        1 <= len(labels) <= limits.CARD_BUTTONS
        and all(limits.length(label) <= limits.BUTTON_TITLE for label in labels)
        and limits.length(body) <= limits.CARD_BODY
        and body.count("\n") <= limits.CARD_LINE_BREAKS
    )
    if not fits or not isinstance(header, (Image, Video)) or header.link.startswith(LOCAL):
        return None
    return CardPlan(header, body, link, choices)
