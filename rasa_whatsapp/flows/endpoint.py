"""The endpoint that a Flow asks for its screens, for any web framework.

signature (432) → decryption (400, 421) → ping, error notification → token (427, 432) → handler → encryption
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import structlog

from rasa_whatsapp.cloud.webhook import check_signature
from rasa_whatsapp.errors import BodyTooLarge, RequestError, SignatureMissing, SignatureWrong, StoreError
from rasa_whatsapp.flows.crypto import Exchange, FlowKeys
from rasa_whatsapp.flows.errors import (
    FlowRequestMalformed,
    FlowRequestSignatureAuthenticationFailed,
    FlowTokenNoLongerValid,
)
from rasa_whatsapp.flows.exchange import FlowRequest, FlowResponse
from rasa_whatsapp.flows.files import Fetch, fetch
from rasa_whatsapp.flows.handlers import FlowHandlers, Handler, call
from rasa_whatsapp.flows.texts import FlowTexts, texts_for
from rasa_whatsapp.flows.tokens import FlowToken, check_token_signature
from rasa_whatsapp.reception import LARGEST_BODY
from rasa_whatsapp.tracebacks import told

logger = structlog.get_logger()

DEADLINE = 8.0
"""Seconds that a handler has; WhatsApp gives up after 10."""
_UNAVAILABLE = 503
_ERROR_KEYS = {"error", "error_key", "error_message"}

Verify = Callable[[str], Awaitable[FlowToken | None]]


class Answer(NamedTuple):
    """What the web framework sends back."""

    status: int
    body: str = ""
    content_type: str = "text/plain"


class FlowEndpoint:
    """Answers the requests of Flows.

    Args:
        keys: the private keys.
        handlers: the functions that decide.
        app_secrets: of the Meta app that the Flow belongs to; several while it is rotated.
        verify: what a token stands for, None for an unknown one: ``FlowTokens(shelf).find``. That a token has
            expired is said in its person's language.
        foreign_tokens: also answer for tokens that ``verify`` does not know: Flows sent by other systems.
        allow_unsigned: answer unsigned requests, for trials; only where there is no secret.
        deadline: seconds that a handler has.
        texts: what the user reads when something goes wrong; what they leave empty is in the language of the
            country that the person's number belongs to.
        otherwise: answers what none of the handlers does.
        fetch: gets a file that the user picked.

    Raises:
        ValueError: there is no app secret, and ``allow_unsigned`` is not set.
    """

    def __init__(
        self,
        keys: FlowKeys,
        handlers: FlowHandlers,
        *,
        app_secrets: Sequence[str],
        verify: Verify,
        foreign_tokens: bool = False,
        allow_unsigned: bool = False,
        deadline: float = DEADLINE,
        texts: FlowTexts | None = None,
        otherwise: Handler | None = None,
        fetch: Fetch = fetch,
    ) -> None:
        self._secrets = [secret for secret in app_secrets if secret]
        if not self._secrets and not allow_unsigned:
            raise ValueError("A Flow endpoint needs the app secret, to tell Meta's requests from others.")
        self._keys = keys
        self._handlers = handlers
        self._verify = verify
        self._foreign_tokens = foreign_tokens
        self._deadline = deadline
        self._texts = texts or FlowTexts()
        self._otherwise = otherwise
        self._fetch = fetch

    async def respond(self, body: bytes, headers: Mapping[str, str], flow: str = "") -> Answer:
        """Answers one request; never raises for what arrives.

        Args:
            body: the raw bytes, exactly as they arrived.
            headers: the request's headers; looked up by lower-case names.
            flow: the Flow's name, where the address tells it.
        """
        try:
            self._authenticate(body, headers)
            exchange = self._keys.open(body)
        except RequestError as refusal:
            logger.warning("whatsapp.flow.refused", status=refusal.status, reason=str(refusal))
            return Answer(refusal.status)
        try:
            content = await self._content(exchange.request, flow)
            return Answer(200, exchange.seal(content))
        except FlowTokenNoLongerValid as refusal:
            logger.info("whatsapp.flow.token_refused", flow=flow)
            # Sealed like every answer, as in Meta's own sample; its reference page shows plain JSON.
            return Answer(427, _sealed(exchange, {"error_msg": refusal.error_message}))
        except RequestError as refusal:
            logger.warning("whatsapp.flow.refused", status=refusal.status, reason=str(refusal))
            return Answer(refusal.status)
        except StoreError as error:
            logger.error("whatsapp.flow.store_unavailable", reason=str(error))
            return Answer(_UNAVAILABLE)
        except _NoAnswer:
            return Answer(_UNAVAILABLE)

    def _authenticate(self, body: bytes, headers: Mapping[str, str]) -> None:
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge(f"The body has {len(body)} bytes, {LARGEST_BODY} are accepted.")
        if not self._secrets:
            return
        try:
            check_signature(body, headers.get("x-hub-signature-256"), self._secrets)
        except (SignatureMissing, SignatureWrong) as error:
            raise FlowRequestSignatureAuthenticationFailed(str(error)) from None

    async def _content(self, document: dict[str, Any], flow: str) -> bytes:
        """The answer before it is encrypted."""
        action, data = document.get("action"), document.get("data")
        if not isinstance(action, str):
            raise FlowRequestMalformed("The request has no action.")
        if action == "ping":
            return msgspec.json.encode({"data": {"status": "active"}})
        if isinstance(data, dict) and _is_error_notice(data):
            _log_error(document, data)
            return msgspec.json.encode({"data": {"acknowledged": True}})
        request = await self._request(document, action, data, flow)
        return await self._answer(request)

    async def _request(self, document: dict[str, Any], action: str, data: Any, flow: str) -> FlowRequest:
        token = document.get("flow_token")
        token = token if isinstance(token, str) else ""
        signature = document.get("flow_token_signature")
        if signature and self._secrets:
            check_token_signature(signature if isinstance(signature, str) else "", token, self._secrets)
        found = await self._verify(token)
        known = None if found is None or found.expired else found
        if known is None and not self._foreign_tokens:
            raise FlowTokenNoLongerValid(self._words(found.conversation if found else "").expired)
        screen, version = document.get("screen"), document.get("version")
        return FlowRequest(
            action=action,
            screen=screen if isinstance(screen, str) else "",
            data=data if isinstance(data, dict) else {},
            flow_token=token,
            version=version if isinstance(version, str) else "",
            flow=_name(known.flow if known else "", flow),
            token=known,
            fetch=self._fetch,
        )

    async def _answer(self, request: FlowRequest) -> bytes:
        where = {"flow": request.flow, "screen": request.screen, "action": request.action}
        handler = self._handlers.find(request) or self._otherwise
        words = self._words(request.conversation)
        if handler is None:
            logger.error("whatsapp.flow.not_handled", **where, hint="No function of FlowHandlers fits.")
            return self._excuse(request, words.failed)
        task = asyncio.ensure_future(call(handler, request))
        try:
            await asyncio.wait({task}, timeout=self._deadline)
            if task.cancelled():
                raise RuntimeError("The handler was cancelled.")
            if not task.done():
                logger.error("whatsapp.flow.late", **where, deadline=self._deadline)
                return self._excuse(request, words.late)
            return msgspec.json.encode(task.result().to_dict(request.flow_token))
        except (FlowTokenNoLongerValid, FlowRequestSignatureAuthenticationFailed):
            raise
        except Exception as error:
            logger.error("whatsapp.flow.failed", **where, error=told(error))
            return self._excuse(request, words.failed)
        finally:
            task.cancel()
            task.add_done_callback(_forget)

    def _words(self, conversation: str) -> FlowTexts:
        return self._texts.over(texts_for(conversation))

    def _excuse(self, request: FlowRequest, text: str) -> bytes:
        """The same screen with a message; without a screen there is nothing to show it on."""
        if not request.screen:
            raise _NoAnswer
        return msgspec.json.encode(FlowResponse(screen=request.screen, error_message=text).to_dict())


def _name(sent: str, address: str) -> str:
    """The Flow's name, as it was sent or from the endpoint's address; an id only where neither has one."""
    return address if address and sent.isdecimal() else sent or address


class _NoAnswer(Exception):
    """Nothing can be shown: WhatsApp shows an error of its own."""


def _sealed(exchange: Exchange, answer: dict[str, Any]) -> str:
    return exchange.seal(msgspec.json.encode(answer))


def _forget(task: asyncio.Future[FlowResponse]) -> None:
    """Takes the outcome of a handler nobody waits for, so that asyncio does not complain about it."""
    if not task.cancelled():
        task.exception()


def _is_error_notice(data: dict[str, Any]) -> bool:
    """Whether WhatsApp itself speaks: a form may have a field that is called ``error``, too."""
    return len(data) > 1 and "error_message" in data and data.keys() <= _ERROR_KEYS


def _log_error(document: dict[str, Any], data: dict[str, Any]) -> None:
    """WhatsApp tells that our last answer, or the Flow, is wrong."""
    logger.error(
        "whatsapp.flow.error_reported",
        screen=document.get("screen"),
        error=data.get("error") or data.get("error_key"),
        message=data.get("error_message"),
    )
