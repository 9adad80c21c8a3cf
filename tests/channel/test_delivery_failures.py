"""What did not arrive reaches Rasa; what arrives together can leave together."""

from __future__ import annotations

import time

import pytest
from rasa.core.channels.channel import UserMessage
from serving import NUMBER, PERSON, Bot, WhatsApp, serving, text, webhook
from structlog.testing import capture_logs

from rasa_whatsapp import actions, events
from rasa_whatsapp.delivery.outbox import Destination, Outbox
from rasa_whatsapp.errors import StoreError
from rasa_whatsapp.events.reports import UNDELIVERED


def failed(opaque: str, code: int, at: float = 1_790_000_000) -> dict[str, object]:
    """The webhook in which Meta reports that a message has failed."""
    status = {
        "id": "wamid.out1",
        "status": "failed",
        "timestamp": str(round(at)),
        "recipient_id": PERSON,
        "biz_opaque_callback_data": opaque,
        "errors": [{"code": code, "title": "Undeliverable", "error_data": {"details": "not on WhatsApp"}}],
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "1", "phone_number_id": NUMBER},
        "statuses": [status],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


async def test_a_failed_message_becomes_an_intent_of_its_conversation(whatsapp: WhatsApp) -> None:
    """With delivery_failed_intent, once however often Meta reports it."""
    bot = Bot()
    bot.domain.intents.append("delivery_failed")
    bot.domain.entities.append("code")
    async with serving(bot, whatsapp, delivery_failed_intent="delivery_failed") as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1)
        report = failed(answer["biz_opaque_callback_data"], 131026)
        assert await server.deliver(report) == 200
        assert await server.deliver(report) == 200
        await bot.until(2)
        await server.deliver(webhook(text("fim", "wamid.2")))
        await bot.until(3)
    assert [heard.text for heard in bot.heard] == ["oi", '/delivery_failed{"code": 131026}', "fim"]
    assert {heard.sender_id for heard in bot.heard} == {PERSON}
    told = {"message_id": bot.heard[1].message_id, "metadata": bot.heard[1].metadata}
    event = actions.incoming({"latest_message": told})
    assert isinstance(event, events.Status)
    assert event.outbox_id
    assert event.errors[0].code == 131026


async def test_a_failure_whose_message_is_known_later(whatsapp: WhatsApp) -> None:
    """A report that nobody could place at first is told once, when it comes again with its message."""
    bot = Bot()
    bot.domain.intents.append("delivery_failed")
    async with serving(bot, whatsapp, delivery_failed_intent="delivery_failed") as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1)
        for opaque in ("", answer["biz_opaque_callback_data"], answer["biz_opaque_callback_data"]):
            assert await server.deliver(failed(opaque, 131026)) == 200
        await bot.until(2)
        await server.deliver(webhook(text("fim", "wamid.2")))
        await bot.until(3)
    assert [heard.text for heard in bot.heard] == ["oi", "/delivery_failed", "fim"]


