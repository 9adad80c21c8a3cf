"""Lists as the Graph API gives them: in pages, with cursors.

Source: Meta, Graph API, Paginated results: the last page has cursors too, but no ``next``.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from rasa_whatsapp.simulator.refusal import Refusal

_PAGE, _LARGEST = 25, 1000


def page(request: web.Request, items: Sequence[Any]) -> web.Response:
    """The page that ``limit`` and ``after`` of the request ask for."""
    start = _position(request.query.get("after", ""))
    limit = request.query.get("limit", "")
    end = start + min(max(int(limit) if limit.isdecimal() else _PAGE, 1), _LARGEST)
    answer: dict[str, Any] = {"data": items[start:end]}
    if items[start:end]:
        cursors = {"before": _cursor(start), "after": _cursor(min(end, len(items)))}
        answer["paging"] = {"cursors": cursors}
        if end < len(items):
            token = request.headers.get("Authorization", "").partition(" ")[2]
            query = urlencode({**request.query, "after": cursors["after"], "access_token": token})
            answer["paging"]["next"] = f"{request.scheme}://{request.host}{request.path}?{query}"
    return web.json_response(answer)


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"at {position}".encode()).decode()


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("at "))
    except ValueError:
        raise Refusal(131059, "The cursor is not valid.") from None
