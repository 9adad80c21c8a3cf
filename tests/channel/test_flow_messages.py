"""The bot sends a Flow, and Rasa hears what the person filled in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from serving import Bot, Domain, WhatsApp, message, serving, text, webhook

from rasa_whatsapp.flows import FlowToken, FlowTokens
from rasa_whatsapp.messages import (
    Flow,
    FlowButton,
    Image,
    QuickReplyButton,
    Template,
    TemplateCard,
    Text,
    from_json,
)

pytestmark = pytest.mark.cloud_only("Serpro has no Flows")

SIGN_UP = Flow("Quer ser sócio?", "Inscrever", flow_name="sign_up").to_json()
COURT = Flow("Quer jogar?", "Reservar", flow_id="123").to_json()


async def sends(heard: UserMessage, *bodies: dict[str, Any]) -> None:
    for body in bodies:
        await heard.output_channel.send_response(heard.sender_id, {"custom": body})


def token_of(post: dict[str, Any]) -> str:
    token: str = post["interactive"]["action"]["parameters"]["flow_token"]
    return token


def completed(token: str, **answers: Any) -> dict[str, Any]:
    """What WhatsApp sends when the person has finished the Flow."""
    content = json.dumps({**answers, **({"flow_token": token} if token else {})})
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": content}}
    return message("interactive", reply, f"wamid.reply-{token[:8]}")


@pytest.mark.parametrize("merge_texts", [False, True])
async def test_each_flow_gets_a_token_of_its_own(whatsapp: WhatsApp, merge_texts: bool) -> None:
    """It stands for the conversation and the Flow; one that the bot made itself stays."""
    own = Flow("Outro", "Abrir", flow_id="123", flow_token="mine").to_json()
    bot = Bot(lambda heard: sends(heard, SIGN_UP, SIGN_UP, COURT, own))
    async with serving(bot, whatsapp, merge_texts=merge_texts) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        posts = await whatsapp.until(4)
        assert server.channel._running is not None
        known = FlowTokens(server.channel._running._delivery.store)
        tokens = [token_of(post) for post in posts]
        assert tokens[3] == "mine"
        assert len(set(tokens)) == 4
        found = [await known.verify(token) for token in tokens[:3]]
    assert [(each.conversation, each.flow) for each in found if each] == [
        ("5561999990001", "sign_up"),
        ("5561999990001", "sign_up"),
        ("5561999990001", "123"),
    ]


async def test_a_template_s_flows_get_tokens(whatsapp: WhatsApp) -> None:
    """On its own buttons and on those of its cards; one that the bot made itself stays."""
    picture = Image(link="https://example.org/a.png")
    cards = [
        TemplateCard(picture, buttons=[FlowButton()]),
        TemplateCard(picture, buttons=[FlowButton("my-card")]),
    ]
    buttons = [FlowButton(data={"day": 1}), QuickReplyButton("no"), FlowButton("mine")]
    template = Template("join", "pt_BR", buttons=buttons, cards=cards)
    async with serving(Bot(lambda heard: sends(heard, template.to_json())), whatsapp) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        sent = from_json((await whatsapp.until(1))[0])
        assert isinstance(sent, Template)
        assert server.channel._running is not None
        known = FlowTokens(server.channel._running._delivery.store)
        of_cards = [button for card in sent.cards for button in card.buttons]
        tokens = [each.flow_token for each in (*sent.buttons, *of_cards) if isinstance(each, FlowButton)]
        found = [await known.verify(token) for token in tokens]
    ours = FlowToken(conversation="5561999990001", template="join")
    assert found == [ours, None, ours, None]
    assert (tokens[1], tokens[3]) == ("mine", "my-card")
    assert tokens[0] != tokens[2]
    assert isinstance(sent.buttons[0], FlowButton)
    assert sent.buttons[0].data == {"day": 1}


@pytest.mark.parametrize("merge_texts", [False, True])
async def test_a_turn_that_runs_again_sends_the_flow_once(whatsapp: WhatsApp, merge_texts: bool) -> None:
    """The second attempt's message is the first one's, whose token alone is another."""
    attempts = 0

    async def turn(heard: UserMessage) -> None:
        nonlocal attempts
        attempts += 1
        await sends(heard, SIGN_UP)
        if attempts == 1:
            raise RuntimeError("the tracker store is away")
        await sends(heard, Text("Até já").to_json())

    async with serving(Bot(turn), whatsapp, merge_texts=merge_texts) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        posts = await whatsapp.until(2)
    assert attempts == 2
    assert [post["type"] for post in posts] == ["interactive", "text"]


@pytest.mark.parametrize(
    ("flow", "intents", "heard"),
    [
        (SIGN_UP, {"sign_up": "inform"}, '/inform{"email": "ana@clube.example"}'),
        (COURT, {"123": "book"}, '/book{"email": "ana@clube.example"}'),
        (COURT, {"sign_up": "inform"}, '/whatsapp_flow_reply{"email": "ana@clube.example"}'),
    ],
)
async def test_the_reply_is_called_as_the_settings_say(
    whatsapp: WhatsApp, flow: dict[str, Any], intents: dict[str, str], heard: str
) -> None:
    """By the name or the id that the Flow was sent with, which its token tells."""

    async def turn(message: UserMessage) -> None:
        if message.text == "oi":
            await sends(message, flow)

    bot = Bot(turn)
    bot.domain = Domain(["inform", "book", "whatsapp_flow_reply"], ["email"])
    async with serving(bot, whatsapp, flows={"intents": intents}) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        token = token_of((await whatsapp.until(1))[0])
        await server.deliver(webhook(completed(token, email="ana@clube.example")))
        assert (await bot.until(2))[1].text == heard


async def test_a_form_completed_late_has_its_name_still(whatsapp: WhatsApp) -> None:
    """Its token ends what the endpoint answers, not what the person sends."""
    bot = Bot(lambda heard: sends(heard))
    bot.domain = Domain(["inform"], ["email"])
    async with serving(bot, whatsapp, flows={"intents": {"sign_up": "inform"}}) as server:
        store = server.channel._running._delivery.store  # type: ignore[union-attr]
        token = await FlowTokens(store, lifetime=-1).issue("5561999990001", "sign_up")
        assert await FlowTokens(store).verify(token) is None
        await server.deliver(webhook(completed(token, email="ana@clube.example")))
        assert (await bot.until(1))[0].text == '/inform{"email": "ana@clube.example"}'


async def test_the_reply_to_a_template_s_flow_is_called_by_the_template(whatsapp: WhatsApp) -> None:
    """Which Flow its button opens is known to Meta alone."""

    async def turn(message: UserMessage) -> None:
        if message.text == "oi":
            await sends(message, Template("join", "pt_BR", buttons=[FlowButton()]).to_json())

    bot = Bot(turn)
    bot.domain = Domain(["inform", "whatsapp_flow_reply"], ["email"])
    async with serving(bot, whatsapp, flows={"intents": {"join": "inform"}}) as server:
        await server.deliver(webhook(text("oi", "wamid.1")))
        sent = from_json((await whatsapp.until(1))[0])
        assert isinstance(sent, Template)
        [button] = sent.buttons
        assert isinstance(button, FlowButton)
        await server.deliver(webhook(completed(button.flow_token, email="ana@clube.example")))
        assert (await bot.until(2))[1].text == '/inform{"email": "ana@clube.example"}'


async def test_a_reply_without_a_token(whatsapp: WhatsApp) -> None:
    """Some phones leave it out: the reply has its usual name."""
    bot = Bot(lambda heard: sends(heard))
    bot.domain = Domain(["inform", "whatsapp_flow_reply"], ["email"])
    async with serving(bot, whatsapp, flows={"intents": {"sign_up": "inform"}}) as server:
        await server.deliver(webhook(completed("", email="ana@clube.example")))
        assert (await bot.until(1))[0].text == '/whatsapp_flow_reply{"email": "ana@clube.example"}'


async def test_nobody_can_type_that_a_flow_was_completed(whatsapp: WhatsApp) -> None:
    """A typed text with the intent of a Flow's reply is only words."""
    bot = Bot(lambda heard: sends(heard))
    async with serving(bot, whatsapp, flows={"intents": {"sign_up": "inform"}}) as server:
        await server.deliver(webhook(text('/inform{"email": "forged"}', "wamid.1")))
        assert (await bot.until(1))[0].text == 'inform{"email": "forged"}'
