"""One thing that was looked at."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from rasa_whatsapp.errors import GraphError, SendError

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_NOT_CONNECTED = "Cannot connect to host"
"""In aiohttp's words."""


class Finding(NamedTuple):
    """What was looked at and found.

    Attributes:
        mark: ``✓`` good, ``✗`` keeps the bot from working, ``!`` worth knowing.
        about: what was looked at.
        found: what was found; never a secret.
        remedy: what to do, when there is something to do.
    """

    mark: str
    about: str
    found: str
    remedy: str = ""

    @property
    def bad(self) -> bool:
        """Whether the bot cannot work like this."""
        return self.mark == "✗"


def good(about: str, found: str) -> Finding:
    """All is well."""
    return Finding("✓", about, found)


def bad(about: str, found: str, remedy: str) -> Finding:
    """The bot cannot work like this."""
    return Finding("✗", about, found, remedy)


def note(about: str, found: str, remedy: str = "") -> Finding:
    """Worth knowing."""
    return Finding("!", about, found, remedy)


def refused(about: str, base_url: str, error: SendError, *, serpro: bool = False) -> Finding:
    """A gateway, Meta's by default, that answered with an error, or that gave no answer."""
    if isinstance(error, GraphError):
        return bad(about, str(error), "")
    unreached = f"{base_url} cannot be reached"
    url = urlsplit(base_url)
    if url.scheme == "http" and url.hostname in _THIS_MACHINE and _NOT_CONNECTED in str(error):
        simulator, whom = ("simulator --provider serpro", "Serpro") if serpro else ("simulator", "Meta")
        remedy = f"Start `rasa-whatsapp {simulator}`, or delete `base_url` to talk to {whom}."
        return bad(about, f"{unreached}: nothing listens there", remedy)
    remedy = "Where a proxy opens TLS, name its certificate in `ca_bundle`."
    # The error speaks of messages; here nothing was to be sent.
    return bad(about, f"{unreached}: {str(error).replace('Not sent: ', '')}", remedy)
