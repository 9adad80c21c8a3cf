"""The channel while its server runs: everything that has a file, a socket or a task."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from rasa_whatsapp import events
from rasa_whatsapp.channel.action_server import ActionServer
from rasa_whatsapp.channel.agent import AgentView
from rasa_whatsapp.channel.flow_action import FlowAction
from rasa_whatsapp.channel.flows import endpoint_of
from rasa_whatsapp.channel.hooks import Hooks
from rasa_whatsapp.channel.output import WhatsAppOutput
from rasa_whatsapp.channel.turns import Turns
from rasa_whatsapp.delivery import Delivery, Row
from rasa_whatsapp.delivery.metrics import Page
from rasa_whatsapp.delivery.stores import open_url
from rasa_whatsapp.errors import StoreError
from rasa_whatsapp.flows.files import FlowFiles
from rasa_whatsapp.hosts import GRAPH
from rasa_whatsapp.intents import Understanding
from rasa_whatsapp.providers import gateways as gateways_of
from rasa_whatsapp.reception import Reception
from rasa_whatsapp.rendering import Options
from rasa_whatsapp.settings import Settings

logger = structlog.get_logger()

STORE_RETRY = 2.0
"""Seconds before a store that could not be opened is tried again."""


class Running:
    """Wires one server process together.

    Args:
        settings: the channel's settings.
        app: the Sanic application, whose ``ctx.agent`` is Rasa's agent.
        on_new_message: Rasa's handler for a message.
    """

    def __init__(
        self, settings: Settings, app: Sanic, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> None:
        store = open_url(settings.store)
        gateways = gateways_of(settings, store)
        understanding = Understanding(
            settings.intents,
            settings.typed_payloads,
            settings.delivery_failed_intent,
            settings.flows.intents if settings.flows else {},
        )
        self.agent = AgentView(app, understanding, ActionServer(settings.action_server_wait))
        self._gateways = gateways
        self._options = Options(list_button=settings.list_button, body=settings.default_body)
        hooks = Hooks(settings, gateways)
        self._turns = Turns(settings, gateways, understanding, self.agent, on_new_message, hooks)
        self._delivery = Delivery(settings, store, gateways, self._handle, self.agent.ready)
        self._starting: asyncio.Task[None] | None = None
        self._open = False
        self._allow_unsigned = settings.allow_unsigned
        cloud = [number for number in settings.numbers if number.provider == "cloud"]
        self._files = FlowFiles(cloud[0].base_url if cloud else GRAPH, settings.ca_bundle)
        flows = settings.flows
        action = FlowAction(app, self.agent, flows.action, flows.deadline) if flows and flows.action else None
        self.flow_endpoint = endpoint_of(settings, store, self._files, action)
        self.reception = Reception(list(gateways.values()), self._take)

    async def _take(self, arrived: Sequence[events.Event]) -> None:
        known = await self._delivery.inbox.take(arrived)
        # Serpro's report may reach one worker before another has written down which row its request is of.
        # Who asks later, and knows the row, comes with what the inbox has already; told twice counts once.
        for event in known:
            if isinstance(event, events.Status) and event.undelivered:
                await self._delivery.failed(event)

    async def _handle(self, gathered: Sequence[events.AnyEvent], row: Row) -> None:
        await self._turns.handle(gathered, row, self._delivery)

    async def metrics(self) -> Page | None:
        """The numbers of this process, where they are counted; see ``Metrics.page``."""
        return await self._delivery.metrics.page()

    def output(self) -> WhatsAppOutput:
        """An output channel that answers no message."""
        return WhatsAppOutput(self._delivery, self._options)

    @property
    def is_ready(self) -> bool:
        """Whether messages can be kept and turns be run."""
        return self._open and self.agent.is_ready

    async def start(self) -> None:
        """Opens the store and begins to work; tries again for as long as the store cannot be opened.

        Until then Meta is answered 503 and sends everything again.
        """
        # Rasa sets the level of its own loggers only; ours would stay silent below a warning.
        logging.getLogger("rasa_whatsapp").setLevel(logging.getLogger("rasa").getEffectiveLevel())
        if self._allow_unsigned:
            logger.warning(
                "whatsapp.webhook.unsigned",
                hint="allow_unsigned: true accepts what anybody could have forged; for experiments only.",
            )
        try:
            await self._delivery.start()
        except StoreError as error:
            logger.error("whatsapp.store.unopened", error=str(error), retry_seconds=STORE_RETRY)
            self._starting = asyncio.create_task(self._start_later())
        else:
            self._open = True

    async def _start_later(self) -> None:
        while True:
            await asyncio.sleep(STORE_RETRY)
            try:
                await self._delivery.start()
            except StoreError as error:
                logger.error("whatsapp.store.unopened", error=str(error), retry_seconds=STORE_RETRY)
            else:
                self._open = True
                logger.info("whatsapp.store.opened")
                return

    async def stop(self) -> None:
        """Finishes turns and posts that are under way, then closes everything."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self._delivery.stop()
        await self._turns.close()
        await asyncio.gather(self._files.close(), *(gateway.close() for gateway in self._gateways.values()))
