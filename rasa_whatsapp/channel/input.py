"""The channel that credentials.yml names: settings in, a Sanic blueprint out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import structlog
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_whatsapp.channel.flows import handlers_of
from rasa_whatsapp.channel.hooks import Hooks
from rasa_whatsapp.channel.output import WhatsAppOutput
from rasa_whatsapp.channel.running import Running
from rasa_whatsapp.delivery.metrics import check as check_metrics
from rasa_whatsapp.errors import RequestError, SettingsError, StoreError
from rasa_whatsapp.gateway import Request as WebhookRequest
from rasa_whatsapp.settings import Settings, load
from rasa_whatsapp.tracebacks import told

logger = structlog.get_logger()


class WhatsAppInput(InputChannel):  # type: ignore[misc]
    """WhatsApp as a Rasa input channel.

    In ``credentials.yml``::

        rasa_whatsapp.WhatsAppInput:
          phone_number_id: "106540352242922"
          access_token: ${WHATSAPP_ACCESS_TOKEN}
          app_secret: ${WHATSAPP_APP_SECRET}
          verify_token: ${WHATSAPP_VERIFY_TOKEN}

    Nothing is opened before the server has started: Sanic makes its worker processes after this object.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._running: Running | None = None

    @classmethod
    def name(cls) -> str:
        """``whatsapp``: the routes are under ``/webhooks/whatsapp/``."""
        return "whatsapp"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WhatsAppInput:
        """Makes the channel from its section of credentials.yml; the environment fills what is missing there.

        Raises:
            RasaException: a setting is missing or wrong; the message names each key and the remedy.
        """
        try:
            settings = load(credentials)
            if settings.metrics:
                check_metrics()
            if settings.flows and settings.flows.handlers:
                handlers_of(settings.flows)
            Hooks(settings, {})
            return cls(settings)
        except SettingsError as error:
            raise RasaException(f"WhatsApp channel, credentials.yml:\n{error}") from error

    def get_output_channel(self) -> WhatsAppOutput | None:
        """The way to people without a message of theirs to answer: reminders, ``trigger_intent``."""
        return self._running.output() if self._running is not None else None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes, and what starts and stops with the server.

        They are ``/`` (health), ``/metrics`` (404 unless ``metrics: true``), ``/webhook``,
        ``/webhook/<path token>`` for numbers that are proven by their path, and ``/flow`` and
        ``/flow/<name>`` (404 unless ``flows:`` has a private key).
        """
        whatsapp = Blueprint("whatsapp")

        @whatsapp.listener("after_server_start")  # type: ignore[untyped-decorator]
        async def start(app: Sanic, *_: Any) -> None:
            self._running = Running(self.settings, app, on_new_message)
            await self._running.start()

        @whatsapp.listener("before_server_stop")  # type: ignore[untyped-decorator]
        async def stop(*_: Any) -> None:
            if self._running is not None:
                await self._running.stop()

        @whatsapp.get("/")  # type: ignore[untyped-decorator]
        async def health(_: Request) -> HTTPResponse:
            ready = self._running is not None and self._running.is_ready
            return response.json({"status": "ok", "ready": ready})

        @whatsapp.get("/metrics")  # type: ignore[untyped-decorator]
        async def metrics(_: Request) -> HTTPResponse:
            try:
                page = await self._running.metrics() if self._running is not None else None
            except StoreError as error:
                return response.text(str(error), status=503)
            if page is None:
                return response.text("", status=404)
            return response.text(page.text, content_type=page.content_type)

        @whatsapp.get("/webhook")  # type: ignore[untyped-decorator]
        @whatsapp.get("/webhook/<path_token>", name="handshake_by_path")  # type: ignore[untyped-decorator]
        async def handshake(request: Request, path_token: str = "") -> HTTPResponse:
            if self._running is None:
                return response.text("", status=503)
            query = {name: values[0] for name, values in request.args.items() if values}
            challenge = self._running.reception.challenge(query)
            if challenge is None:
                logger.warning(
                    "whatsapp.handshake.refused",
                    hint="The verify token in Meta's webhook form is not `verify_token` of credentials.yml.",
                )
                return response.text("", status=403)
            return response.text(challenge)

        @whatsapp.post("/webhook")  # type: ignore[untyped-decorator]
        @whatsapp.post("/webhook/<path_token>", name="webhook_by_path")  # type: ignore[untyped-decorator]
        async def webhook(request: Request, path_token: str = "") -> HTTPResponse:
            return response.text("", status=await self._receive(request, path_token))

        @whatsapp.post("/flow")  # type: ignore[untyped-decorator]
        @whatsapp.post("/flow/<name>", name="flow_by_name")  # type: ignore[untyped-decorator]
        async def flow(request: Request, name: str = "") -> HTTPResponse:
            if self._running is None:
                return response.text("", status=503)
            endpoint = self._running.flow_endpoint
            if endpoint is None:
                return response.text("", status=404)
            answer = await endpoint.respond(request.body, request.headers, unquote(name))
            return response.text(answer.body, status=answer.status, content_type=answer.content_type)

        return whatsapp

    async def _receive(self, request: Request, path_token: str) -> int:
        if self._running is None:
            return 503
        try:
            await self._running.reception.receive(WebhookRequest(request.headers, request.body, path_token))
        except RequestError as error:
            logger.warning("whatsapp.webhook.refused", status=error.status, reason=str(error))
            return error.status
        except StoreError as error:
            logger.error("whatsapp.webhook.not_kept", error=str(error), hint="Meta will send it again.")
            return 503
        except Exception as error:
            logger.error("whatsapp.webhook.not_kept", error=told(error), hint="Meta will send it again.")
            return 503
        return 200
