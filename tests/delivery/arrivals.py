"""Things that arrive, and the time at which they do."""

from __future__ import annotations

import redis
from hypothesis import strategies as st

from rasa_whatsapp.delivery.rows import Arrival, Contact

NOW = 1_790_000_000.0
"""When tests begin, in seconds since 1970; what was done a week before would be purged."""
NAMES = ("phone:1", "phone:2", "phone:3", "user_id:BR.1", "user_id:BR.2", "user_id:BR.3")


class Clock:
    """Seconds since 1970, as far as the test is concerned."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class ServerClock(Clock):
    """Moving it forward lets the server's keys expire as if that time had passed there."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._now = NOW

    @property
    def now(self) -> float:
        return self._now

    @now.setter
    def now(self, now: float) -> None:
        for key in self._client.scan_iter():
            left = self._client.pttl(key)
            if left > 0:
                self._client.pexpire(key, max(0, left - round((now - self._now) * 1000)))
        self._now = now


def arrival(id: str, *aliases: str, wanted: str = "", body: bytes = b"{}", forget: str = "") -> Arrival:
    """An arrival from the person who goes by these aliases."""
    phone = next((alias.removeprefix("phone:") for alias in aliases if alias.startswith("phone:")), "")
    user_id = next((alias.removeprefix("user_id:") for alias in aliases if alias.startswith("user_id:")), "")
    return Arrival(
        id=id,
        wanted=wanted or phone or user_id,
        aliases=aliases,
        forget=forget,
        contact=Contact(phone=phone, user_id=user_id, number="100", seen=1.0),
        body=body,
        at=NOW,
    )


@st.composite
def mixed_up(draw: st.DrawFn) -> list[Arrival]:
    """Things that happen to a few people whose names get mixed up."""
    happened = []
    for number in range(draw(st.integers(1, 12))):
        aliases = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
        forget = draw(st.sampled_from(["", *aliases]))
        wanted = aliases[-1].partition(":")[2] if aliases else f"event:{number}"
        id = str(draw(st.integers(0, number)))
        happened.append(arrival(id, *aliases, wanted=wanted, forget=forget))
    return happened
