"""What is no message of a person: the bot's own function hears of it, a colleague's words silence the bot."""

from __future__ import annotations

import asyncio
import sys
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.exceptions import RasaException
from rasa_sdk.executor import CollectingDispatcher
from serving import NUMBER, PERSON, Bot, WhatsApp, serving, text, webhook
from structlog.testing import capture_logs
from test_delivery_failures import failed

from rasa_whatsapp import WhatsAppInput, actions, events
from rasa_whatsapp import messages as m

pytestmark = pytest.mark.cloud_only("Serpro has messages and statuses alone")

Named = Callable[[Callable[..., Any]], str]


@pytest.fixture
def named() -> Iterator[Named]:
    """Puts a function into a module of the bot's, and says how credentials.yml names it."""
    module = types.ModuleType("club_hooks")

    def name(function: Callable[..., Any]) -> str:
        module.heard = function  # type: ignore[attr-defined]
        sys.modules["club_hooks"] = module
        return "club_hooks:heard"

    yield name
    sys.modules.pop("club_hooks", None)


class Ear:
    """An ``on_event`` function that notes what it hears, and fails as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.heard: asyncio.Queue[events.Event] = asyncio.Queue()
        self.failures = failures

    async def __call__(self, event: events.Event) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the house's own system is away")
        self.heard.put_nowait(event)

    async def next(self) -> events.Event:
        return await asyncio.wait_for(self.heard.get(), 10)


def change(field: str, **value: Any) -> dict[str, Any]:
    """A webhook of another field."""
    metadata = {"display_phone_number": "15550100000", "phone_number_id": NUMBER}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}],
    }


def echo(id: str, hours_ago: float = 0) -> dict[str, Any]:
    """A colleague's message in the Business app."""
    sent = {
        "from": "15550100000",
        "to": PERSON,
        "id": id,
        "timestamp": str(int(time.time() - hours_ago * 3600)),
        "type": "text",
        "text": {"body": "Hola, soy Ana"},
    }
    return change("smb_message_echoes", message_echoes=[sent])


def wish(value: str) -> dict[str, Any]:
    """What a person chose in the chat's menu."""
    chosen = {"wa_id": PERSON, "user_id": "BR.409", "category": "marketing_messages", "value": value}
    return change("user_preferences", user_preferences=[{**chosen, "timestamp": 1731617831}])


def status(value: str) -> dict[str, Any]:
    sent = {"id": "wamid.s", "status": value, "timestamp": "1731617831", "recipient_id": PERSON}
    return change("messages", statuses=[sent])


async def test_the_function_hears_of_other_webhook_fields(whatsapp: WhatsApp, named: Named) -> None:
    """A template was approved: the event is whole, and a repeat is heard once."""
    ear = Ear()
    async with serving(Bot(), whatsapp, on_event=named(ear)) as server:
        approved = change("message_template_status_update", event="APPROVED", message_template_name="x")
        assert await server.deliver(approved) == 200
        assert await server.deliver(approved) == 200
        await server.deliver(status("read"))
        await server.deliver(change("account_update", event="DISABLED_UPDATE"))
        first, second = await ear.next(), await ear.next()
    assert isinstance(first, events.Notification)
    assert (first.field, first.value["event"]) == ("message_template_status_update", "APPROVED")
    assert isinstance(second, events.Notification)
    assert second.field == "account_update"


async def test_it_hears_of_what_it_asked_for(whatsapp: WhatsApp, named: Named) -> None:
    """Statuses, for example, and nothing else; a function that is not async will do."""
    ear = Ear()
    loop = asyncio.get_running_loop()

    def heard(event: events.Event) -> None:
        asyncio.run_coroutine_threadsafe(ear(event), loop).result()

    async with serving(Bot(), whatsapp, on_event={"handler": named(heard), "kinds": ["status"]}) as server:
        await server.deliver(change("account_update", event="DISABLED_UPDATE"))
        await server.deliver(status("delivered"))
        await server.deliver(status("failed"))
        found = [await ear.next(), await ear.next()]
    assert {event.status for event in found if isinstance(event, events.Status)} == {"delivered", "failed"}


