"""The table that decides which kind of message a block becomes.

    | buttons                        | picture | becomes                                         |
    |--------------------------------|---------|-------------------------------------------------|
    | up to 3 choices, short titles  | none    | reply buttons                                   |
    |                                | one     | reply buttons with the picture as header        |
    | more choices, or longer titles | none    | list messages                                   |
    |                                | one     | the picture, then list messages                 |
    | one link alone                 | none    | a link button                                   |
    |                                | one     | a link button with the picture as header        |
    | none                           | none    | text                                            |
    |                                | one     | the picture with the text as its caption        |

Links beside anything else are lines of the text. What is too long for its place goes ahead as plain text.
A video or a document counts as a picture; a sound or a sticker has neither caption nor header place, and is
sent by itself.
"""

from __future__ import annotations

from rasa_whatsapp.messages import Button, Buttons, CtaUrl, limits
from rasa_whatsapp.rendering.attachment import Attachment
from rasa_whatsapp.rendering.block import Block, send_ahead
from rasa_whatsapp.rendering.buttons import Link, reply_ids
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.lists import send_lists


def send_block(block: Block, draft: Draft) -> None:
    """Send a block as the message, or the few messages, that the table above names."""
    choices, links = block.buttons.choices, block.buttons.links
    if choices and _fit_reply_buttons(block):
        _send_reply_buttons(block, draft)
    elif choices:
        send_lists(block, draft)
    elif len(links) == 1 and links[0].tappable:
        _send_link(block, links[0], draft)
    elif block.media:
        _send_media(block.media, block.whole_text(), draft)
    else:
        draft.say(block.whole_text())


def _fit_reply_buttons(block: Block) -> bool:
    """Tell whether the choices fit on reply buttons; section titles exist only in lists."""
    choices = block.buttons.choices
    return (
        len(choices) <= limits.BUTTONS
        and all(limits.length(choice.title) <= limits.BUTTON_TITLE for choice in choices)
        and not block.layout.sections
    )


def _send_reply_buttons(block: Block, draft: Draft) -> None:
    choices = block.buttons.choices
    frame = send_ahead(block, draft, body=limits.BODY, picture=True)
    ids = reply_ids(choices, limits.BUTTON_ID, draft)
    buttons = [Button(reply_id, choice.title) for reply_id, choice in zip(ids, choices, strict=True)]
    draft.send(Buttons(frame.body, buttons, header=frame.header, footer=frame.footer))


def _send_link(block: Block, link: Link, draft: Draft) -> None:
    label = draft.cut(link.label, limits.CTA_LABEL, "buttons[0].title")
    whole_title = link.title if label != link.label else ""
    frame = send_ahead(block, draft, body=limits.BODY, picture=True, note=whole_title, links=False)
    draft.send(CtaUrl(frame.body, label, link.url, header=frame.header, footer=frame.footer))


def _send_media(media: Attachment, text: str, draft: Draft) -> None:
    if not media.captioned or limits.CAPTION < limits.length(text) <= limits.TEXT:
        # One message for the whole text reads better than a text and a caption, and costs the same.
        draft.say(text)
        text = ""
    draft.send(media.message(draft.say_head(text, limits.CAPTION)))
