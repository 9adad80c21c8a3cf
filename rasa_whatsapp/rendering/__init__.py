"""A Rasa response becomes as few WhatsApp messages as possible; pure functions, no I/O.

response.py   which parts a response has, and their order
compose.py    the table that decides which kind of message a block becomes
block.py      what belongs together: text, one picture, buttons
buttons.py    Rasa buttons: choices and links, their labels and their ids
lists.py      more than three choices, or long ones: list messages
carousel.py   elements: a carousel where WhatsApp allows one
attachment.py image and attachment: which kind of media a link is
custom.py     raw Cloud API bodies
layout.py     header, footer and list labels from the response's metadata
unknown.py    keys that nobody here reads
draft.py      what comes out: messages, stored payloads, cuts and problems
values.py     reading values that may be anything
"""

from __future__ import annotations

from rasa_whatsapp.rendering.buttons import PAYLOAD_PREFIX
from rasa_whatsapp.rendering.custom import read_custom
from rasa_whatsapp.rendering.draft import Options, Rendering
from rasa_whatsapp.rendering.response import render

__all__ = ["PAYLOAD_PREFIX", "Options", "Rendering", "read_custom", "render"]
