"""The sample bot's project: where it is, what it needs, and under which name its model is kept."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from rasa_whatsapp.cli import rasas


class NotReady(Exception):
    """The demo cannot start here; the message says what to do."""


def require_rasa() -> str:
    """The version of Rasa Open Source.

    Raises:
        NotReady: it is not installed.
    """
    version = rasas.installed(rasas.OPEN_SOURCE)
    if version is not None:
        return version
    pro = rasas.installed(rasas.PRO)
    if pro is None:
        raise NotReady(f"The demo needs Rasa, which is not installed. {rasas.how_to_install_open_source()}")
    raise NotReady(
        f"The demo's bot is made for Rasa Open Source 3.6, and only Rasa Pro {pro} is installed. "
        f"{rasas.how_to_install_open_source()}\n"
        "A bot of your own runs on Rasa Pro too: `rasa-whatsapp simulator` gives it a WhatsApp to talk to, "
        "and its server needs your licence in the environment variable RASA_LICENSE."
    )


def find_sample_bot() -> Path:
    """The folder of the sample bot, which stands beside the package in a checkout.

    Raises:
        NotReady: it is not there.
    """
    bot = Path(__file__).resolve().parents[3] / "sample_bot"
    if not (bot / "domain.yml").is_file():
        raise NotReady(
            f"The sample bot is not at {bot}. Run the demo from a checkout of the repository, "
            "installed with: pip install -e ."
        )
    return bot


def model_path(bot: Path, rasa_version: str) -> Path:
    """Where the bot's model is kept; another place for every change of the project or of Rasa."""
    digest = hashlib.sha256(rasa_version.encode())
    for path in [bot / "config.yml", bot / "domain.yml", *sorted((bot / "data").rglob("*.yml"))]:
        content = path.read_bytes()
        digest.update(f"\0{path.relative_to(bot).as_posix()}\0{len(content)}\0".encode() + content)
    return cache() / "models" / f"{digest.hexdigest()[:16]}.tar.gz"


def cache() -> Path:
    """The user's folder for what can be made again."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if os.path.isabs(home) else Path.home() / ".cache") / "rasa_whatsapp"
