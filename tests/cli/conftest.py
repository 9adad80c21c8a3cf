"""What all tests of the command line share."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own number must not take part."""
    for name in list(os.environ):
        if name.startswith(("WHATSAPP_", "WPP_")):
            monkeypatch.delenv(name)
