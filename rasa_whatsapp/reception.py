"""Receiving webhook requests, for any web framework: authenticate, read, keep.

The framework's handler calls ``receive`` and answers 200 when it returns, the error's ``status`` when it
raises a ``RequestError``, and 503 for a ``StoreError``, so that the gateway sends the request again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from rasa_whatsapp.errors import BodyTooLarge, RequestError, SignatureWrong
from rasa_whatsapp.events import Event
from rasa_whatsapp.gateway import Gateway, Request

logger = structlog.get_logger()

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes; Meta sends at most 3 MB (Meta, Cloud API, Webhooks: payload size)."""


class Reception:
    """The webhook of one or several numbers on one route.

    Args:
        gateways: the numbers.
        take: keeps the events; returns when that is done.
    """

    def __init__(
        self, gateways: Sequence[Gateway], take: Callable[[Sequence[Event]], Awaitable[None]]
    ) -> None:
        self._gateways = tuple(gateways)
        self._take = take
        for gateway in self._gateways:
            gateway.listen(take)

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """The answer to the handshake of a webhook's registration, ``None`` to refuse it with 403."""
        answers = (gateway.challenge(query) for gateway in self._gateways)
        return next((answer for answer in answers if answer is not None), None)

    async def receive(self, request: Request) -> None:
        """Returns when everything in the request that must not be lost is kept.

        Raises:
            RequestError: the request is refused; ``status`` says how to answer.
            StoreError: nothing could be kept just now.
        """
        if len(request.body) > LARGEST_BODY:
            raise BodyTooLarge(f"The body has {len(request.body)} bytes, {LARGEST_BODY} are accepted.")
        senders = self._authentic(request)
        for sender in senders:
            # Where nothing is signed, every gateway takes the request for its own; one of them can read it.
            if found := await sender.parse(request.body):
                ours = {"", *[each.phone_number_id for each in senders if type(each) is type(sender)]}
                events = [event for event in found if self._is_for(event, ours)]
                if events:
                    await self._take(events)
                return

    def _authentic(self, request: Request) -> list[Gateway]:
        """The numbers whose secret authenticates the request; numbers of one Meta app share theirs."""
        found: list[Gateway] = []
        refusal: RequestError = SignatureWrong("No number is configured.")
        for gateway in self._gateways:
            try:
                gateway.authenticate(request)
            except RequestError as error:
                refusal = error
            else:
                found.append(gateway)
        if not found:
            raise refusal
        return found

    def _is_for(self, event: Event, ours: set[str]) -> bool:
        number = event.number.phone_number_id
        if number in ours:
            return True
        logger.warning(
            "whatsapp.event.foreign_number",
            phone_number_id=number,
            id=event.id,
            hint="credentials.yml has no such phone_number_id with the secret that signed the request.",
        )
        return False
