"""What the doctor makes of Meta's answers about a token and an account."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from rasa_whatsapp.cli.doctor import meta
from rasa_whatsapp.cli.doctor.finding import Finding
from rasa_whatsapp.flows.crypto import generate_keys
from rasa_whatsapp.settings import load

BOTH = [meta.MESSAGING, meta.MANAGEMENT]


class Graph:
    """Meta, saying what it is told to."""

    def __init__(self) -> None:
        self.url = ""
        self.token: dict[str, Any] = {"app_id": "1", "is_valid": True, "expires_at": 0, "scopes": BOTH}
        self.apps: list[Any] = [{"whatsapp_business_api_data": {"id": "1"}}]
        self.knows_the_account = True
        self.subscription: dict[str, Any] = {
            "object": "whatsapp_business_account",
            "callback_url": "https://user:pass@bot.example/webhooks/whatsapp/webhook?key=secret",
            "active": True,
            "fields": [{"name": "messages", "version": "v26.0"}],
        }
        self.tells_of_the_app = True
        self.status = "CONNECTED"
        self.key: dict[str, Any] | None = None

    async def answer(self, request: web.Request) -> web.Response:
        if request.path.endswith("/debug_token"):
            return web.json_response({"data": self.token})
        if request.path.endswith("/1/subscriptions"):
            if request.headers["Authorization"] != "Bearer 1|s":
                return web.json_response({"error": {"message": "Invalid", "code": 190}}, status=400)
            if not self.tells_of_the_app:
                return web.json_response({"error": {"message": "Later", "code": 2}}, status=500)
            return web.json_response({"data": [self.subscription]})
        if request.path.endswith("/subscribed_apps"):
            if not self.knows_the_account:
                error = {"message": "Unsupported get request.", "code": 100, "error_subcode": 33}
                return web.json_response({"error": error}, status=400)
            return web.json_response({"data": self.apps})
        if request.path.endswith("/whatsapp_business_encryption"):
            if self.key is None:
                return web.json_response({"error": {"message": "Later", "code": 2}}, status=500)
            return web.json_response({"data": [self.key]})
        number = {"id": "1", "verified_name": "Club", "quality_rating": "GREEN", "status": self.status}
        return web.json_response(number)

    async def examined(self, **more: Any) -> list[Finding]:
        given = {"phone_number_id": "1", "access_token": "t", "app_secret": "s", "verify_token": "v", **more}
        settings = load({**given, "waba_id": "2", "base_url": self.url}, {})
        return await meta.number(settings.numbers[0], settings)


@pytest.fixture
async def graph() -> AsyncIterator[Graph]:
    graph = Graph()
    app = web.Application()
    app.router.add_get("/{path:.*}", graph.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    graph.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield graph
    await runner.cleanup()


async def test_all_is_well(graph: Graph) -> None:
    """The number is named as Meta knows it."""
    findings = await graph.examined()
    assert [finding.mark for finding in findings] == ["✓"] * 5
    assert "name Club" in findings[0].found
    assert "messages go to https://bot.example/webhooks/whatsapp/webhook," in findings[-1].found


@pytest.mark.parametrize(
    ("token", "mark", "says"),
    [
        ({"is_valid": False, "scopes": []}, "✗", "not valid"),
        ({"is_valid": True, "scopes": [meta.MANAGEMENT]}, "✗", meta.MESSAGING),
        ({"is_valid": True, "expires_at": 0, "scopes": [meta.MESSAGING]}, "!", meta.MANAGEMENT),
        ({"is_valid": True, "expires_at": int(time.time()) + 90000, "scopes": BOTH}, "!", "expires in 1 day"),
        ({}, "!", "does not tell"),
    ],
)
async def test_what_a_token_may_do(graph: Graph, token: dict[str, Any], mark: str, says: str) -> None:
    """A token of the wrong kind is found before the first message fails."""
    graph.token = token
    about_token = [finding for finding in await graph.examined() if finding.about.startswith("token")]
    assert any(finding.mark == mark and says in finding.found for finding in about_token), about_token


async def test_an_account_whose_webhooks_nobody_gets(graph: Graph) -> None:
    """The bot would stay silent, and nothing would look wrong."""
    for apps, found in (([], "no app"), ([{"whatsapp_business_api_data": {"id": "2"}}], "another app")):
        graph.apps = apps
        (finding,) = [each for each in await graph.examined() if each.about.startswith("account")]
        assert finding.bad
        assert found in finding.found
        # Without it an app is subscribed only where none is, and the number's override needs a subscription.
        assert "webhook register --for account" in finding.remedy


async def test_a_secret_while_it_is_rotated(graph: Graph) -> None:
    """The first one is the current one, and it is the one that is tried."""
    assert not any(finding.bad for finding in await graph.examined(app_secret=["s", "old"]))
    (finding,) = [each for each in await graph.examined(app_secret=["other", "s"]) if each.bad]
    assert "`app_secret` is not its secret" in finding.found


@pytest.mark.parametrize(
    ("changed", "mark", "found"),
    [
        ({"fields": [{"name": "account_update"}]}, "✗", "the field messages is not subscribed"),
        ({"fields": []}, "✗", "the field messages is not subscribed"),
        ({"active": False}, "!", "has none for WhatsApp"),
        ({"object": "page"}, "!", "has none for WhatsApp"),
    ],
)
async def test_an_app_whose_webhook_gets_no_messages(
    graph: Graph, changed: dict[str, Any], mark: str, found: str
) -> None:
    """Nothing comes, and nothing in Rasa's log says why; before there is a webhook, that is no fault."""
    graph.subscription |= changed
    webhook = (await graph.examined())[-1]
    assert webhook.mark == mark
    assert found in webhook.found


