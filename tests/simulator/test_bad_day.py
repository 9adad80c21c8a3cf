"""WhatsApp has bad days on order, and the same seed gives the same day."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from rasa_whatsapp.simulator import PHONE_NUMBER_ID, BadDay, Simulator, User

TEXT: dict[str, Any] = {"type": "text", "text": {"body": "olá"}}
TEXTS = [str(number) for number in range(20)]


def texts(bot: Any) -> list[str]:
    return [message["text"]["body"] for message in bot.messages]


async def say_all(maria: User) -> None:
    for text in TEXTS:
        await maria.says(text)


async def test_duplicates(simulator: Simulator, bot, maria: User) -> None:
    """Each webhook comes twice at the same moment, byte for byte alike."""
    simulator.bad_day(duplicates=1.0)
    await maria.says("oi")
    await bot.has(2)
    await simulator.settle()
    assert len(bot.bodies) == 2
    assert len(set(bot.bodies)) == 1


async def test_shuffled(simulator: Simulator, bot, maria: User) -> None:
    """Nothing is lost, and the order is another."""
    simulator.bad_day(shuffled=1.0, seed=3)
    await say_all(maria)
    await bot.has(len(TEXTS))
    assert texts(bot) != TEXTS
    assert sorted(texts(bot)) == sorted(TEXTS)


async def test_batched(simulator: Simulator, bot, maria: User) -> None:
    """Several webhooks come in one body, in order."""
    simulator.bad_day(batched=0.5)
    await say_all(maria)
    await simulator.settle()
    entries = [entry for body in bot.bodies for entry in json.loads(body)["entry"]]
    said = [entry["changes"][0]["value"]["messages"][0]["text"]["body"] for entry in entries]
    assert said == TEXTS
    assert len(bot.bodies) < len(TEXTS)


async def test_the_last_of_a_batch_waits_for_nobody(simulator: Simulator, bot, maria: User) -> None:
    """A webhook that was to wait for another is posted alone when none comes."""
    simulator.bad_day(batched=1.0)
    await maria.says("sozinha")
    await bot.has(1)
    assert texts(bot) == ["sozinha"]


async def test_hidden_numbers(simulator: Simulator, bot, graph, maria: User) -> None:
    """A message tells the user id alone, which may be answered."""
    simulator.bad_day(hidden_numbers=1.0)
    await maria.says("oi")
    await bot.has(1)
    [message] = bot.messages
    assert "from" not in message
    assert message["from_user_id"] == maria.user_id
    answer = {"messaging_product": "whatsapp", "recipient": maria.user_id, **TEXT}
    assert (await graph.call("POST", f"/v26.0/{PHONE_NUMBER_ID}/messages", json=answer))[0] == 200
    await maria.receives("olá")


async def test_the_ninth_digit(simulator: Simulator, bot, graph, maria: User) -> None:
    """The short number is told, always, and what is sent to either reaches the person."""
    simulator.bad_day(ninth_digit=1.0)
    await maria.says("oi")
    await maria.says("tudo bem?")
    await bot.has(2)
    assert {message["from"] for message in bot.messages} == {"556199990001"}
    await graph.says("pelo curto", to="+556199990001")
    _, told = await graph.send({"type": "text", "text": {"body": "pelo longo"}}, to="+5561999990001")
    assert told["contacts"] == [{"input": "+5561999990001", "wa_id": "556199990001"}]
    await maria.receives("pelo curto")
    await maria.receives("pelo longo")


async def test_new_user_ids(simulator: Simulator, bot, maria: User) -> None:
    """The person gets another id, which a system message announces before the next words."""
    before = maria.user_id
    simulator.bad_day(new_user_ids=1.0)
    await maria.says("telefone novo")
    await bot.has(2)
    notice, message = bot.messages
    assert notice["system"]["type"] == "user_changed_user_id"
    assert before in notice["system"]["body"]
    assert message["from_user_id"] == notice["system"]["user_id"] == maria.user_id != before


async def test_new_numbers(simulator: Simulator, bot, graph, maria: User) -> None:
    """Another number and another user id, each announced before the next words, and the answer arrives."""
    before = (maria.phone, maria.user_id)
    simulator.bad_day(new_numbers=1.0, seed=4)
    await maria.says("número novo")
    await bot.has(3)
    number, user_id, message = bot.messages
    assert number["system"]["type"] == "user_changed_number"
    assert (number["from"], number["from_user_id"]) == before
    assert number["system"]["wa_id"] == maria.phone != before[0]
    assert user_id["system"]["type"] == "user_changed_user_id"
    assert before[1] in user_id["system"]["body"]
    assert (user_id["from"], message["from"]) == (maria.phone, maria.phone)
    assert message["from_user_id"] == user_id["system"]["user_id"] == maria.user_id != before[1]
    await graph.says("olá", to=f"+{maria.phone}")
    await maria.receives("olá")
    assert [message.text for message in maria.messages] == ["número novo", "olá"]


async def test_a_person_changes_the_number(simulator: Simulator, bot, graph, maria: User) -> None:
    """The old number reaches nobody until it is another's, who is not taken for the person before."""
    old, old_id = f"+{maria.phone}", maria.user_id
    await maria.says("oi")
    await maria.changes_number("+54 9 11 5555-0002")
    assert maria.phone == "5491155550002"
    assert simulator.user("+5491155550002") is maria
    status, answer = await graph.send(TEXT, to=old)
    assert (status, answer["error"]["code"]) == (400, 131026)
    pedro = simulator.user(old, name="Pedro")
    assert pedro is not maria
    assert pedro.user_id != old_id
    await pedro.says("sou Pedro")
    await graph.says("olá, Pedro", to=old)
    await pedro.receives("olá, Pedro")
    assert [message.text for message in maria.messages] == ["oi"]


