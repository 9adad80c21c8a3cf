"""One message on its last steps: the bot's files get their ids, and the recipient an address that will do."""

from __future__ import annotations

import structlog

from rasa_whatsapp.delivery.preferences import Preferences
from rasa_whatsapp.delivery.rows import Contact
from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.errors import GraphError, InvalidMessage, MediaRejected, MessageError
from rasa_whatsapp.events import Person
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.masking import mask_phone
from rasa_whatsapp.media import LocalMedia, Uploads
from rasa_whatsapp.messages import Message, Template

logger = structlog.get_logger()

NOT_BY_USER_ID = 131062
"""Meta's code for a message that goes to phone numbers alone, such as an authentication template."""


class Post:
    """Hands messages to the gateways.

    Args:
        store: knows people's phone numbers and the ids of files.
        folder: of the bot's own files, see ``rasa_whatsapp.media``; empty for none.
    """

    def __init__(self, store: Store, folder: str = "") -> None:
        self._store = store
        self.uploads = Uploads(store)
        self._media = LocalMedia(folder, self.uploads)
        self._preferences = Preferences(store)

    async def send(
        self, gateway: Gateway, message: Message, to: str, conversation: str, outbox_id: str
    ) -> str:
        """Sends a message and returns WhatsApp's id of it; repeats only what WhatsApp has refused.

        Args:
            gateway: the number it leaves by.
            to: ``+digits``, a user id or a group's id.
            conversation: the key of the recipient's conversation.
            outbox_id: comes back with its statuses, unless empty.

        Raises:
            MessageError: it is known to be rejected, or a file of the bot's own cannot be sent.
            StoreError: the store cannot be read just now.
            SendError: see the tree in ``rasa_whatsapp.errors``.
        """
        if isinstance(message, Template):
            await self._ask_whether_wanted(message, to, conversation)
        ready = await self._media.with_ids(message, gateway)
        try:
            return await self._to_anybody(gateway, ready, to, conversation, outbox_id)
        except (InvalidMessage, MediaRejected) as error:
            if ready is message:
                raise
            logger.warning("whatsapp.media.uploaded_again", id=outbox_id, error=str(error))
        fresh = await self._media.with_ids(message, gateway, stale=ready)
        try:
            return await self._to_anybody(gateway, fresh, to, conversation, outbox_id)
        except MediaRejected as error:
            # It is not that the id was forgotten: this file WhatsApp does not take.
            raise MessageError("media", f"was refused by WhatsApp: {error}") from error

    async def _ask_whether_wanted(self, template: Template, to: str, conversation: str) -> None:
        """Warns where somebody wants no marketing; what a template is for, only WhatsApp knows."""
        contact = await self._store.contact(conversation) or Contact()
        by_phone = to.startswith("+")
        person = Person(
            phone=to[1:] if by_phone else contact.phone, user_id=contact.user_id if by_phone else to
        )
        if await self._preferences.stopped(person.aliases):
            logger.warning(
                "whatsapp.template.unwanted",
                template=template.name,
                to=mask_phone(person.phone),
                hint="This person has stopped marketing messages; WhatsApp refuses a marketing template.",
            )

    async def _to_anybody(
        self, gateway: Gateway, message: Message, to: str, conversation: str, outbox_id: str
    ) -> str:
        try:
            return await gateway.send(message, to, outbox_id)
        except GraphError as error:
            if error.code != NOT_BY_USER_ID:
                raise
            # It has surely been refused: where the store is away, the whole may be tried again.
            contact = await self._store.contact(conversation)
            if contact is None or not contact.phone or to == contact.address:
                raise
            logger.info("whatsapp.message.to_phone", id=outbox_id, to=mask_phone(contact.phone))
            return await gateway.send(message, contact.address, outbox_id)
