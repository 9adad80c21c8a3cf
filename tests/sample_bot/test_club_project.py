"""The project as Rasa's own tools see it, and the files it sends."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from club_server import SAMPLE_BOT

from rasa_whatsapp.settings import read_credentials
from rasa_whatsapp.simulator import Simulator


def rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=SAMPLE_BOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
    )


@pytest.mark.usefixtures("rasa_open_source")
def test_rasa_data_validate_is_clean() -> None:
    """Rasa's validator finds neither a conflict nor anything unused, and warns of nothing."""
    result = rasa("data", "validate", "--domain", "domain.yml", "--data", "data", "--fail-on-warnings")
    output = result.stdout + result.stderr
    assert result.returncode == 0, output
    assert "No story structure conflicts found" in output
    assert not re.search(r"UserWarning|\bWARNING\b", output), output


def test_the_test_stories_pass(sample_model: Path, tmp_path: Path) -> None:
    """`rasa test` plays every conversation of sample_bot/tests as written."""
    results = str(tmp_path / "results")
    result = rasa(
        *("test", "core", "--model", str(sample_model), "--stories", "tests"),
        *("--out", results, "--no-plot", "--fail-on-prediction-errors"),
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_credentials_are_what_the_local_whatsapp_prints() -> None:
    """So that `rasa-whatsapp simulator` and `rasa run` find each other without a word of the reader's."""
    given = read_credentials(SAMPLE_BOT / "credentials.yml", {})
    assert {**given, **Simulator().credentials} == given


def test_the_media_are_what_whatsapp_accepts() -> None:
    """Small PNGs and a PDF whose cross-reference table points at its objects."""
    for name in ("mapa", "pileta", "tenis", "sum"):
        picture = (SAMPLE_BOT / "media" / f"{name}.png").read_bytes()
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(picture) < 60_000
    document = (SAMPLE_BOT / "media" / "reglamento.pdf").read_bytes()
    assert document.startswith(b"%PDF-1.")
    table = int(document.rsplit(b"startxref\n", 1)[1].split()[0])
    entries = [line for line in document[table:].splitlines() if line.endswith(b" 00000 n ")]
    assert entries
    for number, entry in enumerate(entries, 1):
        assert document[int(entry[:10]) :].startswith(b"%d 0 obj" % number)
