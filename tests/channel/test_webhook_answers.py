"""What Meta is answered, whatever it or somebody else sends."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import PERSON, Bot, Server, WhatsApp, serving, signature, text, webhook
from structlog.testing import capture_logs

from rasa_whatsapp.delivery.stores import MemoryStore
from rasa_whatsapp.errors import StoreError


@pytest.fixture
async def server(whatsapp: WhatsApp) -> AsyncIterator[Server]:
    async with serving(Bot(), whatsapp) as running:
        yield running


GOOD = json.dumps(webhook(text("Não é ação? 👍", "wamid.1"))).encode()


@pytest.mark.cloud_only("Serpro signs nothing; its proofs are in tests/serpro/test_webhook.py")
async def test_accents_and_emoji_verify_and_a_changed_byte_does_not(server: Server) -> None:
    """The signature is over the raw bytes, escaped or not."""
    raw = json.dumps(webhook(text("Não é ação? 👍", "wamid.2")), ensure_ascii=False).encode()
    assert await server.deliver(GOOD) == 200
    assert await server.deliver(raw) == 200
    changed = GOOD.replace(b"\\u00e7", b"\\u00e8")
    assert await server.deliver(changed, X_Hub_Signature_256=signature(GOOD)) == 403


@pytest.mark.cloud_only("Serpro signs nothing; its proofs are in tests/serpro/test_webhook.py")
@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (GOOD, {"X_Hub_Signature_256": ""}, 401),
        (GOOD, {"X_Hub_Signature_256": "sha256="}, 403),
        (GOOD, {"X_Hub_Signature_256": "sha1=" + "0" * 40}, 403),
        (GOOD, {"X_Hub_Signature_256": signature(GOOD, "another secret")}, 403),
        (b"", {}, 400),
        (b"not json", {}, 400),
        (b"[1, 2]", {}, 400),
        (b"null", {}, 400),
        (b"{" * 100_000, {}, 400),
        (b"{}", {}, 200),
        (b'{"object": "page", "entry": [{"changes": [{"field": "feed", "value": 7}]}]}', {}, 200),
        (b" " * (4 * 1024 * 1024 + 1), {}, 413),
    ],
    ids=[
        "no signature", "empty", "sha1", "wrong secret", "empty body", "no json", "list", "null", "nesting",
        "empty object", "unknown field", "too large",
    ],
)  # fmt: skip
async def test_the_answer_says_what_is_wrong(
    server: Server, body: bytes, headers: dict[str, str], status: int
) -> None:
    """Refusals by status; whatever is well signed and unknown is 200."""
    assert await server.deliver(body, **headers) == status


@pytest.mark.cloud_only("Serpro signs nothing; its proofs are in tests/serpro/test_webhook.py")
async def test_secrets_can_be_rotated(whatsapp: WhatsApp) -> None:
    """With a list, the old and the new secret are both good."""
    async with serving(Bot(), whatsapp, app_secret=["new", "old"]) as server:
        assert await server.deliver(GOOD, X_Hub_Signature_256=signature(GOOD, "old")) == 200
        assert await server.deliver(GOOD, X_Hub_Signature_256=signature(GOOD, "new")) == 200
        assert await server.deliver(GOOD, X_Hub_Signature_256=signature(GOOD, "older")) == 403


async def test_meta_is_asked_to_come_again_when_nothing_could_be_kept(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, and the repeat is answered as if it were the first."""

    async def away(self: MemoryStore, arrivals: Any) -> list[str]:
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(MemoryStore, "take_in", away)
        assert await server.deliver(GOOD) == 503
    assert await server.deliver(GOOD) == 200


@pytest.mark.cloud_only("Serpro shakes no hands")
@pytest.mark.parametrize(
    ("query", "status", "challenge"),
    [
        (
            {"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "1158201444"},
            200,
            "1158201444",
        ),
        ({"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1158201444"}, 403, ""),
        ({"hub.mode": "subscribe", "hub.challenge": "1158201444"}, 403, ""),
        ({}, 403, ""),
    ],
)
async def test_the_handshake(server: Server, query: dict[str, str], status: int, challenge: str) -> None:
    """The challenge comes back as it is when the token is ours."""
    assert await server.get("/webhook", **query) == (status, challenge)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["text", "wamid.1", PERSON]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["entry", "changes", "field", "value", "messages", "statuses", "contacts", "id", "type"]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


class TestTenThousandMalformedBodies:
    """Never a 500, never an unhandled exception, and the next good message is still answered."""

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(document=st.dictionaries(st.sampled_from(["entry", "object"]), _JSON))
    async def test_any_json(self, document: dict[str, Any], unbroken: Server) -> None:
        """Objects that only look like Meta's."""
        assert await unbroken.deliver(json.dumps(document).encode()) in (200, 400)

    async def test_mutations(self, unbroken: Server) -> None:
        """Meta's own examples with bytes and values changed at random, always with the same seed."""
        folder = Path(__file__).parent.parent / "fixtures" / "cloud"
        originals = [path.read_bytes() for path in sorted(folder.glob("*.json"))] or [GOOD]
        chance = random.Random(2026)
        for _ in range(10_000):
            assert await unbroken.deliver(mutate(chance.choice(originals), chance)) in (200, 400)


@pytest.fixture
async def unbroken(whatsapp: WhatsApp) -> AsyncIterator[Server]:
    """A server that must still answer a good message afterwards, without having logged an exception."""
    bot = Bot()
    quiet = {"read_receipts": False, "typing_indicator": False}
    with capture_logs() as logs:
        async with serving(bot, whatsapp, **quiet) as running:
            yield running
            last = webhook(text("still there?", "wamid.last", sender="5500000000000"))
            assert await running.deliver(last) == 200
            await meta_hears(whatsapp, "echo: still there?")
    assert [entry for entry in logs if entry["log_level"] == "error"] == []


async def meta_hears(whatsapp: WhatsApp, words: str) -> None:
    """Waits until these words have been sent."""
    seen = 0
    while not any(post.get("text", {}).get("body") == words for post in whatsapp.posts[seen:]):
        seen = len(whatsapp.posts)
        await whatsapp.until(posts=seen + 1, seconds=60)


def mutate(body: bytes, chance: random.Random) -> bytes:
    """Changes one value somewhere, or a few bytes."""
    if chance.random() < 0.3:
        changed = bytearray(body)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed)
    document = json.loads(body)
    odd: list[Any] = [
        None,
        True,
        0,
        -1,
        2**70,
        1.5,
        "",
        "\ud83d",
        "x" * 5000,
        [],
        {},
        [[]],
        {"id": None},
        ["a"],
    ]
    place: Any = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return json.dumps(document).encode()
        key = chance.choice(keys)
        if isinstance(place[key], (dict, list)) and chance.random() < 0.8:
            place = place[key]
            continue
        if chance.random() < 0.3:
            del place[key]
        else:
            place[key] = chance.choice(odd)
        return json.dumps(document).encode()
