"""People write to the bot, and the bot answers."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json

import pytest

from rasa_whatsapp.simulator import APP_SECRET, PHONE_NUMBER_ID, Simulator, Unexpected, User
from rasa_whatsapp.simulator.state import state

BUTTONS = {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "body": {"text": "Elegí"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "/pileta", "title": "Pileta"}},
                {"type": "reply", "reply": {"id": "/tenis", "title": "Tenis"}},
            ]
        },
    },
}
LIST = {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "body": {"text": "Más temas"},
        "action": {
            "button": "Ver",
            "sections": [
                {"rows": [{"id": "/sum", "title": "SUM", "description": "Salón de usos múltiples"}]}
            ],
        },
    },
}


async def test_a_text_arrives_in_metas_envelope(simulator, bot, maria: User) -> None:
    """The whole webhook is as documented: account, number, contact, message."""
    message = await maria.says("oi")
    await bot.has(1)
    body = json.loads(bot.bodies[0])
    assert body["object"] == "whatsapp_business_account"
    value = body["entry"][0]["changes"][0]["value"]
    assert value["messaging_product"] == "whatsapp"
    assert value["metadata"]["phone_number_id"] == PHONE_NUMBER_ID
    assert value["contacts"] == [
        {"profile": {"name": "María José 👩‍🦰"}, "wa_id": "5561999990001", "user_id": maria.user_id}
    ]
    wire = value["messages"][0]
    assert wire == {
        "from": "5561999990001",
        "from_user_id": maria.user_id,
        "id": message.id,
        "timestamp": str(int(message.at)),
        "type": "text",
        "text": {"body": "oi"},
    }
    assert maria.user_id.startswith("BR.")


async def test_accents_emoji_and_slashes_are_escaped_and_signed_as_sent(simulator, bot, maria: User) -> None:
    """The signature is over the very bytes, which hold neither non-ASCII characters nor bare slashes."""
    await maria.says('São João 👍 https://a/b "\\/"')
    await bot.has(1)
    body, header = bot.bodies[0], bot.headers[0]["X-Hub-Signature-256"]
    assert body.isascii()
    assert b"S\\u00e3o Jo\\u00e3o \\ud83d\\udc4d https:\\/\\/a\\/b" in body
    assert bot.messages[0]["text"]["body"] == 'São João 👍 https://a/b "\\/"'
    assert header == "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert simulator.deliveries[0].body == body


async def test_somebody_may_hide_the_phone_number(simulator: Simulator, bot, graph) -> None:
    """Only the business-scoped user id goes both ways, and no phone number is anywhere."""
    ana = simulator.user(user_id="BR.409", name="Ana", username="ana.l")
    await ana.says("oi")
    await bot.has(1)
    assert "from" not in bot.messages[0]
    assert bot.messages[0]["from_user_id"] == "BR.409"
    assert bot.values[0]["contacts"] == [
        {"profile": {"name": "Ana", "username": "ana.l"}, "user_id": "BR.409"}
    ]
    body = {"messaging_product": "whatsapp", "recipient": "BR.409", "type": "text", "text": {"body": "Olá"}}
    status, answer = await graph.call("POST", f"/{PHONE_NUMBER_ID}/messages", json=body)
    assert (status, answer["contacts"]) == (200, [{"input": "BR.409", "user_id": "BR.409"}])
    assert (await ana.receives()).text == "Olá"
    await simulator.settle()
    assert {status["status"] for status in bot.statuses} == {"sent", "delivered", "read"}
    assert all("recipient_id" not in status for status in bot.statuses)
    assert all(status["recipient_user_id"] == "BR.409" for status in bot.statuses)


async def test_a_tap_on_a_button_says_what_it_answers(simulator, bot, graph, maria: User) -> None:
    """A tap sends the button's id and title, in the context of the message that offered it."""
    await maria.says("hola")
    _, answer = await graph.send(BUTTONS)
    await maria.taps("Tenis")
    await simulator.settle()
    tapped = bot.messages[-1]
    assert tapped["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "/tenis", "title": "Tenis"},
    }
    assert tapped["context"]["id"] == answer["messages"][0]["id"]


async def test_a_tap_on_a_row_finds_it_by_title_or_by_description(simulator, bot, graph, maria: User) -> None:
    """A list row answers with its description; a title cut short is found by what the description says."""
    await maria.says("hola")
    await graph.send(LIST)
    await maria.taps("SUM")
    await maria.taps("Salón de usos múltiples")
    await simulator.settle()
    row = {"id": "/sum", "title": "SUM", "description": "Salón de usos múltiples"}
    assert [m["interactive"] for m in bot.messages[1:]] == [{"type": "list_reply", "list_reply": row}] * 2


