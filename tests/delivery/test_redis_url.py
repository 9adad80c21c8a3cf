"""The ``store:`` setting leads to a Redis server."""

from __future__ import annotations

import sys

import pytest

from rasa_whatsapp.delivery.stores import open_url
from rasa_whatsapp.errors import SettingsError


def test_without_the_client_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot without Rasa's dependencies is told what to install, and no password."""
    for name in [name for name in sys.modules if name.startswith("rasa_whatsapp.delivery.stores.redis")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(SettingsError) as caught:
        open_url("redis://:hush@127.0.0.1:6379/0")
    assert "rasa-whatsapp[redis]" in caught.value.remedy
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:6379/0", "rediss://:hush@redis.internal/1"])
def test_nothing_is_opened_before_its_time(url: str) -> None:
    """Making the store needs neither a server nor a running loop, because Sanic forks after it."""
    assert type(open_url(url)).__name__ == "RedisStore"
