"""A person writes, Rasa hears, the answer leaves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from serving import NUMBER, PERSON, Bot, WhatsApp, message, serving, signature, text, webhook
from structlog.testing import capture_logs

from rasa_whatsapp.delivery.stores import records_of
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import Message


async def test_a_text_is_answered_by_the_number_it_came_to(whatsapp: WhatsApp) -> None:
    """The answer goes to exactly the digits that wrote, with a plus sign."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        assert await server.deliver(webhook(text("Olá, ação 👍", "wamid.1"))) == 200
        [answer] = await whatsapp.until(posts=1)
    assert answer["to"] == f"+{PERSON}"
    assert answer["text"]["body"] == "echo: Olá, ação 👍"
    [heard] = bot.heard
    assert (heard.sender_id, heard.message_id, heard.input_channel) == (PERSON, "wamid.1", "whatsapp")
    told = heard.metadata["whatsapp"]
    assert (told["event"], told["body"], told["sender"]["name"]) == ("text", "Olá, ação 👍", "Ação 👍")
    assert told["number"]["phone_number_id"] == NUMBER


async def test_buttons_leave_without_a_picture_that_cannot_be_sent(
    whatsapp: WhatsApp, tmp_path: Path
) -> None:
    """It is too large; nobody is left without the question because of it."""
    (tmp_path / "map.png").write_bytes(b"\x89PNG" + bytes(5 * 1024 * 1024))
    question = {"text": "Onde?", "image": "media://map.png", "buttons": [{"title": "Lá", "payload": "/la"}]}

    async def ask(heard: UserMessage) -> None:
        await heard.output_channel.send_response(heard.sender_id, question)

    async with serving(Bot(ask), whatsapp, media=str(tmp_path)) as server:
        with capture_logs() as logs:
            await server.deliver(webhook(text("oi", "wamid.1")))
            [answer] = await whatsapp.until(posts=1)
    assert answer["interactive"]["body"] == {"text": "Onde?"}
    assert "header" not in answer["interactive"]
    # On Serpro's wire the picture is a message of its own.
    [told] = [str(log) for log in logs if log["log_level"] == "error"]
    assert "media://map.png" in told
    assert "5242884 bytes" in told


async def test_200_goes_out_before_the_turn_ends(whatsapp: WhatsApp) -> None:
    """Meta is answered while the bot still thinks."""
    thought = asyncio.Event()

    async def think(_: UserMessage) -> None:
        await thought.wait()

    bot = Bot(think)
    async with serving(bot, whatsapp) as server:
        assert await server.deliver(webhook(text("oi", "wamid.1"))) == 200
        assert bot.heard == []
        thought.set()
        await bot.until(1)


async def test_a_message_is_handled_once_however_often_it_comes(whatsapp: WhatsApp) -> None:
    """Alone, in another batch, at the same moment: one turn."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        once = webhook(text("oi", "wamid.1"))
        await asyncio.gather(*(server.deliver(once) for _ in range(10)))
        await server.deliver(webhook(text("oi", "wamid.1"), text("mais", "wamid.2")))
        await server.deliver(webhook(text("fim", "wamid.3")))
        await bot.until(3)
    assert [heard.text for heard in bot.heard] == ["oi", "mais", "fim"]


async def test_one_conversation_is_handled_in_order_and_others_beside_it(whatsapp: WhatsApp) -> None:
    """While one person's first message is being handled, their second waits and somebody else's passes."""
    first = asyncio.Event()
    running: list[str] = []

    async def turn(heard: UserMessage) -> None:
        running.append(heard.text)
        if heard.text == "um":
            await first.wait()

    bot = Bot(turn)
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("um", "wamid.1"), text("dois", "wamid.2")))
        await server.deliver(webhook(text("outro", "wamid.3", sender="5511888880000")))
        await bot.until(1)
        assert running == ["um", "outro"]
        first.set()
        await bot.until(3)
    assert running == ["um", "outro", "dois"]


async def test_a_tapped_button_is_its_payload(whatsapp: WhatsApp) -> None:
    """A short payload travels in the button's id."""

    async def offer(heard: UserMessage) -> None:
        buttons = [{"title": "Tenis", "payload": '/elegir{"opcion": "tenis"}'}]
        await heard.output_channel.send_response(heard.sender_id, {"text": "Elije", "buttons": buttons})

    bot = Bot(offer)
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("hola", "wamid.1")))
        [offered] = await whatsapp.until(posts=1)
        reply = offered["interactive"]["action"]["buttons"][0]["reply"]
        assert reply == {"id": '/elegir{"opcion": "tenis"}', "title": "Tenis"}
        tap = message("interactive", {"type": "button_reply", "button_reply": reply}, "wamid.2")
        await server.deliver(webhook(tap))
        await bot.until(2)
    assert bot.heard[1].text == '/elegir{"opcion": "tenis"}'


