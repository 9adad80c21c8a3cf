"""The channel is the same whoever carries the messages: these tests run with Meta's API and with Serpro's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import get_args

import pytest
from serving import WhatsApp, local_whatsapp

from rasa_whatsapp.simulator import Provider


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test with a ``whatsapp`` runs with each provider, but for those marked ``cloud_only``."""
    if "provider" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("cloud_only")
        metafunc.parametrize("provider", ["cloud"] if alone else get_args(Provider))


@pytest.fixture
async def whatsapp(provider: Provider) -> AsyncIterator[WhatsApp]:
    async with local_whatsapp(provider) as local:
        yield local
