"""Webhooks reach the bot: in order, again when it did not answer 200, and after it was away."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rasa_whatsapp.simulator import PHONE_NUMBER_ID, VERIFY_TOKEN, WABA_ID, Simulator, User


async def test_webhooks_come_in_the_order_of_events(simulator: Simulator, bot, maria: User) -> None:
    """Many messages of several people arrive as they were sent."""
    ana = simulator.user("+54 9 11 5555 0100", name="Ana")
    for n in range(20):
        await (maria if n % 2 else ana).says(str(n))
    await simulator.settle()
    assert [message["text"]["body"] for message in bot.messages] == [str(n) for n in range(20)]


async def test_an_answer_other_than_200_brings_the_same_bytes_again(simulator, bot, maria: User) -> None:
    """A redelivery is byte for byte the same, signature included; the next event does not wait for it."""
    bot.answers = [503, 202]
    await maria.says("um")
    await simulator.settle()
    assert len(bot.bodies) == 3
    assert len(set(bot.bodies)) == 1
    assert len({headers["X-Hub-Signature-256"] for headers in bot.headers}) == 1
    assert [attempt.status for attempt in simulator.deliveries[0].attempts] == [503, 202, 200]
    assert maria.messages[0].status == "delivered"


async def test_repeats_keep_to_the_schedule(bot) -> None:
    """Each repeat waits for its time on the simulator's clock; after seven days there are no more."""
    bot.answers = [500] * 1000
    async with Simulator(port=0, webhook_url=bot.url, retry_after=(60, 3600)) as simulator:
        await simulator.user("+1 555 0100").says("hi")
        await bot.has(1)
        await _advance(simulator, seconds=59)
        assert len(bot.bodies) == 1
        await _advance(simulator, seconds=1.5)
        await bot.has(2)
        await _advance(simulator, hours=1.001)
        await bot.has(3)
        await _advance(simulator, hours=24 * 7)
        await simulator.settle(5)
        assert len(bot.bodies) == 4