async def test_a_function_that_fails_hears_again(
    whatsapp: WhatsApp, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept for it is not lost with one failure."""
    monkeypatch.setattr("rasa_whatsapp.delivery.dispatcher.random.uniform", lambda *_: 0.01)
    ear = Ear(failures=2)
    async with serving(Bot(), whatsapp, on_event=named(ear)) as server:
        await server.deliver(change("account_update", event="DISABLED_UPDATE"))
        assert isinstance(await ear.next(), events.Notification)


async def test_a_function_that_fails_keeps_the_channel_from_nothing(whatsapp: WhatsApp, named: Named) -> None:
    """What the channel itself does about an event is done by the time the function is called."""
    bot, called = Bot(), asyncio.Queue[str]()
    bot.domain.intents.append("delivery_failed")

    async def fail(event: events.Event) -> None:
        called.put_nowait(type(event).__name__)
        raise ConnectionError("the house's own system is away")

    on_event = {"handler": named(fail), "kinds": ["echo", "user_preferences", "status"]}
    handover = {"pause": "30m"}
    async with serving(
        bot, whatsapp, handover=handover, delivery_failed_intent="delivery_failed", on_event=on_event
    ) as server:
        delivery = server.channel._running._delivery  # type: ignore[union-attr]
        await server.deliver(webhook(text("oi", "wamid.1")))
        [answer] = await whatsapp.until(posts=1)
        await server.deliver(failed(answer["biz_opaque_callback_data"], 131026))
        await bot.until(2)
        await server.deliver(echo("wamid.echo"))
        await server.deliver(wish("stop"))
        kinds = set()
        while len(kinds) < 3:
            kinds.add(await asyncio.wait_for(called.get(), 5))
        assert await delivery.pauses.silent(PERSON)
        assert await delivery.preferences.stopped([f"phone:{PERSON}"])
    assert kinds == {"Echo", "UserPreferences", "Status"}
    assert [heard.text for heard in bot.heard] == ["oi", "/delivery_failed"]


@pytest.mark.parametrize(
    ("on_event", "place"),
    [
        ({"handler": "a:b", "kinds": ["statuses"]}, "on_event.kinds: .*Did you mean status?"),
        ({"kinds": ["status"]}, "on_event: is not a handler"),
        ("no_such_module:heard", "on_event: .*no_such_module, which does not exist"),
        ({"handler": "a:b", "kinds": "status"}, "on_event.kinds: is not a list"),
    ],
)
def test_a_mistake_is_told_at_the_start(on_event: Any, place: str) -> None:
    """With the place and the kinds there are."""
    least = {"phone_number_id": 1, "access_token": "x", "app_secret": "x", "verify_token": "x"}
    with pytest.raises(RasaException, match=place):
        WhatsAppInput.from_credentials({**least, "on_event": on_event})


async def test_a_colleague_s_words_silence_the_bot(whatsapp: WhatsApp) -> None:
    """Only in that conversation, and in order with what the person writes."""
    bot = Bot()
    async with serving(bot, whatsapp, handover={"pause": "30m"}) as server:
        await server.deliver(webhook(text("uno", "wamid.1")))
        await bot.until(1)
        await server.deliver(echo("wamid.echo"))
        await server.deliver(webhook(text("dos", "wamid.2")))
        await server.deliver(webhook(text("otro", "wamid.3", sender="5561999990002")))
        await bot.until(2)
        pauses = server.channel._running._delivery.pauses  # type: ignore[union-attr]
        await pauses.set(PERSON, 0)
        await server.deliver(webhook(text("tres", "wamid.4")))
        await bot.until(3)
    assert [heard.text for heard in bot.heard] == ["uno", "otro", "tres"]


async def test_a_colleague_s_words_of_long_ago_silence_nobody(whatsapp: WhatsApp) -> None:
    """They waited for a server that was away; and they shorten no pause that somebody ordered."""
    bot = Bot()
    async with serving(bot, whatsapp, handover={"pause": "30m"}) as server:
        await server.deliver(echo("wamid.echo", hours_ago=1))
        await server.deliver(webhook(text("uno", "wamid.1")))
        await bot.until(1)
        pauses = server.channel._running._delivery.pauses  # type: ignore[union-attr]
        await pauses.set(PERSON, 8 * 3600)
        await server.deliver(echo("wamid.echo2"))
        await server.deliver(webhook(text("dos", "wamid.2")))
        await server.deliver(webhook(text("otro", "wamid.3", sender="5561999990002")))
        await bot.until(2)
        assert (await pauses._noted(PERSON))[0] > time.time() + 7 * 3600
    assert [heard.text for heard in bot.heard] == ["uno", "otro"]


async def test_a_turn_that_silences_the_bot_is_run_again_where_it_fails(
    whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own order is not for itself: what it has to say is said, and then the bot is silent."""
    monkeypatch.setattr("rasa_whatsapp.delivery.dispatcher.random.uniform", lambda *_: 0.01)
    tries: list[str | None] = []

    async def turn(message: UserMessage) -> None:
        tries.append(message.text)
        send = message.output_channel.send_response
        await send(message.sender_id, {"custom": {"whatsapp": {"pause": 1800}}})
        if len(tries) == 1:
            raise ConnectionError("the tracker store is away")
        await send(message.sender_id, {"text": "Ya te atienden."})

    bot = Bot(turn)
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("una persona", "wamid.1")))
        [post] = await whatsapp.until(posts=1)
        await bot.until(1)
        await server.deliver(webhook(text("hola?", "wamid.2")))
        await server.deliver(webhook(text("otro", "wamid.3", sender="5561999990002")))
        await bot.until(2)
    assert post["text"]["body"] == "Ya te atienden."
    assert tries == ["una persona", "una persona", "otro"]


