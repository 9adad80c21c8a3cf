"""Receiving webhook requests, for any web framework: authenticate, read, keep.

The framework's handler calls ``receive`` and answers 200 when it returns, the error's ``status`` when it
raises a ``RequestError``, and 503 for whatever else is raised, so that the gateway sends the request again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

import structlog

from rasa_whatsapp.errors import BodyTooLarge, RequestError, SignatureMissing, SignatureWrong, StoreError
from rasa_whatsapp.events import Event, Status
from rasa_whatsapp.gateway import Gateway, Request

logger = structlog.get_logger()

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes; Meta sends at most 3 MB (Meta, Cloud API, Webhooks: payload size)."""


class _Read(NamedTuple):
    """What a request tells.

    Attributes:
        events: what can be kept at once.
        open: statuses of messages that they do not name; the gateway has to find out, which may take a while.
        gateway: the number it came by.
    """

    events: list[Event]
    open: list[Event]
    gateway: Gateway | None = None


_Answer = asyncio.Future[_Read]
"""What a request waits for: that its events are kept."""


class Reception:
    """The webhook of one or several numbers on one route, for one event loop.

    Requests that arrive in one turn of the event loop are read and kept together: Meta sends many at once,
    and one after the other each would find the processor's caches full of the web server again.

    Args:
        gateways: the numbers.
        take: keeps the events, of one request or of several; returns when that is done. Where it raises for
            several, and no ``StoreError``, it is called again for each: it must know what it has kept.
    """

    def __init__(
        self, gateways: Sequence[Gateway], take: Callable[[Sequence[Event]], Awaitable[None]]
    ) -> None:
        self._gateways = tuple(gateways)
        self._take = take
        self._arrived: list[tuple[Request, _Answer]] = []
        self._keeping: set[asyncio.Task[None]] = set()
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
            Exception: whatever else ``take`` raises for these events.
        """
        if len(request.body) > LARGEST_BODY:
            raise BodyTooLarge(f"The body has {len(request.body)} bytes, {LARGEST_BODY} are accepted.")
        answer: _Answer = asyncio.get_running_loop().create_future()
        self._arrived.append((request, answer))
        if len(self._arrived) == 1:
            # In a task of its own, for a handler is cancelled when its client hangs up.
            task = asyncio.create_task(self._receive_arrived())
            self._keeping.add(task)
            task.add_done_callback(self._keeping.discard)
        found = await answer
        if found.open and found.gateway is not None:
            await self._take(await found.gateway.correlate(found.open))

    async def _receive_arrived(self) -> None:
        arrived, self._arrived = self._arrived, []
        read: list[tuple[_Read, _Answer]] = []
        for request, answer in arrived:
            try:
                read.append((self._read(request), answer))
            except Exception as error:
                _refuse(answer, error)
        await self._keep(read)

    async def _keep(self, read: Sequence[tuple[_Read, _Answer]]) -> None:
        """Keeps all together; what cannot be kept at all must not take the others with it."""
        try:
            if events := [event for found, _ in read for event in found.events]:
                await self._take(events)
        except Exception as error:
            if len(read) > 1 and not isinstance(error, StoreError):
                for each in read:
                    await self._keep([each])
                return
            for _, answer in read:
                _refuse(answer, error)
        else:
            for found, answer in read:
                if not answer.done():  # its client may have hung up
                    answer.set_result(found)

    def _read(self, request: Request) -> _Read:
        senders = self._authentic(request)
        for sender in senders:
            # Where nothing is signed, every gateway takes the request for its own; one of them can read it.
            if found := sender.parse(request.body):
                read = _Read([], [], sender)
                for event in found:
                    if _is_for(event, sender, senders):
                        (read.open if _is_open(event) else read.events).append(event)
                return read
        return _Read([], [])

    def _authentic(self, request: Request) -> list[Gateway]:
        """The numbers whose secret authenticates the request; numbers of one Meta app share theirs."""
        found: list[Gateway] = []
        refusal: RequestError | None = None
        for gateway in self._gateways:
            try:
                gateway.authenticate(request)
            except RequestError as error:
                # To the gateway of another provider, what is wrong is only missing.
                if refusal is None or isinstance(refusal, SignatureMissing):
                    refusal = error
            else:
                found.append(gateway)
        if not found:
            raise refusal or SignatureWrong("No number is configured.")
        return found


def _is_for(event: Event, sender: Gateway, senders: Sequence[Gateway]) -> bool:
    """Whether an event is of this number, or of one that its request is from as well."""
    number = event.number.phone_number_id
    if number == sender.phone_number_id or not number:
        return True
    if any(number == each.phone_number_id and type(each) is type(sender) for each in senders):
        return True
    logger.warning(
        "whatsapp.event.foreign_number",
        phone_number_id=number,
        id=event.id,
        hint="credentials.yml has no such phone_number_id with the secret that signed the request.",
    )
    return False


def _is_open(event: Event) -> bool:
    return isinstance(event, Status) and not event.outbox_id


def _refuse(answer: _Answer, error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
