"""What the channel does with Flows: it answers their requests, and makes the tokens of those it sends."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from rasa_whatsapp import events
from rasa_whatsapp.delivery import Destination
from rasa_whatsapp.delivery.stores import Store
from rasa_whatsapp.flows import FlowEndpoint, FlowHandlers, FlowKeys, FlowTexts, FlowTokens
from rasa_whatsapp.flows.files import FlowFiles
from rasa_whatsapp.flows.handlers import Handler
from rasa_whatsapp.flows.tokens import LIFETIME
from rasa_whatsapp.messages import Flow, Message
from rasa_whatsapp.modules import named
from rasa_whatsapp.settings import FlowSettings, Settings

HANDLERS = "flows.handlers"

_MADE = "flow_token_of:"


def handlers_of(flows: FlowSettings) -> FlowHandlers:
    """The functions that the settings name.

    Raises:
        SettingsError: the module cannot be imported, or has no such ``FlowHandlers``.
    """
    return named(flows.handlers, HANDLERS, FlowHandlers)


def endpoint_of(
    settings: Settings, store: Store, files: FlowFiles, otherwise: Handler | None
) -> FlowEndpoint | None:
    """The endpoint for the Flows of all numbers; None where the settings have no private key.

    Args:
        store: where the tokens are kept.
        files: gets what users have picked.
        otherwise: answers what no function does.

    Raises:
        SettingsError: as ``handlers_of``, or a key has become unreadable.
    """
    flows = settings.flows
    if flows is None or not flows.private_key:
        return None
    return FlowEndpoint(
        FlowKeys(flows.private_key, flows.passphrase),
        handlers_of(flows) if flows.handlers else FlowHandlers(),
        app_secrets=list(
            dict.fromkeys(secret for number in settings.numbers for secret in number.app_secret)
        ),
        verify=FlowTokens(store).verify,
        foreign_tokens=flows.foreign_tokens,
        allow_unsigned=settings.allow_unsigned,
        deadline=flows.deadline,
        texts=FlowTexts(**flows.texts) if flows.texts else None,
        otherwise=otherwise,
        fetch=files.fetch,
    )


async def flow_of(store: Store, event: events.Message) -> str:
    """The name, or the id, of the Flow that a message completes, as it was sent; empty where nobody knows.

    Raises:
        StoreError: nobody can tell just now.
    """
    if not isinstance(event, events.FlowReply):
        return ""
    token = await FlowTokens(store).verify(event.flow_token)
    return token.flow if token else ""


async def with_tokens(
    store: Store, destination: Destination, ordinal: int, messages: Sequence[Message]
) -> Sequence[Message]:
    """The messages, each Flow without a token with one of its own.

    A turn that runs again gets the tokens that it got before, so that its Flows are not sent twice.

    Args:
        destination: whom they go to.
        ordinal: how many messages this turn had before.

    Raises:
        StoreError: a token could not be kept.
    """
    return [
        await _with_token(store, destination, place, message)
        if isinstance(message, Flow) and not message.flow_token
        else message
        for place, message in enumerate(messages, start=ordinal)
    ]


async def _with_token(store: Store, destination: Destination, place: int, message: Flow) -> Flow:
    flow = message.flow_name or message.flow_id
    made = f"{_MADE}{destination.turn}:{place}:{flow}"
    kept = await store.get(made)
    token = kept.decode() if kept else await FlowTokens(store).issue(destination.conversation, flow)
    if not kept:
        await store.set(made, token.encode(), LIFETIME, destination.conversation)
    return msgspec.structs.replace(message, flow_token=token)
