"""What of an error may stand in a log or an inbox: its type and place. Its words may be a person's."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from rasa_whatsapp.errors import WhatsAppError

FRAMES = 8
"""How many places of each error are told, the innermost ones."""


def told(error: BaseException, frames: int = FRAMES) -> str:
    """The type and the places of an error and of those that led to it, the latest first.

    ``ValueError at my_flows.py:12 in book, my_flows.py:7 in parse; after KeyError at …``. Only our own errors
    keep their words, which hold nobody's.
    """
    return "; after ".join(_one(each, frames) for each in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException, frames: int) -> str:
    places = [
        f"{frame.f_code.co_filename}:{line} in {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    at = f" at {', '.join(places[-frames:])}" if places else ""
    words = f" ({error})" if isinstance(error, WhatsAppError) else ""
    return f"{type(error).__name__}{words}{at}"
