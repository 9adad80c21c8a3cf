"""How `inbox` shows rows: masked in lists, whole where one is asked for."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import msgspec

from rasa_whatsapp.delivery.rows import Record
from rasa_whatsapp.masking import mask_key

COLUMNS = ("came", "lane", "state", "person", "tries", "id", "reason")


def summary(row: Record) -> dict[str, Any]:
    """A row without its message; phone numbers are masked."""
    return {
        "id": row.id,
        "lane": row.lane,
        "state": _state(row),
        "person": mask_key(row.conversation),
        "came": _time(row.at),
        "attempts": row.attempts,
        "reason": row.reason,
    }


def cells(row: Record) -> tuple[str, ...]:
    """The summary as a line of a table."""
    shown = summary(row)
    names = ("came", "lane", "state", "person", "attempts", "id", "reason")
    return tuple(str(shown[name]).replace("\n", " ") for name in names)


def whole(row: Record) -> dict[str, Any]:
    """All that is kept of a row."""
    return {
        **summary(row),
        "conversation": row.conversation,
        "receipt": row.receipt,
        "body": _body(row.body),
    }


def _body(body: bytes) -> Any:
    """What is kept, as JSON; what cannot be read, as text."""
    try:
        return msgspec.json.decode(body) if body else None
    except ValueError:
        return body.decode("utf-8", "replace")


def _state(row: Record) -> str:
    return "sent" if (row.lane, row.state) == ("answer", "done") else row.state


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
