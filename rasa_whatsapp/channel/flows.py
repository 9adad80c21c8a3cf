"""What the channel does with Flows: it answers their requests."""

from __future__ import annotations

from rasa_whatsapp.delivery.stores import Store
from rasa_whatsapp.flows import FlowEndpoint, FlowHandlers, FlowKeys, FlowTokens
from rasa_whatsapp.flows.importing import imported
from rasa_whatsapp.settings import FlowSettings, Settings

HANDLERS = "flows.handlers"


def handlers_of(flows: FlowSettings) -> FlowHandlers:
    """The functions that the settings name.

    Raises:
        SettingsError: the module cannot be imported, or has no such ``FlowHandlers``.
    """
    return imported(flows.handlers, FlowHandlers, HANDLERS)


def endpoint_of(settings: Settings, store: Store) -> FlowEndpoint | None:
    """The endpoint for the Flows of all numbers; None where the settings have no private key.

    Args:
        store: where the tokens are kept.

    Raises:
        SettingsError: as ``handlers_of``, or a key has become unreadable.
    """
    flows = settings.flows
    if flows is None or not flows.private_key:
        return None
    return FlowEndpoint(
        FlowKeys(flows.private_key, flows.passphrase),
        handlers_of(flows),
        app_secrets=list(
            dict.fromkeys(secret for number in settings.numbers for secret in number.app_secret)
        ),
        verify=FlowTokens(store).verify,
        foreign_tokens=flows.foreign_tokens,
        allow_unsigned=settings.allow_unsigned,
        deadline=flows.deadline,
    )