async def test_a_payload_longer_than_an_id_comes_back_whole(whatsapp: WhatsApp) -> None:
    """It waits in the store under a short id."""
    payload = '/elegir{"opcion": "' + "x" * 400 + '"}'

    async def offer(heard: UserMessage) -> None:
        await heard.output_channel.send_response(
            heard.sender_id, {"text": "Elije", "buttons": [{"title": "Tenis", "payload": payload}]}
        )

    bot = Bot(offer)
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("hola", "wamid.1")))
        [offered] = await whatsapp.until(posts=1)
        reply = offered["interactive"]["action"]["buttons"][0]["reply"]
        assert len(reply["id"]) <= 256
        await server.deliver(
            webhook(message("interactive", {"type": "button_reply", "button_reply": reply}, "wamid.2"))
        )
        await bot.until(2)
    assert bot.heard[1].text == payload


async def test_a_long_payload_is_erased_with_the_person_it_was_for(
    whatsapp: WhatsApp, tmp_path: Path
) -> None:
    """What a button of theirs says is theirs; the same button of somebody else goes on working."""
    payload, other = '/elegir{"cpf": "' + "1" * 400 + '"}', "5511888880000"

    async def offer(heard: UserMessage) -> None:
        await heard.output_channel.send_response(
            heard.sender_id, {"text": "Elije", "buttons": [{"title": "Tenis", "payload": payload}]}
        )

    bot, store = Bot(offer), f"sqlite:///{tmp_path / 'whatsapp.db'}"
    async with serving(bot, whatsapp, store=store) as server:
        await server.deliver(webhook(text("hola", "wamid.1"), text("hola", "wamid.2", sender=other)))
        replies = {
            post["to"]: post["interactive"]["action"]["buttons"][0]["reply"]
            for post in await whatsapp.until(posts=2)
        }
        records = records_of(store)
        await records.open()
        assert (await records.forget(f"phone:{PERSON}")).values == 1
        await records.close()
        for sender, id in (PERSON, "wamid.3"), (other, "wamid.4"):
            content = {"type": "button_reply", "button_reply": replies[f"+{sender}"]}
            await server.deliver(webhook(message("interactive", content, id, sender=sender)))
        heard = {each.sender_id: each.text for each in (await bot.until(4))[2:]}
    assert heard == {PERSON: "Tenis", other: payload}