async def test_without_the_setting_a_failure_is_only_logged(
    whatsapp: WhatsApp, capsys: pytest.CaptureFixture[str]
) -> None:
    """In plain words, with Meta's code and what to do, and without the person's number."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1)
        await server.deliver(failed(answer["biz_opaque_callback_data"], 131047))
        await server.deliver(webhook(text("fim", "wamid.2")))
        await bot.until(2)
    printed = capsys.readouterr().out
    assert "131047" in printed
    assert "24" in printed
    assert PERSON not in printed


async def test_a_window_that_has_closed_is_knocked_at_also_when_it_is_reported_later(
    whatsapp: WhatsApp,
) -> None:
    """Serpro never says so at once. The template goes out, however often Meta reports it."""
    bot = Bot()
    async with serving(
        bot, whatsapp, reengagement_template={"name": "hello_again", "language": "en"}
    ) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1)
        opaque, now, day = answer["biz_opaque_callback_data"], time.time(), 24 * 3600
        # While the window is open, as when they have written again meanwhile, and a report of days ago.
        for at in (now, now - 2 * day):
            assert await server.deliver(failed(opaque, 131047, at)) == 200
        for _ in range(2):
            assert await server.deliver(failed(opaque, 131047, now + day + 60)) == 200
        await whatsapp.until(posts=2)
        await server.deliver(webhook(text("fim", "wamid.2")))
        posts = await whatsapp.until(posts=3)
    assert [post["type"] for post in posts] == ["text", "template", "text"]
    assert {post["to"] for post in posts} == {f"+{PERSON}"}


@pytest.mark.cloud_only("payments are Meta's")
async def test_a_payment_that_failed_is_no_message_that_did_not_arrive(whatsapp: WhatsApp) -> None:
    """Neither Rasa, nor the log, nor the numbers are told so; the order did arrive."""
    bot = Bot()
    bot.domain.intents.append("delivery_failed")
    async with serving(bot, whatsapp, metrics=True, delivery_failed_intent="delivery_failed") as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1)
        report = failed(answer["biz_opaque_callback_data"], 0)
        [status] = report["entry"][0]["changes"][0]["value"]["statuses"]  # type: ignore[index]
        del status["errors"]
        status |= {"type": "payment", "payment": {"reference_id": "ped-1"}}
        with capture_logs() as logs:
            assert await server.deliver(report) == 200
            await server.deliver(webhook(text("fim", "wamid.2")))
            await bot.until(2)
        _, page = await server.get("/metrics")
        # The message itself may fail as well.
        await server.deliver(failed(answer["biz_opaque_callback_data"], 131026))
        await bot.until(3)
    assert [heard.text for heard in bot.heard] == ["oi", "fim", "/delivery_failed"]
    assert not [log for log in logs if log["event"] == "whatsapp.message.failed"]
    assert "whatsapp_messages_failed_total{" not in page


async def test_a_failure_without_an_error_is_not_explained_by_one(whatsapp: WhatsApp) -> None:
    """Meta may leave the errors out, and Serpro's report knows no codes: no token is blamed."""
    bot = Bot()
    with capture_logs() as logs:
        async with serving(bot, whatsapp) as server:
            await server.deliver(webhook(text("oi", "wamid.1")))
            [answer] = await whatsapp.until(posts=1)
            report = failed(answer["biz_opaque_callback_data"], 0)
            [status] = report["entry"][0]["changes"][0]["value"]["statuses"]  # type: ignore[index]
            del status["errors"]
            await server.deliver(report)
            await server.deliver(webhook(text("fim", "wamid.2")))
            await bot.until(2)
    [told] = [log for log in logs if log["event"] == "whatsapp.message.failed"]
    assert told["explanation"] == "WhatsApp did not say why."


async def test_what_is_said_of_a_failure_is_not_lost_with_the_end_of_its_turn(
    whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With merge_texts it is held until then; the turn itself is not run again."""
    release, failures = Outbox.release, []
    bot = Bot()
    bot.domain.intents.append("delivery_failed")

    async def fail_once(outbox: Outbox, destination: Destination) -> None:
        if destination.turn.startswith(UNDELIVERED) and not failures:
            failures.append(destination.turn)
            bot.remembered.append((destination.turn, []))
            raise StoreError("the store is away")
        await release(outbox, destination)

    monkeypatch.setattr(Outbox, "release", fail_once)
    monkeypatch.setattr("rasa_whatsapp.delivery.dispatcher.random.uniform", lambda *_: 0.01)
    async with serving(bot, whatsapp, delivery_failed_intent="delivery_failed", merge_texts=True) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1)
        await server.deliver(failed(answer["biz_opaque_callback_data"], 131026))
        posts = await whatsapp.until(posts=2)
    assert len(failures) == 1
    assert [heard.text for heard in bot.heard] == ["oi", "/delivery_failed"]
    assert posts[-1]["text"]["body"] == "echo: /delivery_failed"


async def test_texts_of_one_turn_can_leave_as_one_message(whatsapp: WhatsApp) -> None:
    """Each message is charged; merge_texts makes one of what the bot says in a row."""

    async def talk(heard: UserMessage) -> None:
        for words in ("um", "dois"):
            await heard.output_channel.send_response(heard.sender_id, {"text": words})

    async with serving(Bot(talk), whatsapp, merge_texts=True) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        await whatsapp.until(posts=1)
        await server.deliver(webhook(text("mais", "wamid.2")))
        await whatsapp.until(posts=2)
    assert [post["text"]["body"] for post in whatsapp.posts] == ["um\n\ndois"] * 2
