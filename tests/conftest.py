"""What several rooms of tests share."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from redis_server import RedisServer

SAMPLE_BOT = Path(__file__).parent.parent / "sample_bot"

# How fast the machine is at the moment is no property of what is tested.
settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Lets every program that a test starts find its bytecode.

    A start of Rasa imports thousands of modules: 4 s of work, or 13 s where each is compiled anew, as in
    containers that forbid Python to leave files beside its modules. There they go to pytest's own cache.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))


@pytest.fixture(scope="session")
def rasa_open_source() -> str:
    """The version of Rasa Open Source; skips where only Rasa Pro, or no Rasa, is installed.

    Where nothing may be missing, it skips beside Rasa Pro alone.
    """
    version = _version("rasa")
    if version is None:
        if os.environ.get("RASA_WHATSAPP_REQUIRE_ALL") == "1" and _version("rasa-pro") is None:
            pytest.fail("RASA_WHATSAPP_REQUIRE_ALL is set, and neither rasa nor rasa-pro is installed")
        pytest.skip("the sample bot needs Rasa Open Source 3.6")
    return version


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


@pytest.fixture(scope="session")
def trained(pytestconfig: pytest.Config, rasa_open_source: str) -> Callable[[Path], Path]:
    """Trains a bot, given its folder, unless the same project was trained with the same Rasa before."""
    folder = pytestconfig.cache.mkdir("models")

    def model_of(bot: Path) -> Path:
        digest = hashlib.sha256(rasa_open_source.encode())
        for path in [bot / "config.yml", bot / "domain.yml", *sorted((bot / "data").rglob("*.yml"))]:
            digest.update(path.relative_to(bot).as_posix().encode() + b"\0" + path.read_bytes())
        model = folder / f"{bot.name}-{digest.hexdigest()[:16]}.tar.gz"
        if not model.exists():
            # Trained under a name of this process and renamed, so that no other run sees half a model.
            draft = f"draft-{os.getpid()}"
            subprocess.run(
                [sys.executable, "-m", "rasa", "train", "--out", str(folder), "--fixed-model-name", draft],
                cwd=bot,
                env={
                    **os.environ,
                    "RASA_TELEMETRY_ENABLED": "false",
                    "RASA_CACHE_DIRECTORY": str(folder / "training"),
                },
                check=True,
            )
            (folder / f"{draft}.tar.gz").replace(model)
        return model

    return model_of


@pytest.fixture(scope="session")
def sample_model(trained: Callable[[Path], Path]) -> Path:
    """The sample bot's model."""
    return trained(SAMPLE_BOT)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A server that the test may kill and start again."""
    from redis_server import RedisServer  # Redis's client need not be there for other tests

    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()
