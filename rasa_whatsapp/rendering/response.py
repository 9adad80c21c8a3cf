"""A Rasa response: which parts it has, and in which order they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa_whatsapp.rendering.attachment import Attachment, read_attachment
from rasa_whatsapp.rendering.block import Block
from rasa_whatsapp.rendering.buttons import read_buttons
from rasa_whatsapp.rendering.carousel import read_elements, send_elements
from rasa_whatsapp.rendering.compose import send_block
from rasa_whatsapp.rendering.custom import MESSAGES, bodies_for_whatsapp, bodies_of, send_bodies
from rasa_whatsapp.rendering.draft import Draft, Options, Rendering
from rasa_whatsapp.rendering.layout import read_layout
from rasa_whatsapp.rendering.unknown import note_unknown_keys
from rasa_whatsapp.rendering.values import for_whatsapp, items_of, mapping_of, text_of


def render(
    response: Mapping[str, Any], options: Options | None = None, *, conversation: str = ""
) -> Rendering:
    """Return a Rasa response as the fewest WhatsApp messages that show all of it.

    The parts keep Rasa's order: text with its buttons, custom, image, attachment, elements; but the first
    picture joins the text or the buttons, and text alone joins the elements. A key that
    no message is made of is noted unless it is one of Rasa's own.

    Messages in ``metadata: {whatsapp: {messages: [...]}}``, or under ``whatsapp`` in ``custom``, replace the
    rest, which is for other channels; it is sent when none of them can be.

    The ids of ``payloads`` are told apart by ``conversation``, so that no two people share one.

    Never raises for any response: what cannot be shown is named in ``problems``, the rest is still rendered.
    """
    draft = Draft(options or Options(), conversation)
    custom = response.get("custom")
    alone = bodies_for_whatsapp(response)
    if alone is not None:
        send_bodies(alone, draft)
        if draft.messages:
            return draft.finish()
        if MESSAGES not in for_whatsapp(response.get("metadata")):
            custom = None  # it was what could not be sent
    lead = Block(
        text=text_of(response.get("text")),
        buttons=read_buttons(
            [*items_of(response.get("buttons")), *items_of(response.get("quick_replies"))], "buttons", draft
        ),
        layout=read_layout(response.get("metadata"), draft),
    )
    templates = [item for item in items_of(response.get("attachment")) if _is_template(item)]
    media = _read_media(response, draft)
    elements = read_elements(response.get("elements"), "elements", draft)
    for template in templates:
        elements += _read_template(template, draft)
    if lead:
        lead = replace(lead, media=_take_picture(media))
    intro = Block()
    if elements and not (lead.buttons or lead.media or media or custom):
        lead, intro = intro, lead
    send_block(lead, draft)
    send_bodies(bodies_of(custom), draft)
    for attachment in media:
        send_block(Block(media=attachment), draft)
    send_elements(elements, intro, draft)
    note_unknown_keys(response, draft)
    return draft.finish()


def _read_media(response: Mapping[str, Any], draft: Draft) -> list[Attachment]:
    """Read image and attachment; Rasa repeats the image as attachment when there is no other."""
    found: dict[str, Attachment] = {}
    for key, kind in (("image", "image"), ("attachment", "")):
        for item in items_of(response.get(key)):
            attachment = None if not item or _is_template(item) else read_attachment(item, key, draft, kind)
            if attachment:
                first = found.setdefault(attachment.link, attachment)
                found[attachment.link] = replace(first, title=first.title or attachment.title)
    return list(found.values())


def _take_picture(media: list[Attachment]) -> Attachment | None:
    """Take the first media out of the list that can stand with a text."""
    for index, attachment in enumerate(media):
        if attachment.captioned:
            return media.pop(index)
    return None


def _is_template(item: object) -> bool:
    return mapping_of(item).get("type") == "template"


def _read_template(item: object, draft: Draft) -> list[Block]:
    """Read Facebook's templates: the generic one has elements, the button one text and buttons."""
    payload = mapping_of(mapping_of(item).get("payload"))
    words = Block(
        text=text_of(payload.get("text")),
        buttons=read_buttons(payload.get("buttons"), "attachment.payload.buttons", draft),
    )
    elements = read_elements(payload.get("elements"), "attachment.payload.elements", draft)
    return [words, *elements] if words else elements
