"""What all tests of the command line share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from whatsapp_command import section

from rasa_whatsapp.simulator import Simulator


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own number must not take part."""
    for name in list(os.environ):
        if name.startswith(("WHATSAPP_", "WPP_")):
            monkeypatch.delenv(name)


@pytest.fixture
def credentials(whatsapp: Simulator, tmp_path: Path) -> Path:
    """The credentials.yml of a bot on the local WhatsApp."""
    path = tmp_path / "credentials.yml"
    path.write_text(section(base_url=whatsapp.url))
    return path
