"""One thing that was looked at."""

from __future__ import annotations

from typing import NamedTuple

from rasa_whatsapp.errors import GraphError, SendError


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


def refused(about: str, base_url: str, error: SendError) -> Finding:
    """A gateway that answered with an error, or that gave no answer."""
    if isinstance(error, GraphError):
        return bad(about, str(error), "")
    remedy = "Where a proxy opens TLS, name its certificate in `ca_bundle`."
    return bad(about, f"{base_url} cannot be reached. {error}", remedy)
