"""Who carries which number: the one place that knows all providers.

Each is imported only where a number needs it: a command line that begins at once is worth that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from rasa_whatsapp.cloud import CloudClient
    from rasa_whatsapp.delivery.stores import Store
    from rasa_whatsapp.gateway import Gateway
    from rasa_whatsapp.serpro import SerproClient
    from rasa_whatsapp.settings import NumberSettings, Settings

    Client: TypeAlias = CloudClient | SerproClient


def gateways(settings: Settings, store: Store) -> dict[str, Gateway]:
    """The gateway of each number, by ``phone_number_id``, in the order of the settings.

    Args:
        store: where Serpro's tokens and request ids are shared with other processes.
    """
    from rasa_whatsapp.cloud.gateway import CloudGateway
    from rasa_whatsapp.serpro.gateway import SerproGateway
    from rasa_whatsapp.serpro.requests import Requests

    requests = Requests(store)
    found: dict[str, Gateway] = {}
    for number in settings.numbers:
        if number.provider == "serpro":
            gateway: Gateway = SerproGateway(number, settings.ca_bundle, requests, store)
        else:
            gateway = CloudGateway(number, settings.ca_bundle)
        found[number.phone_number_id] = gateway
    return found


def client_of(number: NumberSettings, ca_bundle: str = "", **options: Any) -> Client:
    """The client of a number, without what a bot's gateway does besides.

    Args:
        ca_bundle: a PEM file of further certificate authorities, or an empty string.
        options: as the provider's client has them.

    Raises:
        SettingsError: the client cannot use these settings.
    """
    if number.provider == "serpro":
        from rasa_whatsapp.serpro import gateway as serpro

        return serpro.client_of(number, ca_bundle, **options)
    from rasa_whatsapp.cloud import gateway as cloud

    return cloud.client_of(number, ca_bundle, **options)
