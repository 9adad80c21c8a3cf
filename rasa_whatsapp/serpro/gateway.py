"""Serpro as a gateway: one business number."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from rasa_whatsapp.events import Event, Number, Status
from rasa_whatsapp.gateway import ClientGateway, Request
from rasa_whatsapp.messages import Message
from rasa_whatsapp.serpro.client import SerproClient
from rasa_whatsapp.serpro.nearest import fit
from rasa_whatsapp.serpro.requests import Requests
from rasa_whatsapp.serpro.watch import DELAYS, Watch
from rasa_whatsapp.serpro.webhook import Proof, check_proof, parse, read, request_id
from rasa_whatsapp.settings import NumberSettings
from rasa_whatsapp.shelf import Shelf


def client_of(number: NumberSettings, ca_bundle: str = "", **options: Any) -> SerproClient:
    """The client of a number that settings name; options as `SerproClient` has them."""
    return SerproClient(
        number.client_id,
        number.client_secret,
        waba_id=number.waba_id,
        phone_number_id=number.phone_number_id,
        base_url=number.base_url,
        api_version=number.api_version,
        ca_bundle=ca_bundle,
        **options,
    )


class SerproGateway(ClientGateway):
    """One number that Serpro carries; see ``rasa_whatsapp.gateway.Gateway``.

    Serpro takes messages at once and tells later, by request id, what became of them: the webhook's statuses
    find their outbox row through `Requests`, and where no webhook tells of a request, `Watch` asks.

    Args:
        number: its settings.
        ca_bundle: a PEM file of further certificate authorities, or an empty string.
        requests: which row each request was sent from; shared by all numbers of a channel.
        shelf: shares tokens with other processes.
        ask_after: seconds before each question about a request that no webhook tells of.
    """

    def __init__(
        self,
        number: NumberSettings,
        ca_bundle: str = "",
        requests: Requests | None = None,
        shelf: Shelf | None = None,
        ask_after: Sequence[float] = DELAYS,
    ) -> None:
        self.client = client_of(number, ca_bundle, shelf=shelf)
        super().__init__(number, self.client)
        self._number = Number(phone_number_id=number.phone_number_id)
        self._proof = Proof(
            number.webhook_token, number.webhook_username, number.webhook_password, number.webhook_path_token
        )
        self._requests = requests or Requests(shelf)
        self._ask_after = ask_after
        self._watch: Watch | None = None

    def challenge(self, query: Mapping[str, str]) -> str | None:
        return None  # Serpro registers webhooks without a handshake.

    def authenticate(self, request: Request) -> None:
        # Without a proof nothing can be checked; the settings allow that only with allow_unsigned.
        if self._proof:
            check_proof(request.headers, request.path_token, self._proof)

    def parse(self, body: bytes) -> Sequence[Event]:
        return [self._ours(event) for event in parse(read(body))]

    async def correlate(self, events: Sequence[Event]) -> Sequence[Event]:
        # Side by side: each may have to wait until a post has been answered.
        return await asyncio.gather(*map(self._correlated, events))

    def listen(self, take: Callable[[Sequence[Event]], Awaitable[None]]) -> None:
        async def take_statuses(statuses: Sequence[Event]) -> None:
            await take(await self.correlate(statuses))

        self._watch = Watch(self.client, self._number, take_statuses, self._ask_after)

    def fit(self, message: Message) -> Sequence[Message]:
        return fit(message)

    async def send(self, message: Message, to: str, outbox_id: str) -> str:
        async with self._requests.posting():
            sent = await self.client.send(message, to)
            for id in sent.ids:
                await self._requests.remember(id, outbox_id)
        if self._watch is not None and outbox_id:
            self._watch.begin(sent.id)
        return sent.id

    async def mark_read(self, message_id: str, typing: bool) -> None:
        await self.client.mark_read(message_id)

    async def close(self) -> None:
        if self._watch is not None:
            await self._watch.close()
        await super().close()

    def _ours(self, event: Event) -> Event:
        """An event of the webhook, with the number where Serpro left it out."""
        if not event.number.phone_number_id:
            event = replace(event, number=replace(event.number, phone_number_id=self.phone_number_id))
        if isinstance(event, Status) and self._watch is not None:
            self._watch.heard(request_id(event))
        return event

    async def _correlated(self, event: Event) -> Event:
        if not isinstance(event, Status) or event.outbox_id:
            return event
        return replace(event, outbox_id=await self._requests.outbox_id(request_id(event)))
