"""WhatsApp's bad days, as switches: how likely each trouble is, and whom it strikes.

The same seed gives the same day: for each kind of trouble the first, second … chance always falls alike.

Source: Meta, Cloud API, Webhooks (order, repeats and batches are not what one wishes); Error codes; Media;
Business-scoped user IDs.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, fields

from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.switches.faults import PROXY_PAGE, Fault

SLOW = 2.0
"""Seconds that a slow answer takes."""
_DOWNLOAD = "/attachments"


@dataclass(frozen=True)
class BadDay:
    """How likely each trouble is, from 0 (never) to 1 (always).

    Attributes:
        duplicates: a webhook is posted twice at the same moment.
        shuffled: a webhook comes up to half a second late, behind those that were to follow it.
        batched: a webhook waits for the next one, and both come in one body.
        hidden_numbers: a message tells the person's user id and no phone number. Not with Serpro.
        ninth_digit: a Brazilian person's number comes, always, without its ninth digit.
        new_numbers: before a message, the person gets another phone number, and so another user id.
        new_user_ids: before a message, the person gets another user id. Not with Serpro.
        early_statuses: a message's statuses come before the answer to the request that sent it.
        no_statuses: nobody hears what became of a message.
        failed: an accepted message is reported as failed (131026).
        refused: a call is refused because of its rate (130429).
        broken: a call is answered with Meta's error 131000 and HTTP 500.
        html: a call is answered with a proxy's page, HTTP 502.
        slow: a call is answered after two seconds.
        cut: a call is handled, and its connection breaks before the answer.
        expired_media: the address of a file does not open any more.
    """

    duplicates: float = 0.0
    shuffled: float = 0.0
    batched: float = 0.0
    hidden_numbers: float = 0.0
    ninth_digit: float = 0.0
    new_numbers: float = 0.0
    new_user_ids: float = 0.0
    early_statuses: float = 0.0
    no_statuses: float = 0.0
    failed: float = 0.0
    refused: float = 0.0
    broken: float = 0.0
    html: float = 0.0
    slow: float = 0.0
    cut: float = 0.0
    expired_media: float = 0.0

    def __post_init__(self) -> None:
        for name, chance in self.chances.items():
            if isinstance(chance, bool) or not isinstance(chance, (int, float)) or not 0 <= chance <= 1:
                raise ValueError(f"{name} is {chance!r}, and must be a number from 0 to 1.")

    @property
    def chances(self) -> dict[str, float]:
        """Every trouble and how likely it is."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def parse(cls, text: str) -> BadDay:
        """Reads ``duplicates=0.3,slow=0.1``; a name alone stands for 1.

        Raises:
            ValueError: there is no such trouble, or no such chance.
        """
        chances: dict[str, float] = {}
        for part in filter(None, (each.strip() for each in text.split(","))):
            name, _, chance = part.partition("=")
            try:
                chances[name.strip()] = float(chance or 1)
            except ValueError:
                raise ValueError(f"{part} has no number from 0 to 1 behind the sign =.") from None
        return cls.of(chances)

    @classmethod
    def of(cls, chances: dict[str, float]) -> BadDay:
        """The day with these chances.

        Raises:
            ValueError: there is no such trouble, or no such chance.
        """
        known = [field.name for field in fields(cls)]
        if unknown := sorted(set(chances) - set(known)):
            raise ValueError(
                f"There is no trouble called {', '.join(unknown)}. There are: {', '.join(known)}."
            )
        return cls(**chances)


class Luck:
    """Decides, on the present day, what goes wrong next."""

    def __init__(self) -> None:
        self.set(BadDay(), 0)

    def set(self, day: BadDay, seed: int) -> None:
        """Begin another day."""
        self.day, self.seed = day, seed
        self._dice = {name: random.Random(f"{seed} {name}") for name in day.chances}

    def strikes(self, trouble: str) -> bool:
        """Whether the trouble strikes this time."""
        chance: float = getattr(self.day, trouble)
        return chance > 0 and self._dice[trouble].random() < chance

    def strikes_at(self, trouble: str, whom: str) -> bool:
        """Whether the trouble is this person's, always or never."""
        chance: float = getattr(self.day, trouble)
        return random.Random(f"{self.seed} {trouble} {whom}").random() < chance

    def delay(self, trouble: str, most: float) -> float:
        """Seconds, up to so many."""
        return self._dice[trouble].uniform(0.0, most)

    def digits(self, trouble: str, count: int) -> str:
        """So many digits, the first of which is no zero."""
        return str(self._dice[trouble].randrange(10 ** (count - 1), 10**count))

    def fault(self, path: str, sending: str) -> Fault | None:
        """What spoils a call of the API, if anything does; only calls that send or download are struck."""
        if _DOWNLOAD in path:
            return Fault(http=404, body="Not Found") if self.strikes("expired_media") else None
        if sending not in path:
            return None
        if self.strikes("refused"):
            return Fault(error=Refusal(130429))
        if self.strikes("broken"):
            return Fault(error=Refusal(131000, http=500))
        if self.strikes("html"):
            return Fault(http=502, body=PROXY_PAGE)
        if self.strikes("cut"):
            return Fault(cut=True, accepted=True)
        return Fault(delay=SLOW) if self.strikes("slow") else None