async def test_without_the_setting_an_echo_changes_nothing(whatsapp: WhatsApp) -> None:
    """The bot and a colleague may answer side by side."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        await server.deliver(echo("wamid.echo"))
        await server.deliver(webhook(text("dos", "wamid.2")))
        await bot.until(1)


async def test_an_action_silences_the_bot_and_gives_it_back(whatsapp: WhatsApp) -> None:
    """Neither order is shown to anybody."""

    async def turn(message: UserMessage) -> None:
        dispatcher = CollectingDispatcher()
        if message.text == "una persona":
            actions.reply(dispatcher, m.Text("Ya te atienden."))
            actions.pause(dispatcher, 1800)
        for response in dispatcher.messages:
            await message.output_channel.send_response(message.sender_id, response)

    bot = Bot(turn)
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("una persona", "wamid.1")))
        await bot.until(1)
        await server.deliver(webhook(text("hola?", "wamid.2")))
        await server.deliver(webhook(text("otro", "wamid.3", sender="5561999990002")))
        await bot.until(2)
        dispatcher = CollectingDispatcher()
        actions.resume(dispatcher)
        output = server.channel.get_output_channel()
        assert output is not None
        await output.send_response(PERSON, dispatcher.messages[0])
        await server.deliver(webhook(text("gracias", "wamid.4")))
        await bot.until(3)
        await whatsapp.until(posts=1)
    assert [heard.text for heard in bot.heard] == ["una persona", "otro", "gracias"]
    assert [post["text"]["body"] for post in whatsapp.posts] == ["Ya te atienden."]


@pytest.mark.parametrize(
    ("order", "silent"), [({"pause": 1800}, True), ({"resume": True}, False)], ids=["pause", "resume"]
)
async def test_what_is_said_with_an_order_is_shown(
    whatsapp: WhatsApp, order: dict[str, Any], silent: bool
) -> None:
    """A domain file may say both in one response."""
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("una persona", "wamid.1")))
        await whatsapp.until(posts=1)
        output = server.channel.get_output_channel()
        assert output is not None
        await output.send_response(PERSON, {"text": "Ya te atienden.", "custom": {"whatsapp": order}})
        posts = await whatsapp.until(posts=2)
        pauses = server.channel._running._delivery.pauses  # type: ignore[union-attr]
        assert await pauses.silent(PERSON) is silent
    assert posts[-1]["text"]["body"] == "Ya te atienden."


def test_a_pause_has_a_length() -> None:
    """Nothing is silenced for no time."""
    with pytest.raises(ValueError, match="above 0"):
        actions.pause(CollectingDispatcher(), 0)


async def test_who_wants_no_marketing_is_remembered(whatsapp: WhatsApp) -> None:
    """A template is still sent, as it may be no marketing; the log warns until they change their mind."""

    async def turn(message: UserMessage) -> None:
        template = {"type": "template", "template": {"name": "news", "language": {"code": "es"}}}
        await message.output_channel.send_response(message.sender_id, {"custom": template})

    bot = Bot(turn)
    warnings = []
    async with serving(bot, whatsapp) as server:
        for count, value in enumerate(("", "stop", "resume")):
            with capture_logs() as logs:
                if value:
                    await server.deliver(wish(value))
                    await noted(server, value)
                await server.deliver(webhook(text("novedades?", f"wamid.{count}")))
                await whatsapp.until(posts=count + 1)
            warnings.append([log["template"] for log in logs if log["event"] == "whatsapp.template.unwanted"])
    assert warnings == [[], ["news"], []]


async def noted(server: Any, value: str) -> None:
    """Waits until a wish has been noted."""
    preferences = server.channel._running._delivery.preferences

    async def agrees() -> None:
        while await preferences.stopped([f"phone:{PERSON}"]) != (value == "stop"):
            await asyncio.sleep(0.01)

    await asyncio.wait_for(agrees(), 10)