async def test_a_location_is_an_intent_with_numbers(whatsapp: WhatsApp) -> None:
    """Rasa's own form, which every model understands."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        place = {"latitude": -15.79, "longitude": -47.88, "name": "Praça"}
        await server.deliver(webhook(message("location", place, "wamid.1")))
        await bot.until(1)
    assert bot.heard[0].text == '/whatsapp_location{"latitude": -15.79, "longitude": -47.88}'


async def test_an_undeclared_kind_is_its_caption_or_nothing(whatsapp: WhatsApp) -> None:
    """The model's domain lacks whatsapp_video: the caption is told, a bare video is not."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        await server.deliver(
            webhook(
                message("video", {"id": "1", "mime_type": "video/mp4"}, "wamid.1"),
                message("video", {"id": "2", "mime_type": "video/mp4", "caption": "olha"}, "wamid.2"),
                message("image", {"id": "3", "mime_type": "image/png"}, "wamid.3"),
            )
        )
        await bot.until(2)
    assert [heard.text for heard in bot.heard] == ["olha", '/whatsapp_image{"media_id": "3"}']


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/restart", "/restart"),
        ('/whatsapp_flow_reply{"paid": true}', 'whatsapp_flow_reply{"paid": true}'),
        (' / whatsapp_location {"latitude": 1}', 'whatsapp_location {"latitude": 1}'),
    ],
)
async def test_nobody_can_type_what_only_the_channel_may_say(
    whatsapp: WhatsApp, typed: str, heard: str
) -> None:
    """A typed intent of the channel's own loses its slash; other commands pass as in every Rasa channel."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text(typed, "wamid.1")))
        await bot.until(1)
    assert bot.heard[0].text == heard


@pytest.mark.parametrize(
    "typed",
    ["/restart", "/\n/restart", "/\t/restart", "/\u00a0/restart", "/ \n/whatsapp_image{}", " /// /restart"],
)
async def test_typed_payloads_can_be_switched_off(whatsapp: WhatsApp, typed: str) -> None:
    """Then nothing that is typed begins with a slash, whatever white space Rasa takes away afterwards."""
    bot = Bot()
    async with serving(bot, whatsapp, typed_payloads=False) as server:
        await server.deliver(webhook(text(typed, "wamid.1")))
        await bot.until(1)
    assert not bot.heard[0].text.startswith("/")


async def test_read_receipts_can_be_switched_off(whatsapp: WhatsApp) -> None:
    """WhatsApp shows typing never without reading, so neither is shown."""
    async with serving(Bot(), whatsapp, read_receipts=False) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        await whatsapp.until(posts=1)
    assert whatsapp.receipts == []


@pytest.mark.cloud_only("Serpro tells no user ids")
async def test_a_person_without_a_phone_number_is_answered_by_user_id(whatsapp: WhatsApp) -> None:
    """Since 2026 WhatsApp may hide the number; the same person later arrives with it."""
    hidden = {**text("oi", "wamid.1"), "from_user_id": "BR.40917"}
    del hidden["from"]
    both = {**text("de novo", "wamid.2"), "from_user_id": "BR.40917"}
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(hidden))
        await whatsapp.until(posts=1)
        await server.deliver(webhook(both))
        await whatsapp.until(posts=2)
    assert [heard.sender_id for heard in bot.heard] == ["BR.40917", "BR.40917"]
    assert whatsapp.posts[0]["recipient"] == "BR.40917"
    assert "to" not in whatsapp.posts[0]
    assert whatsapp.posts[1]["to"] == f"+{PERSON}"


async def test_reading_and_typing_are_shown_in_one_call(whatsapp: WhatsApp) -> None:
    """The receipt goes out when the turn starts and delays nothing."""
    async with serving(Bot(), whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        await whatsapp.until(posts=1, receipts=1)
    assert whatsapp.receipts == ["wamid.1"]
    [receipt] = [call.body for call in whatsapp.simulator.calls if "wamid.1" in str(call.body)]
    # Serpro has no typing indicator.
    assert receipt.get("typing_indicator") == ({"type": "text"} if whatsapp.provider == "cloud" else None)


async def test_yesterdays_message_is_not_answered(whatsapp: WhatsApp) -> None:
    """After an outage a bot must not answer what is long past."""
    bot = Bot()
    old = text("oi", "wamid.1", timestamp=int(time.time()) - 25 * 3600)
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(old, text("agora", "wamid.2")))
        await bot.until(1)
    assert [heard.text for heard in bot.heard] == ["agora"]


async def test_messages_wait_for_a_model(whatsapp: WhatsApp) -> None:
    """Rasa would drop them silently."""
    bot = Bot()
    bot.loaded = False
    async with serving(bot, whatsapp) as server:
        assert (await server.get())[1] == '{"status":"ok","ready":false}'
        assert await server.deliver(webhook(text("oi", "wamid.1"))) == 200
        await asyncio.sleep(0.3)
        assert bot.heard == []
        bot.loaded = True
        await bot.until(1)
        assert (await server.get())[1] == '{"status":"ok","ready":true}'


async def test_a_failed_turn_is_tried_again_in_order(whatsapp: WhatsApp) -> None:
    """The conversation's next message waits; answers already kept are not sent twice."""
    tries = 0

    async def stumble(heard: UserMessage) -> None:
        nonlocal tries
        await heard.output_channel.send_response(heard.sender_id, {"text": f"eco {heard.text}"})
        if heard.text == "um":
            tries += 1
            if tries == 1:
                raise RuntimeError("the tracker store is away")

    bot = Bot(stumble)
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("um", "wamid.1"), text("dois", "wamid.2")))
        await bot.until(2)
        await whatsapp.until(posts=2)
    assert [heard.text for heard in bot.heard] == ["um", "dois"]
    assert [post["text"]["body"] for post in whatsapp.posts] == ["eco um", "eco dois"]


