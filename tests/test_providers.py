"""Who carries a number is decided in one place, from its settings."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from rasa_whatsapp import providers
from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.cloud.gateway import CloudGateway
from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.serpro import SerproClient
from rasa_whatsapp.serpro.gateway import SerproGateway
from rasa_whatsapp.settings import load

META = {"phone_number_id": "1", "access_token": "a", "app_secret": "b", "verify_token": "c"}
SERPRO = {"provider": "serpro", "client_id": "2", "client_secret": "d", "webhook_token": "e"}


@pytest.mark.parametrize(
    ("given", "client", "gateway"),
    [(META, CloudClient, CloudGateway), (SERPRO, SerproClient, SerproGateway)],
    ids=["cloud", "serpro"],
)
async def test_a_number_gets_its_provider(given: dict[str, Any], client: type, gateway: type) -> None:
    """As a client for a program, as a gateway for a bot."""
    settings = load(given, {})
    async with providers.client_of(settings.numbers[0], timeout=1.0) as made:
        assert isinstance(made, client)
    (found,) = providers.gateways(settings, MemoryStore()).values()
    assert isinstance(found, gateway)
    await found.close()


def test_a_provider_is_imported_when_a_number_needs_it() -> None:
    """The command line begins faster without."""
    program = "import sys, rasa_whatsapp.providers; print({'aiohttp', 'msgspec'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr
