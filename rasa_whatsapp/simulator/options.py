"""How a local WhatsApp is started, as one object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.api.protection import LOOPBACK
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.network.network import ClosedWindow
from rasa_whatsapp.simulator.switches.restrictions import Restrictions
from rasa_whatsapp.simulator.webhook.deliveries import RETRY_AFTER

DEFAULT_PORT = 8765
DEFAULT_WEBHOOK_URL = "http://127.0.0.1:5005/webhooks/whatsapp/webhook"
# Who carries the messages between the bot and WhatsApp.
Provider = Literal["cloud", "serpro"]


@dataclass(frozen=True, kw_only=True)
class Options(Account, Restrictions):
    """How a local WhatsApp is started; beside these, the credentials and the restrictions.

    Attributes:
        host: a loopback address; the simulator is never offered to a network.
        port: 0 for a free one.
        provider: "cloud" is Meta's Cloud API, "serpro" Serpro's gateway; people and page are the same.
        webhook_url: where the bot listens; may be set later, events wait until somebody listens there.
        closed_window: what becomes of a free-form message to somebody who has not written for 24 hours:
            "refused" with error 131047, accepted and reported as "failed" in a webhook, or "ignored".
            Serpro accepts before it knows: there "refused" is "failed".
        status_delay: seconds between a message's statuses sent, delivered and read.
        retry_after: seconds before each repeat of a webhook that was not answered 200; the last one stands
            for all that follow. Empty: no repeats.
        ack_timeout: seconds that the bot has to answer a webhook.
        in_order: post one webhook after the other; False: all at once, as they happen.
        seed: the same seed makes the same message and media ids. Without one they are new in every run, as
            they must be for a bot that remembers which messages it has handled.
        clock: the time that everything here goes by.
        state_file: where people and messages are kept, so that conversations survive a restart; made when it
            does not exist. Uploaded and sent files lie beside it, in a folder called as it is, and
            ``.media``. Not kept are webhooks that are under way, and what was set up by API calls, such as
            templates, Flows and subscriptions.

    Raises:
        ValueError: the host is no loopback address, the bot's address is no URL, or a restriction makes no
            sense.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    provider: Provider = "cloud"
    webhook_url: str = DEFAULT_WEBHOOK_URL
    closed_window: ClosedWindow = "refused"
    status_delay: float = 0.05
    retry_after: Iterable[float] = RETRY_AFTER
    ack_timeout: float = 10.0
    in_order: bool = True
    seed: int | None = None
    clock: Clock | None = None
    state_file: str | Path | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_webhook_url(self.webhook_url)
        if self.host not in LOOPBACK:
            raise ValueError(f"The simulator listens on {', '.join(LOOPBACK)} only, not on {self.host}.")
        self.check(self)

    def check(self, restrictions: Restrictions) -> None:
        """Whether the provider has these restrictions.

        Raises:
            ValueError: it has not.
        """
        others = Restrictions(token_lifetime=restrictions.token_lifetime)
        if self.provider == "serpro" and restrictions.named != others.named:
            raise ValueError("Only the Cloud API has these restrictions, not Serpro but for token_lifetime.")

    @property
    def closed_window_of_provider(self) -> ClosedWindow:
        """What becomes of a message after the window has closed, as far as the provider can do it."""
        late = self.provider == "serpro" and self.closed_window == "refused"
        return "failed" if late else self.closed_window


def check_webhook_url(url: str) -> None:
    """Whether a bot may listen there; nowhere is fine.

    Raises:
        ValueError: it is no http or https URL.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or half an IPv6 address
        good = False
    if url and not good:
        raise ValueError(f"webhook_url is {url!r}, which is no URL such as {DEFAULT_WEBHOOK_URL}.")
