"""People type one thought in three messages; the bot may hear it as one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from serving import Bot, WhatsApp, message, serving, text, webhook

from rasa_whatsapp.delivery import dispatcher


async def test_quick_texts_become_one_turn(whatsapp: WhatsApp) -> None:
    """In order, under the last one's id, with all ids in the metadata; none of them comes again."""
    bot = Bot()
    async with serving(bot, whatsapp, debounce=0.3) as server:
        for number, words in enumerate(("quero", "reservar", "uma quadra")):
            await server.deliver(webhook(text(words, f"wamid.{number}")))
        await bot.until(1)
        await server.deliver(webhook(text("uma quadra", "wamid.2"), text("amanhã", "wamid.3")))
        await bot.until(2)
    assert [heard.text for heard in bot.heard] == ["quero\nreservar\numa quadra", "amanhã"]
    assert bot.heard[0].message_id == "wamid.2"
    assert bot.heard[0].metadata["whatsapp"]["message_ids"] == ["wamid.0", "wamid.1", "wamid.2"]


async def test_what_was_answered_before_a_kill_is_not_answered_again(
    whatsapp: WhatsApp, tmp_path: Path
) -> None:
    """The process died after the turn of two texts; a third came meanwhile, and only that one is heard."""
    store = f"sqlite:///{tmp_path / 'whatsapp.db'}"
    dead, alive = Bot(), Bot()
    heard = asyncio.Event()

    async def die(message: UserMessage) -> None:
        heard.set()
        await asyncio.Event().wait()

    dead.turn = die
    async with serving(dead, whatsapp, store=store, debounce=0.2, shutdown_grace=0) as server:
        await server.deliver(webhook(text("a", "wamid.1"), text("b", "wamid.2")))
        await asyncio.wait_for(heard.wait(), 5)
        await server.deliver(webhook(text("c", "wamid.3")))
    alive.remembered = [("wamid.2", ["wamid.1", "wamid.2"])]
    async with serving(alive, whatsapp, store=store, debounce=0.2):
        await alive.until(1)
    assert [message.text for message in alive.heard] == ["c"]


async def test_a_turn_tried_again_with_one_more_text_repeats_no_answer(
    whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first try answered is recognised, though the turn has another message by then."""
    monkeypatch.setattr(dispatcher.random, "uniform", lambda *_: 0.3)  # seconds until the second try
    bot, tries = Bot(), []

    async def turn(message: UserMessage) -> None:
        tries.append(message.text)
        await message.output_channel.send_response(message.sender_id, {"text": "Olá!"})
        if len(tries) == 1:
            await server.deliver(webhook(text("c", "wamid.3")))
            raise RuntimeError("the tracker store went away after the first answer")
        await message.output_channel.send_response(message.sender_id, {"text": "Até logo!"})

    bot.turn = turn
    async with serving(bot, whatsapp, debounce=0.1) as server:
        await server.deliver(webhook(text("a", "wamid.1"), text("b", "wamid.2")))
        posts = await whatsapp.until(2)
    assert tries == ["a\nb", "a\nb\nc"]
    assert [body["text"]["body"] for body in posts] == ["Olá!", "Até logo!"]


async def test_texts_in_a_group_are_not_the_same_chat(whatsapp: WhatsApp) -> None:
    """What somebody asks in private is not lost because they write in a group as well."""
    bot = Bot()
    in_group = {**text("oi, grupo", "wamid.2"), "group_id": "group-1"}
    async with serving(bot, whatsapp, debounce=60) as server:
        await server.deliver(webhook(text("em particular", "wamid.1"), in_group))
        await bot.until(1, seconds=5)
    assert [heard.text for heard in bot.heard] == ["em particular"]


async def test_anything_else_ends_the_waiting(whatsapp: WhatsApp) -> None:
    """A tap behind the texts is a turn of its own, after them."""
    bot = Bot()
    tap = message(
        "interactive", {"type": "button_reply", "button_reply": {"id": "/sim", "title": "Sim"}}, "wamid.3"
    )
    async with serving(bot, whatsapp, debounce=60) as server:
        await server.deliver(webhook(text("a", "wamid.1"), text("b", "wamid.2"), tap))
        await bot.until(2, seconds=5)
    assert [heard.text for heard in bot.heard] == ["a\nb", "/sim"]
