"""Who may pass: calls and messages, by the restrictions in force."""

from __future__ import annotations

from collections import deque
from itertools import islice, takewhile
from typing import Any

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import digits
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Person, State
from rasa_whatsapp.simulator.state.windows import entry_window_open, service_window_open
from rasa_whatsapp.simulator.switches.restrictions import Restrictions

PAIR_INTERVAL = 6.0
_HOUR, _DAY = 60 * 60.0, 24 * 60 * 60.0
_KEPT_PAIRS = 10_000

_STANDINGS = {
    "spam": (131048, "Too many messages of this number were blocked or reported as spam."),
    "blocked": (368, "The account is restricted for violating a policy."),
    "locked": (131031, "The account was locked for violating a policy."),
    "unpaid": (131042, "There is a problem with the account's payment method."),
    "unnamed": (131037, "The number's display name needs approval before messages can be sent."),
    "maintenance": (131057, "The account is in maintenance mode."),
}


class Admission:
    """Refuses what Meta refuses because of the recipient, the pace, the account or the token.

    Each set of restrictions begins with nothing sent; only a token's life goes on while it stays the same.
    """

    def __init__(self, account: Account, state: State, clock: Clock, restrictions: Restrictions) -> None:
        self._own_number = digits(account.display_phone_number)
        self._state = state
        self._clock = clock
        self.token_ends = 0
        """When the account's token expires, in seconds since 1970; 0, as Meta puts it: never."""
        self._lifetime: float | None = None
        self.set(restrictions)

    def set(self, restrictions: Restrictions) -> None:
        """Let these restrictions hold from now on."""
        self.restrictions = restrictions
        self._sent = _Budget(restrictions.throughput, 1.0)
        self._app_calls = _Budget(restrictions.app_calls, _HOUR)
        self._account_calls = _Budget(restrictions.account_calls, _HOUR)
        self._marketing: dict[str, _Budget] = {}
        self._paid_back_at: dict[str, float] = {}
        if restrictions.token_lifetime != self._lifetime:
            self._lifetime = restrictions.token_lifetime
            self.token_ends = 0 if self._lifetime is None else int(self._clock.now() + self._lifetime)

    # --- calls ---

    def check_call(self, *, manages: bool) -> None:
        """Count a call of the API; refuse it for the token's permissions, or when it is one too many.

        ``manages`` says that it is about the account, neither a message nor a file.
        """
        now = self._clock.now()
        if self._app_calls.spent(now):
            raise Refusal(4, "The app has reached its rate of calls.")
        self._app_calls.spend(now)
        if not manages:
            if self.restrictions.permissions == "management":
                raise Refusal(10, "The token lacks the permission whatsapp_business_messaging.")
            return
        if self._account_calls.spent(now):
            raise Refusal(80007, "The account has reached its rate of calls.")
        self._account_calls.spend(now)
        if self.restrictions.permissions == "messaging":
            raise Refusal(200, "The token lacks the permission whatsapp_business_management.")

    # --- messages ---

    def check(self, body: dict[str, Any], person: Person | None, *, charged: bool) -> None:
        """Refuse a message for the account, its recipient or for coming too early. Raises :class:`Refusal`.

        ``person`` is whom it is for, None for somebody who is not here; ``charged`` says that it costs.
        """
        standing = self.restrictions.standing
        if standing in _STANDINGS and (standing != "unpaid" or charged):
            raise Refusal(*_STANDINGS[standing])
        if self._sent.spent(self._clock.now(), self._received()):
            raise Refusal(130429, "The number's throughput has been reached. Send more slowly.")
        # The network has errors of its own for groups, the number itself and unknown user ids.
        phone = digits(body.get("to") or "")
        if body.get("recipient_type") == "group" or phone == self._own_number:
            return
        if person is None and not phone:
            return
        self._check_phone(person.phone if person else phone)
        if person is not None:
            _check_person(person, body)
            self._check_pair(person)
        elif self.restrictions.unknown_recipients == "refused":
            raise Refusal(131026, "The recipient's phone number is not a WhatsApp phone number.")

    def count(self, person: Person) -> None:
        """A message to this person was taken."""
        now = self._clock.now()
        self._sent.spend(now)
        if self.restrictions.pair_burst is not None:
            if len(self._paid_back_at) >= _KEPT_PAIRS:
                self._paid_back_at = {key: at for key, at in self._paid_back_at.items() if at > now}
            paid_back_at = max(self._paid_back_at.get(person.key, now), now)
            self._paid_back_at[person.key] = paid_back_at + PAIR_INTERVAL

    def fate(self, person: Person, category: str) -> Refusal | None:
        """What a message that was taken fails for, as told in a webhook; None where it is delivered."""
        if category != "marketing":
            return None
        now, cap = self._clock.now(), self.restrictions.marketing_cap
        if person.stopped_marketing:
            return Refusal(131050, "The person has stopped the marketing messages of this business.")
        answered = service_window_open(person, now) or entry_window_open(person, now)
        if self.restrictions.experiment and not answered:
            return Refusal(130472, "The message was not sent as part of an experiment.")
        got = self._marketing.setdefault(person.key, _Budget(cap, _DAY))
        if got.spent(now):
            return Refusal(131049, "The person has got enough marketing messages for now.")
        got.spend(now)
        return None

    def _check_phone(self, phone: str) -> None:
        if not self.restrictions.allows(phone):
            raise Refusal(131030, "Add the recipient's phone number to the recipient list and try again.")
        if self.restrictions.bars(phone):
            raise Refusal(130497, "The account may not write to people in this country.")

    def _check_pair(self, person: Person) -> None:
        burst = self.restrictions.pair_burst
        debt = self._paid_back_at.get(person.key, 0.0) - self._clock.now()
        if burst is not None and debt > (burst - 1) * PAIR_INTERVAL:
            details = "Too many messages to this phone number in a short time. Wait before sending again."
            raise Refusal(131056, details)

    def _received(self) -> int:
        """Messages that people wrote within a second, as far as they matter."""
        limit, since = self.restrictions.throughput, self._clock.now() - 1.0
        if limit is None:
            return 0
        latest = takewhile(lambda message: message.at > since, reversed(self._state.messages.values()))
        return sum(1 for _ in islice((one for one in latest if not one.from_bot), limit))


def _check_person(person: Person, body: dict[str, Any]) -> None:
    if person.blocked:
        raise Refusal(130403, "This number has blocked the recipient.")
    if body.get("recipient_identity_key_hash") not in (None, person.identity_key_hash):
        raise Refusal(137000, "The recipient's identity key has another hash.")


class _Budget:
    """So many things within so many seconds; without a limit, any number."""

    def __init__(self, limit: int | None, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._at: deque[float] = deque(maxlen=limit or 0)

    def spent(self, now: float, others: int = 0) -> bool:
        """Whether the next one is one too many, ``others`` counted in."""
        if self._limit is None:
            return False
        return sum(at > now - self._seconds for at in self._at) + others >= self._limit

    def spend(self, now: float) -> None:
        """One more."""
        self._at.append(now)
