"""To whom the number may write, and how fast; each restriction is off unless it is asked for.

Source: Meta, Cloud API, Throughput, Pair rate limits, and Get started (recipients of a test number).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import islice, takewhile
from typing import Any, Literal

from rasa_whatsapp.simulator.account import Account
from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.ids import digits
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Person, State

PAIR_INTERVAL = 6.0
TEST_RECIPIENTS = 5
_KEPT_PAIRS = 10_000

# What becomes of a message to a phone number that nobody here has.
UnknownRecipients = Literal["accepted", "refused"]


class Restrictions:
    """Refuses what Meta refuses because of its recipient or of the pace.

    Args:
        pair_burst: messages that one person may be sent at once (Meta: 45). They are borrowed: each is paid
            back by 6 seconds, so that in the long run one message per 6 seconds passes.
        throughput: messages in any second, of the bot and of people together (Meta: 80, or 1000).
        allowed_recipients: the only phone numbers that may be written to, at most 5, as for a test number.
        unknown_recipients: whether a number that nobody here has is "refused" as not being on WhatsApp.

    Raises:
        ValueError: a limit under 1, or more than 5 recipients.
    """

    def __init__(
        self,
        account: Account,
        state: State,
        clock: Clock,
        *,
        pair_burst: int | None = None,
        throughput: int | None = None,
        allowed_recipients: Iterable[str] | None = None,
        unknown_recipients: UnknownRecipients = "accepted",
    ) -> None:
        for name, limit in (("pair_burst", pair_burst), ("throughput", throughput)):
            if limit is not None and limit < 1:
                raise ValueError(f"{name} must be at least 1, not {limit}; None for no limit.")
        if isinstance(allowed_recipients, str):
            raise ValueError("allowed_recipients must be a list of phone numbers, not one of them.")
        allowed = None if allowed_recipients is None else {digits(phone) for phone in allowed_recipients}
        if allowed is not None and len(allowed) > TEST_RECIPIENTS:
            raise ValueError(f"allowed_recipients has {len(allowed)}; Meta lets you list {TEST_RECIPIENTS}.")
        self._own_number = digits(account.display_phone_number)
        self._state = state
        self._clock = clock
        self._pair_burst = pair_burst
        self._allowed = allowed
        self._unknown = unknown_recipients
        self._sent: deque[float] | None = None if throughput is None else deque(maxlen=throughput)
        self._paid_back_at: dict[str, float] = {}

    def check(self, body: dict[str, Any]) -> None:
        """Refuse a message for its recipient or for coming too early. Raises :class:`Refusal`."""
        self._check_throughput()
        # The network has errors of its own for groups, the number itself and unknown user ids.
        phone = digits(body.get("to") or "")
        if body.get("recipient_type") == "group" or phone == self._own_number:
            return
        state = self._state
        person = state.person_by_phone(phone) if phone else state.person_by_user_id(body["recipient"])
        if person is None and not phone:
            return
        phone = person.phone if person else phone
        if self._allowed is not None and phone not in self._allowed:
            raise Refusal(131030, "Add the recipient's phone number to the recipient list and try again.")
        if person is None:
            if self._unknown == "refused":
                raise Refusal(131026, "The recipient's phone number is not a WhatsApp phone number.")
            return
        self._check_pair(person)

    def count(self, person: Person) -> None:
        """A message to this person was taken."""
        now = self._clock.now()
        if self._sent is not None:
            self._sent.append(now)
        if self._pair_burst is not None:
            if len(self._paid_back_at) >= _KEPT_PAIRS:
                self._paid_back_at = {key: at for key, at in self._paid_back_at.items() if at > now}
            paid_back_at = max(self._paid_back_at.get(person.key, now), now)
            self._paid_back_at[person.key] = paid_back_at + PAIR_INTERVAL

    def _check_throughput(self) -> None:
        sent, since = self._sent, self._clock.now() - 1.0
        if sent is None or sent.maxlen is None:
            return
        latest = takewhile(lambda message: message.at > since, reversed(self._state.messages.values()))
        received = sum(1 for _ in islice((one for one in latest if not one.from_bot), sent.maxlen))
        if sum(at > since for at in sent) + received >= sent.maxlen:
            raise Refusal(130429, "The number's throughput has been reached. Send more slowly.")

    def _check_pair(self, person: Person) -> None:
        if self._pair_burst is None:
            return
        debt = self._paid_back_at.get(person.key, 0.0) - self._clock.now()
        if debt > (self._pair_burst - 1) * PAIR_INTERVAL:
            details = "Too many messages to this phone number in a short time. Wait before sending again."
            raise Refusal(131056, details)
