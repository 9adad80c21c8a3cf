"""From a Rasa response to the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from rasa.core.channels import channel as rasa_channel
from rasa.core.channels.channel import OutputChannel

from rasa_whatsapp import handover
from rasa_whatsapp.delivery import Delivery, Destination
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.rendering import Options, render

logger = structlog.get_logger()

PAYLOAD_TTL = 30 * 24 * 3600.0
"""Seconds for which the payload behind a short button id is kept."""


class WhatsAppOutput(OutputChannel):  # type: ignore[misc]
    """Sends Rasa's responses to WhatsApp.

    ``send_response`` returns when the messages are kept in the outbox; the sender posts them. During a turn
    they go to whoever wrote; afterwards (a reminder, ``trigger_intent``) to where the person last wrote from.

    Args:
        delivery: the store, the outbox and what works on them.
        options: words that WhatsApp demands and a response may lack.
        destination: whom the turn's answers go to; None outside a turn.
        merge_texts: texts that follow one another leave as one message, at the end of the turn.
    """

    def __init__(
        self,
        delivery: Delivery,
        options: Options,
        destination: Destination | None = None,
        merge_texts: bool = False,
    ) -> None:
        super().__init__()
        self._delivery = delivery
        self._options = options
        self._destination = destination
        self._merge_texts = merge_texts
        self._ordinal = 0

    @classmethod
    def name(cls) -> str:
        """``whatsapp``, as in ``trigger_intent?output_channel=whatsapp``."""
        return "whatsapp"

    @property
    def wants_tracker_state(self) -> bool:
        """Rasa Pro need not serialise the tracker for each response."""
        return False

    async def end_turn(self) -> None:
        """Lets go what was held; what is sent from now on is no answer to the message."""
        destination, self._destination = self._destination, None
        if destination is not None and self._merge_texts:
            try:
                await self._delivery.outbox.release(destination)
            except MessageError as error:
                _tell_unsendable(error)

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> Any:
        """Renders a response and keeps its messages for sending.

        An order that silences the bot is carried out; what else there is, is for the person.

        Returns:
            On Rasa Pro an ``OutputDeliveryResult(failed=True)`` when nothing of it can be sent; else None.

        Raises:
            StoreError: the outbox cannot be written, so that the turn is tried again.
        """
        response, silence = handover.take(message)
        if silence is not None:
            logger.info("whatsapp.handover.ordered", seconds=silence)
            turn = self._destination.turn if self._destination is not None else ""
            await self._delivery.pauses.set(recipient_id, silence, turn=turn)
        rendering = render(response, self._options, conversation=recipient_id)
        for cut in rendering.cuts:
            logger.warning("whatsapp.response.cut", cut=cut, utter_action=message.get("utter_action"))
        for problem in rendering.problems:
            _tell_unsendable(problem, message)
        if not rendering.messages:
            return _failed() if rendering.problems else None
        destination = self._destination or await self._proactive(recipient_id)
        if destination is None:
            return _failed()
        for short_id, payload in rendering.payloads.items():
            await self._delivery.store.set(short_id, payload.encode(), PAYLOAD_TTL, destination.conversation)
        ordinal, self._ordinal = self._ordinal, self._ordinal + len(rendering.messages)
        try:
            if self._merge_texts and self._destination is not None:
                await self._delivery.outbox.hold(destination, ordinal, rendering.messages)
            else:
                await self._delivery.outbox.add(destination, ordinal, rendering.messages)
        except MessageError as error:
            # Whoever runs the turn again comes to the same end, and runs its actions again.
            _tell_unsendable(error, message)
            return _failed()
        return None

    async def _proactive(self, conversation: str) -> Destination | None:
        address = await self._delivery.address(conversation)
        if address is None:
            logger.error(
                "whatsapp.recipient.unknown",
                hint="Nobody has written under this conversation id and it is neither a phone number nor a "
                "WhatsApp user id, so there is no address to send to.",
            )
            return None
        return Destination(uuid.uuid4().hex, conversation, address.to, address.number)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Sends text."""
        await self.send_response(recipient_id, {**kwargs, "text": text})

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """Sends a picture by its link."""
        await self.send_response(recipient_id, {**kwargs, "image": image})

    async def send_attachment(self, recipient_id: str, attachment: Any, **kwargs: Any) -> None:
        """Sends a file by its link or as a Rasa attachment object."""
        await self.send_response(recipient_id, {**kwargs, "attachment": attachment})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Sends text with reply buttons, or with a list when there are more than three."""
        await self.send_response(recipient_id, {**kwargs, "text": text, "buttons": buttons})

    async def send_buttons(self, recipient_id: str, buttons: list[dict[str, Any]], **kwargs: Any) -> None:
        """Sends buttons without a text, as Rasa Pro does after a streamed one, under ``default_body``."""
        await self.send_response(recipient_id, {**kwargs, "buttons": buttons})

    async def send_quick_replies(
        self, recipient_id: str, text: str, quick_replies: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Sends text with quick replies, which WhatsApp shows as buttons."""
        await self.send_response(recipient_id, {**kwargs, "text": text, "quick_replies": quick_replies})

    async def send_elements(
        self, recipient_id: str, elements: Iterable[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Sends cards: a carousel where WhatsApp allows one."""
        await self.send_response(recipient_id, {**kwargs, "elements": list(elements)})

    async def send_custom_json(self, recipient_id: str, json_message: Any, **kwargs: Any) -> None:
        """Sends a raw Cloud API message, checked before it leaves."""
        await self.send_response(recipient_id, {**kwargs, "custom": json_message})


def _tell_unsendable(problem: str | MessageError, response: Mapping[str, Any] | None = None) -> None:
    """Writes to the log what of a response, or of a turn's held answers, WhatsApp would not carry."""
    about = {} if response is None else {"utter_action": response.get("utter_action")}
    logger.error("whatsapp.response.unsendable", problem=str(problem), **about)


def _failed() -> Any:
    """Rasa Pro's way of hearing that a response was not delivered; Rasa Open Source has none."""
    result = getattr(rasa_channel, "OutputDeliveryResult", None)
    return result(failed=True) if result is not None else None
