"""What `inbox` does with dead letters."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

from rasa_whatsapp.delivery.late_statuses import UNKNOWN
from rasa_whatsapp.delivery.stores import Records
from rasa_whatsapp.delivery.stores.base import LANES, REMEMBERED

ALL = 1_000_000
"""As many dead letters as one call looks at."""


class Retried(NamedTuple):
    """How many dead letters were put back, which ids are none, which answers may have arrived already."""

    again: int
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


async def retry_some(records: Records, ids: Sequence[str]) -> Retried:
    """Puts these dead letters back, in the order in which they were named."""
    again, missing = 0, []
    for id in ids:
        found = sum([await records.retry(lane, id) for lane in LANES])
        again += found
        if not found:
            missing.append(id)
    return Retried(again, missing=tuple(missing))


async def retry_all(records: Records) -> Retried:
    """Puts all dead letters back, the oldest first, but no answer that WhatsApp may have accepted."""
    again, unknown = 0, []
    for lane in LANES:
        for letter in reversed(await records.rows(lane, "dead", ALL)):
            if letter.reason.startswith(UNKNOWN):
                unknown.append(letter.id)
            else:
                again += await records.retry(lane, letter.id)
    return Retried(again, unknown=tuple(unknown))


async def purge(records: Records, seconds: float, dead_only: bool) -> tuple[int, int]:
    """Deletes dead letters and, unless told not to, ids that are older; says how many of each."""
    now = time.time()
    letters = sum([await records.purge(lane, "dead", now - seconds) for lane in LANES])
    if dead_only:
        return letters, 0
    return letters, sum([await records.purge(lane, "done", now - max(seconds, REMEMBERED)) for lane in LANES])
