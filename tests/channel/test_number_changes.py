"""A person moves to another phone number, and the conversation goes on."""

from __future__ import annotations

from serving import PERSON, Bot, WhatsApp, serving


async def test_a_conversation_goes_on_under_another_number(whatsapp: WhatsApp) -> None:
    """Rasa hears the same sender, and the answer goes to the new number."""
    bot = Bot()
    maria = whatsapp.simulator.user(PERSON, name="María")
    async with serving(bot, whatsapp) as server:
        whatsapp.simulator.webhook_url = f"{server.url}/webhook"
        await maria.says("oi")
        await maria.receives("echo: oi")
        await maria.changes_number("+55 61 98888-0002")
        await maria.says("mudei")
        await maria.receives("echo: mudei")
    assert [heard.sender_id for heard in bot.heard] == [PERSON, PERSON]


async def test_a_number_that_changes_before_every_message(whatsapp: WhatsApp) -> None:
    """However often: one conversation, in order, and each answer arrives."""
    bot = Bot()
    maria = whatsapp.simulator.user(PERSON, name="María")
    async with serving(bot, whatsapp) as server:
        whatsapp.simulator.webhook_url = f"{server.url}/webhook"
        whatsapp.simulator.bad_day(new_numbers=1.0, seed=3)
        for number in range(5):
            await maria.says(f"sou eu {number}")
            await maria.receives(f"echo: sou eu {number}")
    assert [heard.text for heard in bot.heard] == [f"sou eu {number}" for number in range(5)]
    assert {heard.sender_id for heard in bot.heard} == {bot.heard[0].sender_id}


async def test_who_has_a_former_number_is_somebody_else(whatsapp: WhatsApp) -> None:
    """The bot does not talk to them as to the person before."""
    bot = Bot()
    maria = whatsapp.simulator.user(PERSON, name="María")
    async with serving(bot, whatsapp) as server:
        whatsapp.simulator.webhook_url = f"{server.url}/webhook"
        await maria.says("oi")
        await maria.receives("echo: oi")
        await maria.changes_number("+55 61 98888-0002")
        pedro = whatsapp.simulator.user(PERSON, name="Pedro")
        await pedro.says("sou Pedro")
        await pedro.receives("echo: sou Pedro")
    first, other = bot.heard
    assert first.sender_id != other.sender_id
