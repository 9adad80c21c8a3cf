"""WhatsApp's limits, and texts measured, cut and split by them.

Lengths are counted in UTF-16 code units: an emoji outside the basic plane counts as two. Meta does not say
how it counts; this is the strictest of the plausible ways, so that what fits here fits there.

Source of the numbers: Meta, Cloud API, the page of each message type; where Meta gives none, the source is
named beside the number.
"""

from __future__ import annotations

import re
import unicodedata

TEXT = 4096
"""Body of a text message."""
CAPTION = 1024
"""Caption of an image, a video or a document."""
FILENAME = 240
"""Name that a document is shown under (as the local WhatsApp has it; Meta's page gives no number)."""
BODY = 1024
"""Body of every interactive message except the list."""
LIST_BODY = 4096
"""Body of a list message (Meta; one business provider still says 1024)."""
HEADER = 60
FOOTER = 60
BUTTONS = 3
"""Reply buttons in one message."""
BUTTON_TITLE = 20
BUTTON_ID = 256
LIST_BUTTON = 20
"""Label of the button that opens a list."""
SECTIONS = 10
SECTION_TITLE = 24
ROWS = 10
"""Rows in one list, counted over all of its sections."""
ROW_ID = 200
ROW_TITLE = 24
ROW_DESCRIPTION = 72
CTA_LABEL = 20
"""Label of a button that opens a URL or starts a call."""
CARDS_MIN = 2
CARDS = 10
CARD_BODY = 160
CARD_LINE_BREAKS = 2
CARD_BUTTONS = 3
"""Quick replies on one card of a carousel (Meta gives no number; as many as reply buttons)."""
PRODUCTS = 30
"""Products in one product list, counted over all of its sections."""
CONTACTS = 257
"""Contact cards in one message (source: business providers; Meta only advises few)."""
OPAQUE = 512
"""Opaque callback data (source: pywa)."""
FLOW_LABEL = 30
"""Label of the button that opens a Flow (source: Meta's OpenAPI file; some clients cut after 20)."""
CALL_TTL_MINUTES = 43200
"""Life of a call button."""
PIN_DAYS = 30
TEMPLATE_NAME = 512
TEMPLATE_HEADER = 60
TEMPLATE_BODY = 1024
TEMPLATE_BUTTONS = 10
COUPON_CODE = 15
"""Coupon code of a template, letters and digits only (source: pywa)."""
OTP_CODE = 15
"""One-time password of an authentication template."""
ORDER_REFERENCE = 60
ORDER_ITEM_NAME = 60
ORDER_CHARGE_DESCRIPTION = 60
ORDER_STATUS_DESCRIPTION = 120
ORDER_EXPIRY_DESCRIPTION = 120

FILE = 100 * 1024 * 1024
"""Bytes of the largest file, a document (Meta, Cloud API, Media)."""

_ELLIPSIS = "…"
_JOINER = "\u200d"
# What divides a text, best first. All but the last count only after the first quarter of the room: a greeting
# must not become a message of its own.
_SEAMS = tuple(re.compile(seam) for seam in (r"\n\s*\n", r"\n", r"(?<=[.!?…])\s+", r"\s+"))


def length(text: str) -> int:
    """Return the length of ``text`` as WhatsApp counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Return ``text`` shortened to at most ``limit`` UTF-16 code units.

    A text that fits is returned as it is. A longer one ends with an ellipsis, after a whole word where that
    keeps at least half of the room, and never inside an emoji made of several characters unless that emoji
    alone is longer than the room.

    Raises:
        ValueError: ``limit`` is below 1.
    """
    if limit < 1:
        raise ValueError("a text cannot be cut to less than 1 character")
    if length(text) <= limit:
        return text
    end = _fitting(text, limit - 1)
    words = [space.start() for space in re.finditer(r"\s+", text[: end + 1])]
    if words and words[-1] * 2 >= end:
        end = words[-1]
    return text[:end].rstrip() + _ELLIPSIS


def cut_name(name: str, limit: int) -> str:
    """Return a file's name shortened to at most ``limit`` UTF-16 code units; its ending is kept.

    What fills half of the room behind the last dot is no ending.

    Raises:
        ValueError: ``limit`` is below 1.
    """
    stem, dot, ending = name.rpartition(".")
    room = limit - length(dot + ending)
    return cut(stem, room) + dot + ending if stem and room * 2 > limit else cut(name, limit)


def split(text: str, limit: int) -> list[str]:
    """Return ``text`` in pieces of at most ``limit`` UTF-16 code units each, none of them blank.

    The seams are looked for at a paragraph, a line, a sentence and a word, in this order; only a word longer
    than a piece is broken, and then not inside an emoji if that can be avoided. White space at the seams is
    dropped, nothing else is. A blank text gives no pieces.

    Raises:
        ValueError: ``limit`` is below 2, the length of an emoji.
    """
    if limit < 2:
        raise ValueError("a text cannot be split into pieces of less than 2 characters")
    pieces = []
    rest = text if length(text) <= limit else text.strip()
    while length(rest) > limit:
        end = _seam(rest, _fitting(rest, limit))
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*pieces, rest] if rest.strip() else pieces


def _seam(text: str, room: int) -> int:
    """Return where ``text``, of which ``room`` characters fit, is best divided."""
    window = text[: room + 1]
    for seam in _SEAMS:
        earliest = 1 if seam is _SEAMS[-1] else room // 4
        places = [match.start() for match in seam.finditer(window) if match.start() >= earliest]
        if places:
            return max(places[-1], 1)
    return room


def _fitting(text: str, limit: int) -> int:
    """Return how many leading characters of ``text`` fit into ``limit`` units without breaking one apart."""
    units = end = 0
    for character in text:
        units += 2 if character > "\uffff" else 1
        if units > limit:
            break
        end += 1
    whole = end
    while 0 < whole < len(text) and _joined(text, whole):
        whole -= 1
    return whole or end


def _joined(text: str, index: int) -> bool:
    """Tell whether the characters around ``index`` are shown as one, as in a flag or a family."""
    before, after = text[index - 1], text[index]
    if _JOINER in (before, after):
        return True
    if _is_flag_half(before) and _is_flag_half(after):
        start = index
        while start and _is_flag_half(text[start - 1]):
            start -= 1
        return (index - start) % 2 == 1
    # Accents and variation selectors are marks; skin tones and the letters of regional flags are not.
    return (
        unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
