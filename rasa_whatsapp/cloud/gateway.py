"""Meta's Cloud API as a gateway: one business number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from rasa_whatsapp.cloud import plain
from rasa_whatsapp.cloud.client import CloudClient
from rasa_whatsapp.cloud.payload import parse_sound
from rasa_whatsapp.cloud.webhook import check_signature, handshake, read
from rasa_whatsapp.events import Event
from rasa_whatsapp.gateway import ClientGateway, Request
from rasa_whatsapp.messages import Message
from rasa_whatsapp.settings import NumberSettings


def client_of(number: NumberSettings, ca_bundle: str = "", **options: Any) -> CloudClient:
    """The client of a number that settings name; options as `CloudClient` has them."""
    return CloudClient(
        number.access_token,
        number.phone_number_id,
        waba_id=number.waba_id,
        base_url=number.base_url,
        api_version=number.api_version,
        # While it is rotated, the new one comes first.
        app_secret=next(iter(number.app_secret), ""),
        ca_bundle=ca_bundle,
        **options,
    )


class CloudGateway(ClientGateway):
    """One number of the Cloud API; see ``rasa_whatsapp.gateway.Gateway``.

    Args:
        number: its settings.
        ca_bundle: a PEM file of further certificate authorities, or an empty string.
    """

    def __init__(self, number: NumberSettings, ca_bundle: str = "") -> None:
        self.client = client_of(number, ca_bundle)
        super().__init__(number, self.client)

    def challenge(self, query: Mapping[str, str]) -> str | None:
        return handshake(query, [self._settings.verify_token])

    def authenticate(self, request: Request) -> None:
        # Without a secret nothing can be checked; the settings allow that only with allow_unsigned.
        if secrets := self._settings.app_secret:
            check_signature(request.body, request.headers.get("x-hub-signature-256"), secrets)

    def parse(self, body: bytes) -> Sequence[Event]:
        return plain.read(body) or parse_sound(read(body))

    async def correlate(self, events: Sequence[Event]) -> Sequence[Event]:
        return events  # Meta's statuses bring the row's id back themselves.

    def listen(self, take: Callable[[Sequence[Event]], Awaitable[None]]) -> None:
        """Meta tells everything by webhook."""

    def fit(self, message: Message) -> Sequence[Message]:
        return (message,)

    async def send(self, message: Message, to: str, outbox_id: str) -> str:
        sent = await self.client.send(message, to, opaque=outbox_id or None)
        return sent.id

    async def mark_read(self, message_id: str, typing: bool) -> None:
        await self.client.mark_read(message_id, typing=typing)
