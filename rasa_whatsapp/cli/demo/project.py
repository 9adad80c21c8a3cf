"""The sample bot's project: where it is, what it needs, and under which name its model is kept."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from rasa_whatsapp.cli import rasas

PARTS = ("config.yml", "domain.yml", "credentials.yml", "data", "actions")
"""What the demo needs of a bot's project."""
TRAINING_DATA = (".yml", ".yaml", ".json")
"""The files that Rasa reads in `data/`."""


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


def find_bot(folder: Path | None) -> Path:
    """The project to be run: the folder given, else this one if it holds a bot, else the sample bot.

    Raises:
        NotReady: the folder holds no bot that the demo can run.
    """
    if folder is None:
        if not any((Path.cwd() / name).exists() for name in ("config.yml", "domain.yml")):
            return find_sample_bot()
        folder = Path.cwd()  # another bot than that of the folder would be a riddle
    if missing := _missing(folder):
        raise NotReady(
            f"{folder} has no {', '.join(missing)}. `rasa-whatsapp init {folder}` puts the sample bot there; "
            "a bot of another shape chats by `rasa-whatsapp simulator`."
        )
    return folder.resolve()


def find_sample_bot() -> Path:
    """The folder of the sample bot: within the installed package, or beside it in a checkout.

    Raises:
        NotReady: it is at neither place.
    """
    package = Path(__file__).resolve().parents[2]
    for bot in (package / "sample_bot", package.parent / "sample_bot"):
        if not _missing(bot):
            return bot
    raise NotReady("The sample bot is missing from this installation: install rasa-whatsapp again.")


def _missing(folder: Path) -> list[str]:
    return [name for name in PARTS if not (folder / name).exists()]


def model_path(bot: Path, rasa_version: str) -> Path:
    """Where the bot's model is kept; another place for every change of the project or of Rasa."""
    digest = hashlib.sha256(rasa_version.encode())
    data = sorted(path for path in (bot / "data").rglob("*") if path.suffix in TRAINING_DATA)
    for path in [bot / "config.yml", bot / "domain.yml", *data]:
        content = path.read_bytes()
        digest.update(f"\0{path.relative_to(bot).as_posix()}\0{len(content)}\0".encode() + content)
    return cache() / "models" / f"{digest.hexdigest()[:16]}.tar.gz"


def cache() -> Path:
    """The user's folder for what can be made again."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if os.path.isabs(home) else Path.home() / ".cache") / "rasa_whatsapp"
