"""What is counted: by default nothing, with ``metrics: true`` for Prometheus."""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple

from rasa_whatsapp.errors import SettingsError


class Page(NamedTuple):
    """What is served to who asks for the numbers."""

    text: str
    content_type: str


class Metrics:
    """Hears of all that is counted, and does nothing with it; everything counted is a log event too."""

    def received(self, kind: str) -> None:
        """An event came for the first time; ``kind`` is its type's name, such as ``Text``."""

    def duplicate(self) -> None:
        """An event came that is kept already."""

    def turn(self, outcome: str, seconds: float | None = None) -> None:
        """A turn ended as ``done``, ``failed`` (it is tried again) or ``dead``; None where it never began."""

    def sent(self) -> None:
        """WhatsApp has accepted an answer."""

    def resent(self) -> None:
        """An answer is sent another time."""

    def failed(self, code: int | str) -> None:
        """An answer did not arrive: Meta's error code, or a word where Meta gave none."""

    async def page(self) -> Page | None:
        """All numbers; None where nothing is counted.

        Raises:
            StoreError: the depth of the queues cannot be read just now.
        """
        return None


UNCOUNTED = Metrics()
"""The default."""


def check() -> None:
    """Makes sure that ``metrics: true`` can be obeyed.

    Raises:
        SettingsError: the package ``prometheus_client`` is not installed.
    """
    if find_spec("prometheus_client") is None:
        raise SettingsError(
            "metrics",
            "is on, but the module prometheus_client is missing.",
            'Run pip install "rasa-whatsapp[metrics]", or remove the key.',
        )
