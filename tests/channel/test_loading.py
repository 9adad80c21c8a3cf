"""Rasa loads the channel from credentials.yml, or says what is wrong with it."""

from __future__ import annotations

import asyncio
import builtins
import gc
import sys
from typing import Any

import pytest
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.run import _create_single_channel
from rasa.shared.exceptions import RasaException
from serving import PERSON, Bot, Domain, WhatsApp, serving, text, webhook

import rasa_whatsapp
from rasa_whatsapp import WhatsAppInput, WhatsAppOutput
from rasa_whatsapp.delivery import sender

GOOD = {"phone_number_id": 1, "access_token": "t", "app_secret": "s", "verify_token": "v"}


def test_rasa_finds_the_channel_by_its_name() -> None:
    """The line of credentials.yml is all that is needed."""
    channel = _create_single_channel("rasa_whatsapp.WhatsAppInput", GOOD)
    assert isinstance(channel, WhatsAppInput)
    assert (channel.name(), channel.url_prefix()) == ("whatsapp", "whatsapp")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"access_token": None}, ("access_token", "WHATSAPP_ACCESS_TOKEN")),
        ({"acess_token": "x"}, ("acess_token", "access_token")),
        ({"app_secret": None}, ("app_secret", "allow_unsigned")),
        ({"store": "mysql://x"}, ("store", "sqlite:///whatsapp.db")),
        ({"ca_bundle": __file__}, ("ca_bundle", "PEM")),
    ],
)
def test_a_mistake_names_key_and_remedy(
    change: dict[str, Any], words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A RasaException, never Rasa's "Failed to find input channel class"."""
    monkeypatch.delenv("WHATSAPP_CONFIG", raising=False)
    with pytest.raises(RasaException) as caught:
        _create_single_channel("rasa_whatsapp.WhatsAppInput", {**GOOD, **change})
    for word in words:
        assert word in str(caught.value)


def test_a_part_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ImportError below the channel would be hidden by Rasa; it surfaces as what it is."""
    for loaded in [name for name in sys.modules if name.startswith("rasa_whatsapp.channel")]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.delattr(rasa_whatsapp, "channel", raising=False)
    monkeypatch.setattr(builtins, "__import__", _fails_for_channel(builtins.__import__))
    with pytest.raises(RasaException, match=r"No module named 'msgspec'.*doctor"):
        _create_single_channel("rasa_whatsapp.WhatsAppInput", GOOD)


def _fails_for_channel(real_import: Any) -> Any:
    def importing(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        if name == "rasa_whatsapp" and "channel" in (fromlist or ()):
            raise ImportError("No module named 'msgspec'")
        return real_import(name, globals, locals, fromlist, level)

    return importing


def test_nothing_is_opened_before_the_server_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Sanic makes its worker processes afterwards."""
    monkeypatch.chdir(tmp_path)
    channel = WhatsAppInput.from_credentials(dict(GOOD))
    channel.blueprint(lambda message: asyncio.sleep(0))
    assert channel.get_output_channel() is None
    assert list(tmp_path.iterdir()) == []


async def test_every_way_of_sending_leads_to_whatsapp(
    whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Custom code may call the old hooks of Rasa's output channels; each becomes a message."""
    monkeypatch.setattr(sender, "MEDIA_WAIT", 0.05)  # this Graph reports no delivery
    button = {"title": "Sí", "payload": "/si"}

    async def all_hooks(heard: UserMessage) -> None:
        output: Any = heard.output_channel
        who = heard.sender_id
        await output.send_text_message(who, "text")
        await output.send_image_url(who, "https://example.org/a.png")
        await output.send_attachment(who, "https://example.org/a.pdf")
        await output.send_text_with_buttons(who, "buttons", [button])
        await output.send_buttons(who, [button])
        await output.send_quick_replies(who, "quick", [button])
        await output.send_elements(who, [{"title": "card", "subtitle": "below"}])
        await output.send_custom_json(who, {"type": "text", "text": {"body": "raw"}})

    async with serving(Bot(all_hooks), whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        posts = await whatsapp.until(posts=8)
    kinds = [post["type"] for post in posts]
    assert kinds == ["text", "image", "document", "interactive", "interactive", "interactive", "text", "text"]
    assert posts[4]["interactive"]["body"]["text"] == "👇"


async def test_the_rest_of_a_response_leaves_when_a_part_cannot(whatsapp: WhatsApp) -> None:
    """A custom body that WhatsApp would refuse is reported, the text is sent."""
    results = []

    async def half(heard: UserMessage) -> None:
        output = heard.output_channel
        results.append(
            await output.send_response(heard.sender_id, {"text": "a", "custom": {"type": "nonsense"}})
        )
        results.append(await output.send_response(heard.sender_id, {"custom": {"type": "nonsense"}}))

    async with serving(Bot(half), whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        [post] = await whatsapp.until(posts=1)
    assert post["text"]["body"] == "a"
    assert results[0] is None
    if hasattr(OutputChannel, "supports_streaming"):  # Rasa Pro
        assert results[1].failed
    else:
        assert results[1] is None


async def test_rasa_pro_neither_streams_here_nor_serialises_the_tracker(whatsapp: WhatsApp) -> None:
    """Its defaults for a text channel hold; on Rasa Open Source the attributes do no harm."""
    async with serving(Bot(), whatsapp) as server:
        output = server.channel.get_output_channel()
        assert isinstance(output, WhatsAppOutput)
        assert output.wants_tracker_state is False
        assert getattr(output, "supports_streaming", False) is False
        assert await output.send_response(PERSON, {"text": None, "buttons": None}) is None


async def test_the_garbage_collector_is_spared_the_loaded_model(whatsapp: WhatsApp) -> None:
    """What lives as long as the process is not looked at again and again; a model that is replaced can go."""
    gc.unfreeze()
    bot = Bot()
    async with serving(bot, whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        await bot.until(1)
        assert gc.get_freeze_count() > 0
        bot.domain = Domain(["another"], [])
        await server.deliver(webhook(text("oi", "wamid.2")))
        await bot.until(2)
        assert gc.get_freeze_count() == 0
