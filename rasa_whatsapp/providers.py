"""Which gateway carries which number."""

from __future__ import annotations

from rasa_whatsapp.cloud.gateway import CloudGateway
from rasa_whatsapp.delivery.stores import Store
from rasa_whatsapp.gateway import Gateway
from rasa_whatsapp.serpro.gateway import SerproGateway
from rasa_whatsapp.serpro.requests import Requests
from rasa_whatsapp.settings import Settings


def gateways(settings: Settings, store: Store) -> dict[str, Gateway]:
    """The gateway of each number, by ``phone_number_id``, in the order of the settings.

    Args:
        store: where Serpro's tokens and request ids are shared with other processes.
    """
    requests = Requests(store)
    found: dict[str, Gateway] = {}
    for number in settings.numbers:
        if number.provider == "serpro":
            gateway: Gateway = SerproGateway(number, settings.ca_bundle, requests, store)
        else:
            gateway = CloudGateway(number, settings.ca_bundle)
        found[number.phone_number_id] = gateway
    return found