@pytest.mark.parametrize("app_id", ["1", None])
async def test_an_app_that_meta_does_not_tell_of(graph: Graph, app_id: str | None) -> None:
    """Then it is said that the secret was not checked."""
    graph.tells_of_the_app = False
    graph.token["app_id"] = app_id
    *_, secret, webhook = await graph.examined()
    assert (secret.mark, webhook.mark) == ("!", "!")
    assert "does not tell whether `app_secret`" in secret.found


@pytest.mark.parametrize(("scopes", "mark"), [(BOTH, "✗"), ([meta.MESSAGING], "!")])
async def test_an_account_that_meta_does_not_know(graph: Graph, scopes: list[str], mark: str) -> None:
    """Without the permission to manage, Meta says the same of an account that exists."""
    graph.knows_the_account = False
    graph.token["scopes"] = scopes
    (finding,) = [each for each in await graph.examined() if each.about.startswith("account")]
    assert finding.mark == mark


@pytest.mark.parametrize(
    ("status", "mark", "remedy"),
    [
        ("CONNECTED", "✓", ""),
        ("DISCONNECTED", "✗", "register"),
        ("PENDING", "✗", "register"),
        ("BANNED", "✗", "appeal"),
        ("MIGRATED", "✗", "phone_number_id"),
        ("RESTRICTED", "!", "WhatsApp Manager"),
        ("FLAGGED", "!", "WhatsApp Manager"),
        ("RATE_LIMITED", "!", "WhatsApp Manager"),
        ("OF_NEXT_YEAR", "!", "WhatsApp Manager"),
    ],
)
async def test_the_status_of_the_number(graph: Graph, status: str, mark: str, remedy: str) -> None:
    """Meta answers for a number that can send nothing; one with a limit still answers people."""
    graph.status = status
    found = next(each for each in await graph.examined() if f"status {status}" in each.found)
    assert found.mark == mark
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("whose", "mark"), [("ours", "✓"), ("another", "✗"), ("mismatch", "✗"), ("none", "!"), ("untold", "!")]
)
async def test_the_key_of_flows(graph: Graph, tmp_path: Path, whose: str, mark: str) -> None:
    """With another key than Meta encrypts for, every exchange of a Flow would be refused."""
    ours, another = generate_keys(), generate_keys()
    (tmp_path / "flows.pem").write_text(ours.private_key)
    pem = {"ours": ours.public_key, "mismatch": ours.public_key, "another": another.public_key}.get(whose)
    status = "MISMATCH" if whose == "mismatch" else "VALID"
    if whose == "none":
        graph.key = {}
    elif pem:
        graph.key = {"business_public_key": pem, "business_public_key_signature_status": status}
    flows = {"private_key": str(tmp_path / "flows.pem"), "handlers": "my_flows"}
    found = next(each for each in await graph.examined(flows=flows) if each.about.startswith("Flows"))
    assert found.mark == mark
    if whose in ("another", "mismatch", "none"):
        assert "rasa-whatsapp keys upload --number 1" in found.remedy


async def test_no_key_is_looked_for_without_flows(graph: Graph) -> None:
    """Most bots have none."""
    assert not any(each.about.startswith("Flows") for each in await graph.examined())