async def test_a_proactive_message_goes_where_the_person_last_wrote_from(whatsapp: WhatsApp) -> None:
    """Reminders and trigger_intent use the channel's own output."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        await whatsapp.until(posts=1)
        output = server.channel.get_output_channel()
        assert output is not None
        await output.send_response(PERSON, {"text": "lembrete"})
        await output.send_response("5511888880000", {"text": "primeira vez"})
        await whatsapp.until(posts=3)
    assert {(post["to"], post["text"]["body"]) for post in whatsapp.posts[1:]} == {
        (f"+{PERSON}", "lembrete"),
        ("+5511888880000", "primeira vez"),
    }


async def test_pseudonyms_keep_phone_numbers_out_of_rasa(whatsapp: WhatsApp) -> None:
    """Neither the sender id nor the metadata holds the number; the answer still arrives."""
    bot = Bot()
    secrets: dict[str, Any] = {"sender_id": "pseudonym", "pseudonym_key": "k" * 32}
    async with serving(bot, whatsapp, **secrets) as server:
        await server.deliver(
            webhook({**text("oi", "wamid.1"), "context": {"id": "wamid.0", "from": "15550100000"}})
        )
        [answer] = await whatsapp.until(posts=1)
    [heard] = bot.heard
    assert PERSON not in heard.sender_id + repr(heard.metadata)
    assert len(heard.sender_id) == 32
    assert answer["to"] == f"+{PERSON}"


@pytest.mark.cloud_only("it is about signatures; Serpro beside Meta is in test_two_providers")
async def test_with_two_numbers_each_answers_its_own(whatsapp: WhatsApp) -> None:
    """A request belongs to the number whose secret signed it; a foreign number's message is not heard."""
    bot = Bot()
    numbers = [
        {"phone_number_id": NUMBER},
        {"phone_number_id": "900", "app_secret": "other-secret"},
    ]
    async with serving(bot, whatsapp, phone_number_id=None, numbers=numbers) as server:
        import json

        theirs = json.dumps(webhook(text("oi", "wamid.1"), number="900")).encode()
        assert await server.deliver(theirs, X_Hub_Signature_256=signature(theirs, "other-secret")) == 200
        forged = json.dumps(webhook(text("falso", "wamid.2"), number="900")).encode()
        assert await server.deliver(forged, X_Hub_Signature_256=signature(forged)) == 200
        await server.deliver(webhook(text("meu", "wamid.3")))
        await bot.until(2)
    assert sorted(heard.text for heard in bot.heard) == ["meu", "oi"]


@pytest.mark.parametrize("merge_texts", [False, True])
async def test_an_answer_that_cannot_be_kept_as_a_message_fails_alone(
    whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch, merge_texts: bool
) -> None:
    """Running the turn again would run its actions again, and come to the same end."""

    async def talk(heard: UserMessage) -> None:
        for words in ("before", "bad", "after"):
            await heard.output_channel.send_response(heard.sender_id, {"text": words})

    def fit(message: Message) -> Sequence[Message]:
        if "bad" in str(message.to_json()):
            raise MessageError("body", "does not fit.")
        return (message,)

    bot = Bot(talk)
    async with serving(bot, whatsapp, merge_texts=merge_texts) as server:
        [gateway] = server.channel._running._gateways.values()
        monkeypatch.setattr(gateway, "fit", fit)
        with capture_logs() as logs:
            await server.deliver(webhook(text("oi", "wamid.1")))
            await bot.until(1)
            monkeypatch.undo()
            await server.deliver(webhook(text("e", "wamid.2")))
            await bot.until(2)
            posts = await whatsapp.until(posts=2 if merge_texts else 5)
    assert [heard.text for heard in bot.heard] == ["oi", "e"]
    assert "body: does not fit." in {log.get("problem") for log in logs}
    assert len(posts) == (2 if merge_texts else 5)