async def test_a_tap_waits_for_what_it_taps(simulator, graph, maria: User) -> None:
    """A script may tap before the bot has answered; nothing else is needed to wait."""
    await maria.says("hola")
    tap = asyncio.create_task(maria.taps("Pileta", timeout=5))
    await graph.send(BUTTONS)
    assert (await tap).text == "Pileta"


async def test_the_wrong_answer_shows_the_conversation(simulator, graph, maria: User) -> None:
    """A failed expectation tells what was said."""
    await maria.says("hola")
    await graph.says("Adiós")
    with pytest.raises(Unexpected, match="Adiós"):
        await maria.receives("Bienvenida")
    with pytest.raises(Unexpected, match=r"no message from the bot within 0\.01 s"):
        await maria.receives(timeout=0.01)


async def test_statuses_follow_each_other_and_carry_the_callback_data(
    simulator, bot, graph, maria: User
) -> None:
    """sent, delivered and read come in this order, with the price on the first only."""
    await maria.says("oi")
    wamid = await graph.says("Olá", biz_opaque_callback_data="row 7")
    await simulator.settle()
    assert [s["status"] for s in bot.statuses] == ["sent", "delivered", "read"]
    assert {s["id"] for s in bot.statuses} == {wamid}
    assert {s["biz_opaque_callback_data"] for s in bot.statuses} == {"row 7"}
    assert {s["recipient_id"] for s in bot.statuses} == {"5561999990001"}
    assert ["pricing" in s for s in bot.statuses] == [True, False, False]
    assert maria.messages[-1].status == "read"


async def test_the_bot_reads_and_types(simulator, bot, graph, maria: User) -> None:
    """Marking a message read marks the earlier ones, and typing ends with the answer."""
    first, second = await maria.says("um"), await maria.says("dois")
    seen: list[bool] = []
    simulator.listen(lambda e: seen.append(e["on"]) if e["type"] == "typing" else None)
    body = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": second.id,
        "typing_indicator": {"type": "text"},
    }
    assert await graph.call("POST", f"/v26.0/{PHONE_NUMBER_ID}/messages", json=body) == (
        200,
        {"success": True},
    )
    assert (first.status, second.status) == ("read", "read")
    await asyncio.sleep(0)
    await graph.says("três")
    assert seen == [True, False]


async def test_reactions_go_both_ways(simulator, bot, graph, maria: User) -> None:
    """A reaction hangs on its message; the bot's gets no status but sent."""
    said = await maria.says("oi")
    await graph.send({"type": "reaction", "reaction": {"message_id": said.id, "emoji": "👍"}})
    await simulator.settle()
    assert said.reactions == {"user": None, "bot": "👍"}
    assert [s["status"] for s in bot.statuses] == ["sent"]
    await maria.reacts(said, "")
    await simulator.settle()
    assert bot.messages[-1]["reaction"] == {"message_id": said.id}


async def test_places_and_contacts_arrive_as_they_were_sent(simulator, bot, maria: User) -> None:
    """A location carries numbers, contacts their objects."""
    await maria.sends_location(-15.79, -47.88, name="Praça")
    await maria.sends_contacts({"name": {"formatted_name": "Ada"}, "phones": [{"phone": "+1 555"}]})
    await simulator.settle()
    assert bot.messages[0]["location"] == {"latitude": -15.79, "longitude": -47.88, "name": "Praça"}
    assert bot.messages[1]["contacts"][0]["name"] == {"formatted_name": "Ada"}


async def test_the_same_seed_makes_the_same_ids(bot) -> None:
    """Ids repeat with a seed and are new without one."""

    async def first_id(seed: int | None) -> str:
        async with Simulator(port=0, webhook_url=bot.url, seed=seed) as simulator:
            return (await simulator.user("+1 555 0100").says("hi")).id

    assert await first_id(7) == await first_id(7)
    assert await first_id(None) != await first_id(None)


async def test_what_nobody_receives_is_forgotten_with_the_conversation(
    graph, maria: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long run does not grow: neither by its messages nor by those that no test waits for."""
    monkeypatch.setattr(state, "KEPT_MESSAGES", 10)
    await maria.says("oi")
    for number in range(30):
        await graph.says(str(number))
    assert [message.text for message in maria.messages] == [str(number) for number in range(20, 30)]
    assert int((await maria.receives()).text) >= 19


async def test_a_file_that_is_not_here_cannot_be_forwarded(simulator: Simulator, maria: User) -> None:
    """One that came past the network lies elsewhere; an unusual message names none."""
    for number, content in enumerate(({"audio": {"id": "1", "mime_type": "audio/ogg"}}, {})):
        wire = {"from": maria.phone, "id": f"wamid.{number}", "type": "audio", **content}
        simulator.overhear({"messages": [wire]})
        with pytest.raises(Unexpected, match="file of this message is gone"):
            await maria.forwards(f"wamid.{number}")
