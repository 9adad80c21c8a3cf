"""An operator sees what the bot does in numbers, and in log lines without personal data."""

from __future__ import annotations

import re
import sys

import pytest
from rasa.shared.exceptions import RasaException
from serving import PERSON, Bot, WhatsApp, serving, text, webhook
from test_delivery_failures import failed

from rasa_whatsapp import WhatsAppInput


def numbers(page: str) -> dict[str, float]:
    """Each sample of a page in Prometheus's text format, by its name with labels."""
    samples = (line.rpartition(" ") for line in page.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in samples}


async def test_what_happens_is_counted(whatsapp: WhatsApp, capsys: pytest.CaptureFixture[str]) -> None:
    """Received, duplicates, turns and their seconds, sent, failed by code, and what waits."""
    bot = Bot()
    async with serving(bot, whatsapp, metrics=True) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1)
        await server.deliver(failed(answer["biz_opaque_callback_data"], 131026))
        await server.deliver(webhook(text("fim", "wamid.2")))
        await whatsapp.until(posts=2)
        await bot.until(2)
        while True:
            status, page = await server.get("/metrics")
            seen = numbers(page)
            if seen["whatsapp_messages_sent_total"] == 2:
                break
    assert status == 200
    assert seen['whatsapp_events_received_total{kind="Text"}'] == 2
    assert seen['whatsapp_events_received_total{kind="Status"}'] == 1
    assert seen["whatsapp_events_duplicate_total"] == 1
    assert seen['whatsapp_turns_total{outcome="done"}'] == 3
    assert seen["whatsapp_turn_seconds_count"] == 3
    assert seen["whatsapp_messages_resent_total"] == 0
    assert seen['whatsapp_messages_failed_total{code="131026"}'] == 1
    assert seen['whatsapp_queue_depth{queue="answers"}'] in (0, 1)
    assert seen['whatsapp_oldest_waiting_seconds{queue="turns"}'] == 0
    printed = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    for event in "whatsapp.turn.done", "whatsapp.message.sent", "whatsapp.message.failed":
        assert event in printed
    assert PERSON not in page + printed


async def test_a_turn_that_fails_is_counted_as_such(whatsapp: WhatsApp) -> None:
    """It is tried again, and the queue shows it meanwhile."""

    async def fail(_: object) -> None:
        raise OSError("no database")

    async with serving(Bot(fail), whatsapp, metrics=True) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        seen: dict[str, float] = {}
        while 'whatsapp_turns_total{outcome="failed"}' not in seen:
            seen = numbers((await server.get("/metrics"))[1])
    assert seen['whatsapp_queue_depth{queue="turns"}'] == 1
    assert seen['whatsapp_oldest_waiting_seconds{queue="turns"}'] > 0


async def test_without_the_setting_there_is_no_page(whatsapp: WhatsApp) -> None:
    """Numbers are nobody's business unless the operator says so."""
    async with serving(Bot(), whatsapp) as server:
        assert (await server.get("/metrics"))[0] == 404


def test_a_missing_package_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(RasaException, match=re.escape('pip install "rasa-whatsapp[metrics]"')):
        WhatsAppInput.from_credentials(
            {
                "phone_number_id": "1",
                "access_token": "x",
                "app_secret": "x",
                "verify_token": "x",
                "metrics": True,
            }
        )
