"""Faults to order: the next matching requests, or messages, go wrong in a chosen way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rasa_whatsapp.simulator.ids import digits
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Person, State

PROXY_PAGE = "<html><h1>502 Bad Gateway</h1></html>"
"""What stands under HTTP 502 where a proxy answers that knows nothing of JSON."""


@dataclass
class Fault:
    """What goes wrong, for whom, and how often.

    A request fault matches a part of the request's ``path`` and, when given, the ``recipient`` (phone number
    or user id). It waits ``delay`` seconds, then cuts the connection (``cut``), or answers with the ``error``
    or with ``body`` under ``http``; without any of these the request is only slow. ``accepted`` lets WhatsApp
    handle the request first, so that only its answer is spoilt.

    With ``status`` set the request is answered as usual and the message fails later, in a webhook.
    """

    path: str = "/messages"
    recipient: str = ""
    times: int = 1
    delay: float = 0.0
    error: Refusal | None = None
    http: int | None = None
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    accepted: bool = False
    status: bool = False


class Faults:
    """The faults that are still to come, first ordered first."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a fault."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._waiting.clear()

    def take(self, path: str, recipient: str, *, status: bool) -> Fault | None:
        """The fault for this request (``status`` False) or this message's fate (True), if there is one."""
        for fault in self._waiting:
            if fault.status is status and fault.path in path and self._is_for(fault, recipient):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def _is_for(self, fault: Fault, recipient: str) -> bool:
        return not fault.recipient or self._who(fault.recipient) == self._who(recipient)

    def _who(self, name: str) -> Person | str:
        """The person, whichever of their names is told; else the name itself."""
        return self._state.person(name) or digits(name) or name
