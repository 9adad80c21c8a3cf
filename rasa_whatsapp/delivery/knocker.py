"""Asking people whose 24-hour window is closed to write again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import structlog

from rasa_whatsapp.delivery.directory import Directory
from rasa_whatsapp.delivery.outbox import Destination, Outbox
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.errors import WindowClosed
from rasa_whatsapp.events import Status
from rasa_whatsapp.masking import mask_phone
from rasa_whatsapp.messages import Template

logger = structlog.get_logger()

WINDOW = 24 * 3600.0
"""Seconds for which somebody who has written can be written to (Meta, Cloud API, Send messages)."""
KNOCK_AGAIN = 24 * 3600.0
"""Seconds until somebody who has not written may be sent the re-engagement template again."""

_KNOCKED = "knocked:"


class Knocker:
    """Sends the re-engagement template, once until they write again or a day has passed.

    Args:
        store: remembers who was knocked at, and whose answers were sent.
        outbox: what the template is put into, behind what waits there.
        directory: where people can be reached.
        templates: by ``phone_number_id``, what to send.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        directory: Directory,
        templates: Mapping[str, Template],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._directory = directory
        self._templates = templates
        self._clock = clock

    async def knock(self, conversation: str, to: str, number: str) -> None:
        """WhatsApp refused a message because the window is closed.

        Args:
            conversation: whose message it was.
            to: their ``+digits`` or user id.
            number: the ``phone_number_id`` it was to leave by.

        Raises:
            StoreError: the template may not be in the outbox; to ask again sends it once.
        """
        template = self._templates.get(number)
        if template is None or await self._store.get(_KNOCKED + conversation) is not None:
            return
        # Where two ask at once, or again after a crash, the outbox knows this turn of today.
        turn = f"knock:{conversation}:{int(self._clock() // KNOCK_AGAIN)}"
        await self._outbox.add(Destination(turn, conversation, to, number), 0, [template])
        await self._store.set(_KNOCKED + conversation, b"1", KNOCK_AGAIN, conversation)
        logger.info("whatsapp.window.knocked", template=template.name, to=mask_phone(to))

    async def hear(self, failure: Status) -> None:
        """A message that was taken is reported as failed; so Serpro tells of every closed window.

        What is not known to be an answer of ours is passed over, and so is a report of yesterday that comes
        again, and one about somebody who has written meanwhile.

        Raises:
            StoreError: as for ``knock``.

        Source: Meta, Cloud API, Error codes, 131047.
        """
        number = failure.number.phone_number_id
        closed = any(error.code in WindowClosed.helps for error in failure.errors)
        if not closed or not failure.outbox_id or number not in self._templates:
            return
        reported = failure.timestamp or self._clock()
        if self._clock() - reported > KNOCK_AGAIN:
            return
        conversation = await self._store.addressee(failure.outbox_id)
        if conversation is None:
            return
        contact = await self._store.contact(conversation)
        if contact is not None and contact.number == number and reported - contact.seen < WINDOW:
            return
        address = await self._directory.address(conversation)
        if address is not None:
            await self.knock(conversation, address.to, number)
