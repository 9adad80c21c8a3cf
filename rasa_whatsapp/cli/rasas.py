"""Which Rasa is installed, told from its metadata: importing Rasa takes seconds."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, version

OPEN_SOURCE, PRO = "rasa", "rasa-pro"
"""The names of the two distributions; both bring the package ``rasa``."""

PYTHON = ".".join(map(str, sys.version_info[:2]))


def installed(distribution: str) -> str | None:
    """The version of an installed distribution, or None."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def release(of: str) -> tuple[int, ...]:
    """The leading numbers of a version: ``3.6.21rc1`` is (3, 6, 21)."""
    found = re.match(r"\d+(?:\.\d+)*", of)
    return tuple(map(int, found[0].split("."))) if found else ()


def how_to_install_open_source() -> str:
    """What to do where Rasa Open Source is missing."""
    if sys.version_info < (3, 11):
        return "pip install 'rasa-whatsapp[rasa]'"
    return (
        "In an environment with Python 3.10: pip install 'rasa-whatsapp[rasa]'. "
        f"On Python 3.11 and newer (this is {PYTHON}) that extra installs no Rasa."
    )


def how_to_install() -> str:
    """What to do where there is no Rasa at all."""
    if sys.version_info < (3, 11):
        return how_to_install_open_source()
    return (
        f"Rasa Pro: pip install 'rasa-whatsapp[rasa-pro]'. Rasa Open Source: {how_to_install_open_source()}"
    )
