"""From an event to a Rasa turn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec
import structlog
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockError

from rasa_whatsapp import errors, events
from rasa_whatsapp.actions.incoming import METADATA_KEY
from rasa_whatsapp.channel.agent import MESSAGE_IDS, AgentView, away
from rasa_whatsapp.channel.flows import flow_of
from rasa_whatsapp.channel.hooks import Hooks
from rasa_whatsapp.channel.output import WhatsAppOutput
from rasa_whatsapp.delivery import Delivery, Destination, Row
from rasa_whatsapp.delivery.dispatcher import Unavailable
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.intents import Understanding
from rasa_whatsapp.rendering import PAYLOAD_PREFIX, Options
from rasa_whatsapp.settings import Settings

logger = structlog.get_logger()


class Turns:
    """Runs one turn at a time for whoever owns the conversation.

    Args:
        settings: the channel's settings.
        gateways: the way to each number, for read receipts.
        understanding: what Rasa is told of a message.
        agent: Rasa's agent.
        on_new_message: Rasa's handler; returns when the turn is over.
        hooks: functions of the bot's own project.
    """

    def __init__(
        self,
        settings: Settings,
        gateways: Mapping[str, Gateway],
        understanding: Understanding,
        agent: AgentView,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        hooks: Hooks,
    ) -> None:
        self._settings = settings
        self._hooks = hooks
        self._gateways = gateways
        self._understanding = understanding
        self._agent = agent
        self._on_new_message = on_new_message
        self._options = Options(list_button=settings.list_button, body=settings.default_body)
        self._receipts: set[asyncio.Task[None]] = set()
        self._locked: set[str] = set()

    async def handle(self, gathered: Sequence[events.AnyEvent], row: Row, delivery: Delivery) -> None:
        """Handles one event that was kept, or several texts that ``debounce`` makes one turn.

        Raises:
            Exception: the turn has failed as a whole; it will be tried again.
        """
        event = gathered[-1]
        if row.interrupted:
            # Also where the turn was run to its end: who died may not have come to giving the lock back. Kept
            # until it is freed, for a row that is tried again is not interrupted any more.
            self._locked.add(row.conversation)
        if row.conversation in self._locked:
            self._agent.free_lock(row.conversation)
            self._locked.discard(row.conversation)
        if isinstance(event, events.Message):
            await self._converse(gathered, row, delivery)
        elif isinstance(event, events.Status) and delivery.failures.tells_of_failure(row):
            await self._mourn(event, row, delivery)
        else:
            # First: a function that fails, for some system of the house is away, must not keep the bot from
            # falling silent. What was noted may be noted again.
            await self._note(event, row, delivery)
            await self._hooks.tell(event)

    async def _note(self, event: events.Event, row: Row, delivery: Delivery) -> None:
        """What the channel itself does about an event that is no message."""
        if isinstance(event, events.Status) and event.undelivered:
            _explain(event)
            await delivery.failed(event)
        elif isinstance(event, events.Echo) and self._settings.handover:
            # Since it was written, which may be long ago, and not for less time than somebody has ordered.
            until = (event.timestamp or row.at) + self._settings.handover
            if await delivery.pauses.lengthen(row.conversation, until):
                logger.info("whatsapp.handover.begun", id=event.id, seconds=self._settings.handover)
        elif isinstance(event, events.UserPreferences):
            await delivery.preferences.note(event)
        else:
            logger.info("whatsapp.event.handled", event_kind=type(event).__name__, id=event.id)

    async def _mourn(self, failure: events.Status, row: Row, delivery: Delivery) -> None:
        """Reports a failed message to Rasa, as ``delivery_failed_intent`` asks for."""
        text = self._understanding.failure(failure, self._agent.declared())
        address = await delivery.address(row.conversation)
        if text is None or address is None:
            return
        destination = Destination(row.id, row.conversation, address.to, address.number)
        if _may_be_heard(row) and row.id in await self._agent.heard(row.conversation):
            await self._output(destination, delivery).end_turn()
        elif not await delivery.pauses.silent(row.conversation, row.id):
            await self._run(text, row.id, destination, self._told(failure), delivery)

    async def _converse(self, gathered: Sequence[events.AnyEvent], row: Row, delivery: Delivery) -> None:
        gathered = await self._unheard(gathered, row, delivery)
        if not gathered:
            return
        event, ids = _together(gathered)
        if not event.sender.address:
            logger.warning("whatsapp.message.anonymous", id=event.id, hint="There is nobody to answer.")
            return
        if event.group_id:
            logger.info("whatsapp.message.in_group", id=event.id)
            return
        if await delivery.pauses.silent(row.conversation, ids[0]):
            logger.info("whatsapp.message.left_to_people", id=event.id)
            return
        text: str | None = await self._words(event)
        if not text:
            flow = await flow_of(delivery.store, event)
            whole = await self._with_payload(event, delivery)
            text = self._understanding.text(whole, self._agent.declared(), flow)
        if text is None:
            logger.info("whatsapp.message.passed_over", id=event.id, kind=type(event).__name__)
            return
        self._show_as_read(event)
        # The first one's id stays when the turn is tried again and there are more texts by then.
        destination = Destination(
            ids[0], row.conversation, event.sender.address, event.number.phone_number_id
        )
        told = self._told(event) if len(ids) == 1 else {**self._told(event), MESSAGE_IDS: ids}
        await self._run(text, event.id, destination, told, delivery)

    async def _unheard(
        self, gathered: Sequence[events.AnyEvent], row: Row, delivery: Delivery
    ) -> Sequence[events.AnyEvent]:
        """Leaves out what an earlier attempt ran to the end, of which only the end itself was lost."""
        if not _may_be_heard(row):
            return gathered
        heard = await self._agent.heard(row.conversation)
        for event in gathered:
            if event.id in heard:
                logger.info("whatsapp.turn.already_run", id=event.id)
                address = event.sender.address
                destination = Destination(event.id, row.conversation, address, event.number.phone_number_id)
                await self._output(destination, delivery).end_turn()
        return [event for event in gathered if event.id not in heard]

    def _output(self, destination: Destination, delivery: Delivery) -> WhatsAppOutput:
        return WhatsAppOutput(delivery, self._options, destination, self._settings.merge_texts)

    async def _run(
        self, text: str, message_id: str, destination: Destination, told: dict[str, Any], delivery: Delivery
    ) -> None:
        """Has Rasa handle the text."""
        await self._agent.prepare()
        if not self._agent.is_ready:
            # It was unloaded while the turn waited. Rasa would pass the message over in silence.
            raise Unavailable("no model is loaded")
        output = self._output(destination, delivery)
        message = UserMessage(
            text,
            output,
            destination.conversation,
            input_channel=output.name(),
            message_id=message_id,
            metadata={METADATA_KEY: told},
        )
        try:
            await self._on_new_message(message)
        except LockError as error:
            raise away("lock store", error) from error
        await output.end_turn()

    async def _words(self, event: events.Message) -> str:
        """What somebody said in a sound, as if it had been typed; empty where nothing makes text of it."""
        if self._hooks.transcription is None or not isinstance(event, events.Audio):
            return ""
        return self._understanding.typed(await self._hooks.transcription.text(event))

    async def _with_payload(self, event: events.Message, delivery: Delivery) -> events.Message:
        """Puts the payload that was too long for a button's id back in its place."""
        if not isinstance(event, events.Reply) or not event.payload.startswith(PAYLOAD_PREFIX):
            return event
        payload = await delivery.store.get(event.payload)
        if payload is None:
            logger.warning("whatsapp.payload.forgotten", id=event.id, hint="The button was over 30 days old.")
            return msgspec.structs.replace(event, payload=event.title)
        return msgspec.structs.replace(event, payload=payload.decode())

    def _told(self, event: events.Event) -> dict[str, Any]:
        """The event for the tracker; with pseudonyms, without phone number and user id."""
        if self._settings.sender_id == "pseudonym":
            event = msgspec.structs.replace(event, sender=events.Person(name=event.sender.name), raw={})
            if isinstance(event, events.Status):
                event = msgspec.structs.replace(event, recipient=events.Person())
            elif isinstance(event, events.Message) and event.context is not None:
                context = msgspec.structs.replace(event.context, sender="")
                event = msgspec.structs.replace(event, context=context)
        return events.to_builtins(event)

    def _show_as_read(self, event: events.Message) -> None:
        # WhatsApp shows both in one call, and typing never without reading.
        if not self._settings.read_receipts:
            return
        gateway = self._gateways.get(event.number.phone_number_id)
        if gateway is None:
            return
        task = asyncio.create_task(_mark_read(gateway, event.id, self._settings.typing_indicator))
        self._receipts.add(task)
        task.add_done_callback(self._receipts.discard)

    async def close(self) -> None:
        """Ends read receipts that are still under way."""
        for task in self._receipts:
            task.cancel()
        await asyncio.gather(*self._receipts, return_exceptions=True)


def _may_be_heard(row: Row) -> bool:
    """Whether Rasa may have run the turn to its end before."""
    return row.attempts > 1 or row.retried


def _together(gathered: Sequence[events.AnyEvent]) -> tuple[Any, list[str]]:
    """The event of a turn, under the last one's id, and the ids of all that it stands for."""
    event = gathered[-1]
    texts = [text.body for text in gathered if isinstance(text, events.Text)]
    if len(gathered) > 1 and isinstance(event, events.Text):
        event = msgspec.structs.replace(event, body="\n".join(texts))
    return event, [each.id for each in gathered]


async def _mark_read(gateway: Gateway, message_id: str, typing: bool) -> None:
    try:
        await gateway.mark_read(message_id, typing)
    except errors.SendError as error:
        logger.info("whatsapp.receipt.failed", id=message_id, error=str(error))


def _explain(status: events.Status) -> None:
    for error in status.errors or (events.WireError(),):
        logger.warning(
            "whatsapp.message.failed",
            wamid=status.id,
            code=error.code,
            explanation=errors.explain(error.code or None, error.title or error.message, error.details),
        )
