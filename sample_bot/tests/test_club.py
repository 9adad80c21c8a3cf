"""Conversations with the running bot, in a local WhatsApp that pytest starts.

While `rasa run --enable-api` and `rasa run actions` are running, and no simulator: `pytest tests`. It needs
pytest-asyncio.
"""

import pytest

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.whatsapp(port=8765, webhook_url="http://127.0.0.1:5005/webhooks/whatsapp/webhook"),
]

MENU = ["Pileta", "Tenis", "SUM"]


async def test_a_neighbour_asks_about_tennis(whatsapp):
    await whatsapp.connected()
    maria = whatsapp.user("+54 9 11 5555-0011", name="María")
    await maria.says("Hola")
    await maria.expects("Hola!")
    await maria.expects("Por favor elije una opción:", buttons=MENU)
    await maria.taps("Tenis")
    await maria.expects("Dos canchas", timeout=20)


async def test_more_topics_than_buttons_are_a_list(whatsapp):
    await whatsapp.connected()
    maria = whatsapp.user("+54 9 11 5555-0012", name="María")
    await maria.says("más temas")
    await maria.expects(list_with=["Gimnasio", "Quincho"])


async def test_who_hides_the_number_is_answered_too(whatsapp):
    await whatsapp.connected()
    maria = whatsapp.user("+54 9 11 5555-0013", name="María")
    whatsapp.bad_day(hidden_numbers=1.0)
    await maria.says("menú")
    await maria.expects(buttons=MENU)
    whatsapp.bad_day()