async def _advance(simulator: Simulator, **time: float) -> None:
    """Move the clock, once everyone who waits for it has begun to."""
    for _ in range(20):
        await asyncio.sleep(0)
    simulator.clock.advance(**time)
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_slow_answer_is_no_answer(bot) -> None:
    """A bot that takes too long gets the event twice."""
    answered = asyncio.Event()
    bodies: list[bytes] = []

    async def slow(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        if len(bodies) == 1:
            await answered.wait()
        answered.set()
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhook", slow)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    async with Simulator(port=0, webhook_url=url, retry_after=(0,), ack_timeout=0.05) as simulator:
        await simulator.user("+1 555 0100").says("hi")
        await simulator.settle()
        assert [attempt.status for attempt in simulator.deliveries[0].attempts] == [None, 200]
        assert "no answer within 0.05 s" in simulator.deliveries[0].attempts[0].error
    assert bodies[0] == bodies[1]
    await runner.cleanup()


async def test_what_happens_while_the_bot_is_away_waits_in_order(bot) -> None:
    """Without a listener nothing is lost and nothing overtakes."""
    async with Simulator(port=0, webhook_url="") as simulator:
        maria = simulator.user("+55 61 99999-0001")
        for n in range(3):
            await maria.says(str(n))
        while not simulator.deliveries[0].attempts:
            await asyncio.sleep(0)
        simulator.webhook_url = bot.url
        await _advance(simulator, seconds=1)
        await simulator.connected(5)
        await simulator.settle()
    assert [message["text"]["body"] for message in bot.messages] == ["0", "1", "2"]


async def test_the_handshake_tells_whether_the_bot_agrees(simulator: Simulator, bot) -> None:
    """The right token is accepted; a wrong one is named as the reason."""
    await simulator.connected(5)
    async with Simulator(port=0, webhook_url=bot.url, verify_token=VERIFY_TOKEN + "!") as stranger:
        with pytest.raises(TimeoutError, match="403"):
            await stranger.connected(0.2)


async def test_any_body_can_be_delivered_many_times_at_once(simulator: Simulator, bot, graph) -> None:
    """A test may post any value, body or bytes, and learns status and time; its sender may be answered."""
    value = {"messages": [{"from": "5561988880002", "id": "wamid.A", "type": "text", "text": {"body": "é"}}]}
    delivery = await simulator.deliver(value, times=3)
    assert delivery.status == 200
    assert 0 < delivery.seconds < 5
    assert len(bot.bodies) == 3
    assert json.loads(bot.bodies[0])["entry"][0]["changes"][0]["value"] == value
    await graph.says("olá", to="+5561988880002")
    await simulator.settle()
    bot.answers = [403]
    delivery = await simulator.deliver(b"\xff not JSON", signed=False)
    assert (delivery.status, bot.bodies[-1]) == (403, b"\xff not JSON")
    assert "X-Hub-Signature-256" not in bot.headers[-1]


async def test_a_reaction_that_is_delivered_stands_on_its_message(simulator: Simulator, graph) -> None:
    """As a person's of the simulator: it is no message of the chat, and an empty one takes it away."""
    maria = simulator.user("+5561988880002")
    await maria.says("oi")
    sent = await graph.says("olá", to="+5561988880002")
    for number, emoji in enumerate(("👍", "")):
        reaction = {"message_id": sent, "emoji": emoji}
        wire = {"from": maria.phone, "id": f"wamid.R{number}", "type": "reaction", "reaction": reaction}
        await simulator.deliver({"messages": [wire]})
        assert simulator.state.messages[sent].reactions["user"] == (emoji or None)
    assert [message.type for message in maria.messages] == ["text", "text"]


@pytest.mark.parametrize("odd", [{"type": "reaction"}, {"type": "reaction", "reaction": {"message_id": []}}])
async def test_a_reaction_of_any_form_is_delivered(simulator: Simulator, odd) -> None:
    """To a message that nobody knows, or to none."""
    wire = {"from": "5561988880002", "id": "wamid.R", **odd}
    assert (await simulator.deliver({"messages": [wire]})).status == 200
    assert "wamid.R" not in simulator.state.messages


@pytest.mark.parametrize("odd", [{"messages": 1}, {"messages": [None, {"from": 7}, {"from": "1", "id": []}]}])
async def test_odd_values_are_delivered_as_they_are(simulator: Simulator, bot, odd) -> None:
    """Nothing that a test wants to post breaks the simulator."""
    assert (await simulator.deliver(odd)).status == 200
    assert bot.values[0] == odd


async def test_all_at_once_when_order_is_not_wanted(bot) -> None:
    """Without order nobody waits for anybody."""
    arrived, gate = [], asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        arrived.append(await request.read())
        if len(arrived) == 3:
            gate.set()
        await gate.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    async with Simulator(port=0, webhook_url=url, in_order=False) as simulator:
        for n in range(3):
            await simulator.user("+1 555 0100").says(str(n))
        await simulator.settle(5)
    assert len(arrived) == 3
    await runner.cleanup()


async def test_stopping_leaves_nothing_behind(bot) -> None:
    """After the end no task is left and the port is closed."""
    before = asyncio.all_tasks()
    async with Simulator(port=0, webhook_url="http://127.0.0.1:9/") as simulator:
        await simulator.user("+1 555 0100").says("hi")
    await asyncio.sleep(0)
    assert asyncio.all_tasks() <= before
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(simulator.url)


async def test_an_override_on_this_machine_gets_the_webhooks(bot, graph, maria: User) -> None:
    """The number's before the account's; one elsewhere is only remembered."""
    paths = []

    async def take(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response()

    app = web.Application()
    app.router.add_post("/{rest:.*}", take)
    account, number = f"/v26.0/{WABA_ID}/subscribed_apps", f"/v26.0/{PHONE_NUMBER_ID}"
    async with TestServer(app) as other:

        async def override(path: str, url: str) -> None:
            given = {"override_callback_uri": url, "verify_token": VERIFY_TOKEN}
            body = {"webhook_configuration": given} if path == number else given
            assert (await graph.call("POST", path, json=body))[0] == 200
            await maria.says("oi")
            await graph.simulator.settle()

        await override(account, str(other.make_url("/account")))
        await override(number, str(other.make_url("/number")))
        await override(number, "https://bot.example/webhook")
        await override(account, "")
    assert paths == ["/account", "/number", "/account"]
    assert len(bot.messages) == 1


async def test_an_app_that_has_unsubscribed_is_told_nothing(bot, graph, maria: User) -> None:
    """Until it subscribes again; what was said meanwhile does not come."""
    path = f"/v26.0/{WABA_ID}/subscribed_apps"
    assert (await graph.call("DELETE", path))[0] == 200
    await maria.says("um")
    assert (await graph.call("POST", path))[0] == 200
    await maria.says("dois")
    await graph.simulator.settle()
    assert [message["text"]["body"] for message in bot.messages] == ["dois"]