@pytest.mark.parametrize(("phone", "words"), [("", "has digits"), ("+5561999990009", "already")])
async def test_numbers_that_nobody_can_have(
    simulator: Simulator, maria: User, phone: str, words: str
) -> None:
    """No number, and another's."""
    simulator.user("+5561999990009")
    with pytest.raises(ValueError, match=words):
        await maria.changes_number(phone)
    with pytest.raises(ValueError, match="hides"):
        await simulator.user(user_id="BR.1").changes_number("+5561999990008")


async def test_a_fault_follows_its_person(simulator: Simulator, bot, graph, maria: User) -> None:
    """It was ordered for somebody, whatever they are called when it strikes."""
    await maria.says("oi")
    simulator.fail_next(131056, recipient=maria.phone)
    await maria.changes_number("+5561999990002")
    assert (await graph.send(TEXT))[1]["error"]["code"] == 131026
    assert (await graph.send(TEXT, to="+5561999990002"))[1]["error"]["code"] == 131056


async def test_statuses_come_early(simulator: Simulator, bot, graph, maria: User) -> None:
    """The bot hears what became of a message before it has the message's id."""
    await maria.says("oi")
    await bot.has(1)
    simulator.bad_day(early_statuses=1.0)
    sending = asyncio.create_task(graph.says("olá"))
    await bot.has(2)
    assert not sending.done()
    assert bot.statuses[0]["id"] == await sending


async def test_statuses_never_come(simulator: Simulator, bot, graph, maria: User) -> None:
    """The person has the message, and nobody says so."""
    await maria.says("oi")
    simulator.bad_day(no_statuses=1.0)
    await graph.says("olá")
    await maria.receives("olá")
    await simulator.settle()
    assert bot.statuses == []


async def test_accepted_and_failed(simulator: Simulator, bot, graph, maria: User) -> None:
    """A message gets its id, and fails afterwards."""
    await maria.says("oi")
    simulator.bad_day(failed=1.0)
    id = await graph.says("olá")
    await simulator.settle()
    [status] = bot.statuses
    assert (status["id"], status["status"], status["errors"][0]["code"]) == (id, "failed", 131026)


