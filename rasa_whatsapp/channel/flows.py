"""What the channel does with Flows: it answers their requests, and knows which one a reply completes."""

from __future__ import annotations

from rasa_whatsapp import events
from rasa_whatsapp.delivery.stores import Store
from rasa_whatsapp.flows import FlowEndpoint, FlowHandlers, FlowKeys, FlowTexts, FlowTokens
from rasa_whatsapp.flows.files import FlowFiles
from rasa_whatsapp.flows.handlers import Handler
from rasa_whatsapp.modules import named
from rasa_whatsapp.settings import FlowSettings, Settings

HANDLERS = "flows.handlers"


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
        verify=FlowTokens(store).find,
        foreign_tokens=flows.foreign_tokens,
        allow_unsigned=settings.allow_unsigned,
        deadline=flows.deadline,
        texts=FlowTexts(**flows.texts),
        otherwise=otherwise,
        fetch=files.fetch,
    )


async def flow_of(store: Store, event: events.Message) -> str:
    """The Flow that a message completes, as it was sent: its name, its id, or the name of its template.

    It is empty where nobody knows.

    Raises:
        StoreError: nobody can tell just now.
    """
    if not isinstance(event, events.FlowReply):
        return ""
    # Also of one that has expired: that ends what the endpoint answers, not what is completed late.
    token = await FlowTokens(store).find(event.flow_token)
    return token.flow or token.template if token else ""
