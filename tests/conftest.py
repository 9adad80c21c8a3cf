"""What several rooms of tests share."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE_BOT = Path(__file__).parent.parent / "sample_bot"


@pytest.fixture(scope="session")
def rasa_open_source() -> str:
    """The version of Rasa Open Source; skips where only Rasa Pro, or no Rasa, is installed."""
    try:
        return importlib.metadata.version("rasa")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the sample bot needs Rasa Open Source 3.6")


@pytest.fixture(scope="session")
def sample_model(pytestconfig: pytest.Config, rasa_open_source: str) -> Path:
    """The sample bot's model, trained again only when its project or Rasa has changed."""
    digest = hashlib.sha256(rasa_open_source.encode())
    for path in [
        SAMPLE_BOT / "config.yml",
        SAMPLE_BOT / "domain.yml",
        *sorted((SAMPLE_BOT / "data").rglob("*.yml")),
    ]:
        digest.update(path.relative_to(SAMPLE_BOT).as_posix().encode() + b"\0" + path.read_bytes())
    folder = pytestconfig.cache.mkdir("sample_bot")
    model = folder / f"{digest.hexdigest()[:16]}.tar.gz"
    if not model.exists():
        # Trained under a name of this process and renamed, so that no other run sees half a model.
        draft = f"draft-{os.getpid()}"
        subprocess.run(
            [sys.executable, "-m", "rasa", "train", "--out", str(folder), "--fixed-model-name", draft],
            cwd=SAMPLE_BOT,
            env={
                **os.environ,
                "RASA_TELEMETRY_ENABLED": "false",
                "RASA_CACHE_DIRECTORY": str(folder / "training"),
            },
            check=True,
        )
        (folder / f"{draft}.tar.gz").replace(model)
    return model