@pytest.mark.parametrize(
    ("trouble", "status", "code"), [("refused", 429, 130429), ("broken", 500, 131000), ("html", 502, None)]
)
async def test_calls_are_refused(simulator, bot, graph, maria: User, trouble: str, status: int, code) -> None:
    """Errors of Meta's, and the page of a proxy that knows nothing of JSON; nothing is sent."""
    await maria.says("oi")
    simulator.bad_day(**{trouble: 1.0})
    answered, body = await graph.send(TEXT)
    assert answered == status
    if code is None:
        assert body.startswith(b"<html>")
    else:
        assert body["error"]["code"] == code
    assert [message for message in maria.messages if message.from_bot] == []


async def test_a_call_is_cut(simulator: Simulator, bot, graph, maria: User) -> None:
    """The message is sent, and its sender cannot know."""
    await maria.says("oi")
    simulator.bad_day(cut=1.0)
    with pytest.raises(aiohttp.ClientError):
        await graph.says("olá")
    await maria.receives("olá")


async def test_a_call_is_slow(simulator: Simulator, bot, graph, maria: User) -> None:
    """The answer is late by two seconds of the simulator's clock."""
    await maria.says("oi")
    simulator.bad_day(slow=1.0)
    id = await graph.says("olá")
    assert id
    assert simulator.calls[-1].seconds >= 1.9


async def test_media_expires(simulator: Simulator, bot, graph, maria: User) -> None:
    """The address that Meta gave does not open."""
    await maria.sends_image(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    await bot.has(1)
    _, media = await graph.call("GET", f"/v26.0/{bot.messages[0]['image']['id']}")
    simulator.bad_day(expired_media=1.0)
    assert (await graph.call("GET", media["url"]))[0] == 404
    simulator.bad_day()
    assert (await graph.call("GET", media["url"]))[0] == 200


async def test_the_same_seed_gives_the_same_day(bot) -> None:
    """Who is struck by a day is the same at each start, and another seed strikes others."""

    async def a_day(seed: int) -> list[int]:
        async with Simulator(port=0, webhook_url=bot.url) as simulator, aiohttp.ClientSession() as session:
            await simulator.user("+5561999990001").says("oi")
            simulator.bad_day(seed=seed, broken=0.3, html=0.3)
            body = {"messaging_product": "whatsapp", "to": "+5561999990001", **TEXT}
            answers = []
            for _ in range(20):
                number = simulator.account.phone_number_id
                async with session.post(
                    f"{simulator.url}/v26.0/{number}/messages",
                    json=body,
                    headers={"Authorization": f"Bearer {simulator.account.access_token}"},
                ) as answer:
                    answers.append(answer.status)
            return answers

    first = await a_day(1)
    assert set(first) == {200, 500, 502}
    assert await a_day(1) == first
    assert await a_day(2) != first


async def test_a_whole_bad_day_loses_no_message(bot) -> None:
    """With Serpro, too, whatever is batched, shuffled and doubled arrives."""
    async with Simulator(port=0, webhook_url=bot.url, provider="serpro", status_delay=0) as simulator:
        simulator.bad_day(batched=0.4, shuffled=0.5, duplicates=0.3, seed=5)
        maria = simulator.user("+5561999990001")
        for text in TEXTS:
            await maria.says(text)
        await simulator.settle()
    bodies = [json.loads(body) for body in bot.bodies]
    values = [value for body in bodies for value in (body if isinstance(body, list) else [body])]
    assert {value["messages"][0]["text"]["body"] for value in values} == set(TEXTS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("duplicats=1", ("duplicats", "duplicates")),
        ("slow=often", ("slow=often", "0 to 1")),
        ("slow=2", ("slow", "0 to 1")),
    ],
)
def test_what_is_no_trouble(text: str, words: tuple[str, ...]) -> None:
    """The error names what was written and what there is."""
    with pytest.raises(ValueError, match=r"from 0 to 1|There are") as caught:
        BadDay.parse(text)
    for word in words:
        assert word in str(caught.value)


def test_troubles_in_one_line() -> None:
    """A name alone stands for always."""
    assert BadDay.parse("duplicates=0.3, slow") == BadDay(duplicates=0.3, slow=1.0)
    assert BadDay.parse("") == BadDay()
