"""Rasa reads credentials.yml in its own way; the outcome is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rasa_whatsapp.settings import load, read_credentials

CONTENT = """
rasa_whatsapp.WhatsAppInput:
  phone_number_id: 106540352242922
  access_token: ${CLUB_TOKEN}
  app_secret:
    - ${CLUB_SECRET}
    - "${CLUB_SECRET}-old"
  verify_token: club-${CLUB_SECRET}-$CLUB_TOKEN
  pacing: off
  read_receipts: no
  max_message_age: 30m
  intents:
    image: null
    sticker: ~
"""


def read_with_rasa(path: Path) -> Any:
    """Read a file as `rasa run` does, with whichever Rasa is installed."""
    pytest.importorskip("rasa")
    try:
        from rasa.shared.utils.yaml import read_config_file  # Rasa Pro
    except ImportError:
        from rasa.shared.utils.io import read_config_file
    return read_config_file(path)


def test_rasa_and_we_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings made from Rasa's reading equal those from ours, although Rasa alters every YAML parser."""
    path = tmp_path / "credentials.yml"
    path.write_text(CONTENT)
    variables = {"CLUB_TOKEN": "EAAG", "CLUB_SECRET": "0123456789"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ours_before = read_credentials(path, variables)
    from_rasa = load(read_with_rasa(path)["rasa_whatsapp.WhatsAppInput"], variables)
    ours = read_credentials(path, variables)
    assert ours == ours_before
    assert load(ours, {}) == from_rasa
    (number,) = from_rasa.numbers
    assert number.app_secret == ("0123456789", "0123456789-old")
    assert number.verify_token == "club-0123456789-EAAG"
    assert (from_rasa.pacing, from_rasa.read_receipts) == (False, False)


def test_variables_come_from_the_given_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once Rasa is imported, ${VAR} still comes from the environment that was handed over."""
    path = tmp_path / "credentials.yml"
    path.write_text(CONTENT)
    monkeypatch.setenv("CLUB_TOKEN", "of-the-process")
    monkeypatch.setenv("CLUB_SECRET", "of-the-process")
    read_with_rasa(path)
    assert read_credentials(path, {"CLUB_TOKEN": "handed-over"})["access_token"] == "handed-over"
