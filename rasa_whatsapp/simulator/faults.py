"""Faults to order: the next matching requests, or messages, go wrong in a chosen way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rasa_whatsapp.simulator.ids import digits
from rasa_whatsapp.simulator.refusal import Refusal

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

    def fits(self, path: str, recipient: str) -> bool:
        """Whether a request or message is one of those that go wrong."""
        return self.path in path and (not self.recipient or _same(self.recipient, recipient))


class Faults:
    """The faults that are still to come, first ordered first."""

    def __init__(self) -> None:
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
            if fault.status is status and fault.fits(path, recipient):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None


def _same(one: str, other: str) -> bool:
    return one == other or (digits(one) != "" and digits(one) == digits(other))
