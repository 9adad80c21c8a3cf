"""What Serpro has taken: it answers with a request's id at once, and carries the messages afterwards.

Source: Serpro, WhatsApp API, "Como consultar status".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from rasa_whatsapp.simulator.background import Background
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import Ids
from rasa_whatsapp.simulator.network.network import Network
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Person
from rasa_whatsapp.simulator.templates.book import TemplateBook

_KEPT = 20_000
_STATES = ("sent", "delivered", "read", "failed")


@dataclass
class _Item:
    """One message of a request: whom it is for, and when it reached which state."""

    to: str
    id: str = ""
    error: str | None = None
    times: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        states = {state: self.times.get(state) for state in _STATES}
        return {"destinatario": self.to, "idMeta": self.id, **states, "mensagemErro": self.error}


class Requests:
    """Requests, and the messages that are still to be carried, in the order they were taken.

    Args:
        delay: seconds from taking a message to handing it to WhatsApp.
    """

    def __init__(
        self,
        network: Network,
        templates: TemplateBook,
        clock: Clock,
        ids: Ids,
        background: Background,
        *,
        delay: float,
    ) -> None:
        self._network = network
        self._templates = templates
        self._clock = clock
        self._ids = ids
        self._background = background
        self._delay = delay
        self._requests: dict[str, list[_Item]] = {}
        self._sent: dict[str, _Item] = {}
        self._waiting: deque[tuple[_Item, Person, dict[str, Any]]] = deque()
        network.listeners.append(self._note)

    def take(self, content: dict[str, Any], recipients: Sequence[str]) -> str:
        """Take one message for everybody; the request's id. Raises :class:`Refusal` for whom is not to be."""
        bodies = [{**content, "to": to} for to in recipients]
        for body in bodies:
            self._network.check(body, self._network.known(body))
        people = [self._network.addressee(body) for body in bodies]
        id = self._ids.request()
        items = self._requests[id] = [_Item(to) for to in recipients]
        for item, person, body in zip(items, people, bodies, strict=True):
            # Meta repeats this reference with each status; so it is where a status finds its request.
            self._waiting.append((item, person, {**body, "biz_opaque_callback_data": id}))
            self._background.start(self._carry_next())
        while len(self._requests) > _KEPT:
            for item in self._requests.pop(next(iter(self._requests))):
                self._sent.pop(item.id, None)
        return id

    def report(self, id: str) -> dict[str, Any] | None:
        """How the messages of a request stand; None for one that there is not."""
        items = self._requests.get(id)
        if items is None:
            return None
        return {
            "fromPhoneNumberId": self._network.account.phone_number_id,
            "quantidadeMensagens": len(items),
            "destinatarios": [item.to for item in items],
            "requisicoesEnvio": [item.to_json() for item in items if item.id],
            "aguardandoEnvio": [item.to for item in items if not item.id],
        }

    async def _carry_next(self) -> None:
        await self._clock.sleep(self._delay)
        item, person, body = self._waiting.popleft()
        try:
            self._templates.check(body, unknown_refused=False)
            failure = None
        except Refusal as refused:  # Serpro has accepted it already
            failure = refused
        wording = None if failure else self._templates.wording(body)
        item.id = self._network.send_to_person(person, body, failure, wording).id
        self._sent[item.id] = item

    def _note(self, event: dict[str, Any]) -> None:
        """Something happened in the network: perhaps one of these messages has come further."""
        message = event.get("message", {})
        item = self._sent.get(message.get("id", ""))
        if item is not None and message["status"] is not None:
            now = datetime.fromtimestamp(self._clock.now(), timezone.utc)
            item.times.setdefault(message["status"], now.strftime("%Y-%m-%dT%H:%M:%SZ"))
            item.error = message["error"]
