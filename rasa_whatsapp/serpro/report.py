"""What Serpro reports when it is asked about a request, as the same events that its webhook brings.

Source: Serpro, WhatsApp API, "Como consultar status"; the fields of an item from public clients.
"""

from __future__ import annotations

import re
from typing import Any

from rasa_whatsapp.events import Number, Person, Status, WireError
from rasa_whatsapp.fields import items, text

_STATES = ("read", "delivered", "failed", "sent")
"""What may have become of a message; the first of these that is told is how it stands."""

_CODE = re.compile(r"\(#(\d{1,6})\)|\b(13\d{4})\b", re.ASCII)
"""Meta's code of an error within its words, such as `(#131047) Re-engagement message`."""

FINAL = frozenset({"read", "delivered", "failed"})
"""Statuses after which there is nothing more to ask."""


def _code(reason: str) -> int:
    found = _CODE.search(reason)
    return int(found[1] or found[2]) if found else 0


def statuses(report: dict[str, Any], request_id: str, number: Number) -> list[Status]:
    """How each message of a request stands; none while Serpro has not sent it on.

    Their timestamp is 0: what Serpro writes into the report is not described.
    """
    found = []
    for item in items(report, "requisicoesEnvio"):
        state = next((state for state in _STATES if item.get(state)), "")
        reason = text(item, "mensagemErro")
        if reason and state in ("", "sent"):
            state = "failed"
        code = _code(reason)
        if state:
            # Without a code it must not stand in the way of the webhook's own report, which may have one;
            # functions of `on_event` then hear of the failure twice.
            named = "" if state == "failed" and not code else text(item, "idMeta")
            found.append(
                Status(
                    id=named or f"request:{request_id}",
                    status=state,
                    number=number,
                    recipient=Person(phone=text(item, "destinatario")),
                    errors=(WireError(code=code, details=reason),) if state == "failed" else (),
                    raw={**item, "idRequisicao": request_id},
                )
            )
    return found
