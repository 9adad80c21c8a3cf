"""Template messages are compared with the account's templates, which Meta may pause or disable."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rasa_whatsapp import events
from rasa_whatsapp.cloud.payload import parse
from rasa_whatsapp.messages import Template
from rasa_whatsapp.serpro import SerproClient
from rasa_whatsapp.simulator import CLIENT_SECRET, PHONE_NUMBER_ID, WABA_ID, Simulator, User

TO = "+5561999990001"


def text(value: str, **more: str) -> dict[str, str]:
    return {"type": "text", "text": value, **more}


def body(*parameters: Any) -> dict[str, Any]:
    return {"type": "body", "parameters": list(parameters)}


def button(index: str, *parameters: Any) -> dict[str, Any]:
    return {"type": "button", "sub_type": "url", "index": index, "parameters": list(parameters)}


PICTURE = {"type": "image", "image": {"link": "https://clube.example/a.png"}}
PRICE = {"type": "currency", "currency": {"fallback_value": "R$ 10", "code": "BRL", "amount_1000": 10000}}
BODY = {"type": "BODY", "text": "Oi, {{1}}! São {{2}}."}
NAMED = {"type": "BODY", "text": "Oi, {{name}}! Até {{day}}."}
HEADER = {"type": "HEADER", "format": "IMAGE"}
URL = {"type": "URL", "text": "Abrir", "url": "https://clube.example/{{1}}"}
BUTTONS = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Sim"}, URL]}

# components of the template, components of the message, error code or 200
MESSAGES = {
    "both parameters": ([BODY], [body(text("Ana"), PRICE)], 200),
    "one parameter missing": ([BODY], [body(text("Ana"))], 132000),
    "no parameters at all": ([BODY], [], 132000),
    "one parameter more": ([BODY], [body(text("Ana"), text("2"), text("3"))], 132000),
    "one place, twice": ([{"type": "BODY", "text": "{{1}} e {{1}}"}], [body(text("Ana"))], 200),
    "an empty text": ([BODY], [body(text("Ana"), text(""))], 131008),
    "five spaces": ([BODY], [body(text("Ana"), text("a     b"))], 132018),
    "the longest text": ([{"type": "BODY", "text": "{{1}}!"}], [body(text("a" * 1023))], 200),
    "a text too long": ([{"type": "BODY", "text": "{{1}}!"}], [body(text("👍" * 512))], 132005),
    "a picture": ([HEADER], [{"type": "header", "parameters": [PICTURE]}], 200),
    "no picture": ([HEADER], [], 132012),
    "words for a picture": ([HEADER], [{"type": "header", "parameters": [text("Ana")]}], 132012),
    "a button's suffix": ([BUTTONS], [button("1", text("42"))], 200),
    "no suffix": ([BUTTONS], [], 131008),
    "the suffix of another button": ([BUTTONS], [button("0", text("42"))], 131008),
    "a payload for a suffix": ([BUTTONS], [button("1", {"type": "payload", "payload": "42"})], 132012),
}


def events_of(bot) -> list[events.Event]:
    """What the bot's webhooks tell, as the channel reads them."""
    return [event for body in bot.bodies for event in parse(json.loads(body))]


async def template(graph) -> dict[str, Any]:
    """The template as the account has it."""
    _, answer = await graph.call("GET", f"/v26.0/{WABA_ID}/message_templates", params={"name": "t"})
    [found] = answer["data"]
    return found


async def create(graph, *components: Any, **more: Any) -> None:
    definition = {"name": "t", "language": "pt_BR", "category": "UTILITY", "components": list(components)}
    status, answer = await graph.call("POST", f"/v26.0/{WABA_ID}/message_templates", json=definition | more)
    assert status == 200, answer


async def send(graph, *components: Any, name: str = "t", language: str = "pt_BR") -> int:
    """Meta's error code, 200 for none."""
    template = {"name": name, "language": {"code": language}, "components": list(components)}
    status, answer = await graph.send({"type": "template", "template": template}, to=TO)
    return int(status if status == 200 else answer["error"]["code"])


@pytest.mark.parametrize("case", MESSAGES)
async def test_parameters_must_fit_the_template(graph, maria: User, case: str) -> None:
    """In number, type and length; each mistake has its code."""
    template, message, code = MESSAGES[case]
    await create(graph, *template)
    assert await send(graph, *message) == code


async def test_named_parameters(graph, maria: User) -> None:
    """In any order, but by the names that the template has."""
    await create(graph, NAMED, parameter_format="NAMED")
    day, name = text("segunda", parameter_name="day"), text("Ana", parameter_name="name")
    assert await send(graph, body(day, name)) == 200
    assert await send(graph, body(day, text("Ana", parameter_name="nome"))) == 132012
    assert await send(graph, body(text("Ana"), text("segunda"))) == 132012


async def test_a_code_is_a_parameter_that_meta_words(graph, maria: User) -> None:
    """An authentication template has no text of its own, and asks for the code twice."""
    otp = {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}
    await create(graph, {"type": "BODY"}, otp, category="AUTHENTICATION")
    assert await send(graph, body(text("424242")), button("0", text("424242"))) == 200
    assert await send(graph, body(text("424242"))) == 131008


async def test_a_template_that_the_account_has_not(simulator: Simulator, graph, maria: User) -> None:
    """It is taken unless that is refused; in another language than those it has it is always refused."""
    assert await send(graph, body(text("Ana")), name="unknown") == 200
    assert await send(graph, name="hello_world") == 132001
    assert await send(graph, name="hello_world", language="en_US") == 200
    simulator.restrict(unknown_templates="refused")
    assert await send(graph, name="unknown") == 132001


@pytest.mark.parametrize(
    ("status", "code"),
    [("PAUSED", 132015), ("DISABLED", 132016), ("PENDING", 132001), ("REJECTED", 132001)],
)
async def test_only_an_approved_template_is_sent(
    simulator: Simulator, graph, bot, maria: User, status: str, code: int
) -> None:
    """The bot hears of each new status, as Meta tells it."""
    await create(graph, {"type": "BODY", "text": "Oi"})
    simulator.template_status("t", status, language="pt_BR")
    assert await send(graph) == code
    simulator.template_status("t", "APPROVED")
    assert await send(graph) == 200
    await simulator.settle()
    told = [value for value in bot.values if "message_template_name" in value]
    assert [(value["message_template_name"], value["event"]) for value in told] == [
        ("t", status),
        ("t", "APPROVED"),
    ]


async def test_a_new_template_may_have_to_be_reviewed(simulator: Simulator, graph, bot, maria: User) -> None:
    """It is pending until Meta has judged it, and again when it is changed."""
    simulator.restrict(new_templates="pending")
    await create(graph, {"type": "BODY", "text": "Oi"})
    assert (await template(graph))["status"] == "PENDING"
    assert await send(graph) == 132001
    simulator.template_status("t", "APPROVED")
    assert await send(graph) == 200
    await simulator.settle()
    [told] = [event for event in events_of(bot) if isinstance(event, events.TemplateStatus)]
    assert (told.name, told.language, told.status, told.reason) == ("t", "pt_BR", "APPROVED", "NONE")
    path = f"/v26.0/{told.template_id}"
    change = {"components": [{"type": "BODY", "text": "Olá"}]}
    assert (await graph.call("POST", path, json=change))[0] == 200
    assert (await template(graph))["status"] == "PENDING"
    simulator.restrict()
    assert (await graph.call("POST", path, json=change))[0] == 200
    assert (await template(graph))["status"] == "APPROVED"


@pytest.mark.parametrize(
    ("reason", "told_reason"),
    [("", "A variable stands"), ("INVALID_FORMAT", "A variable stands"), ("SCAM", "SCAM")],
)
async def test_a_template_is_rejected_for_a_reason(
    simulator: Simulator, graph, bot, reason: str, told_reason: str
) -> None:
    """The account and the bot are told it; of the format Meta says more. Approved, it has none any more."""
    await create(graph, {"type": "BODY", "text": "Oi"})
    simulator.template_status("t", "REJECTED", reason=reason)
    rejected = await template(graph)
    assert (rejected["status"], rejected["rejected_reason"]) == ("REJECTED", reason or "INVALID_FORMAT")
    simulator.template_status("t", "APPROVED")
    assert (await template(graph))["rejected_reason"] == "NONE"
    await simulator.settle()
    first, second = [event for event in events_of(bot) if isinstance(event, events.TemplateStatus)]
    assert first.reason.startswith(told_reason)
    assert bool(first.recommendation) == (reason != "SCAM")
    assert (second.reason, second.recommendation) == ("NONE", "")


async def test_a_status_that_cannot_be(simulator: Simulator) -> None:
    """The error says what there is."""
    with pytest.raises(ValueError, match="no template promo"):
        simulator.template_status("promo", "PAUSED")
    with pytest.raises(ValueError, match="one of APPROVED, PENDING"):
        simulator.template_status("hello_world", "FORGOTTEN")
    for status, reason in (("REJECTED", "UGLY"), ("PAUSED", "SCAM")):
        with pytest.raises(ValueError, match="only REJECTED has, must be one of ABUSIVE_CONTENT"):
            simulator.template_status("hello_world", status, reason=reason)
    with pytest.raises(ValueError, match="no Flow f"):
        simulator.flow_status("f", "BLOCKED")


async def test_serpro_tells_of_no_status(bot) -> None:
    """The template has it all the same."""
    async with Simulator(port=0, webhook_url=bot.url, provider="serpro") as serpro:
        serpro.template_status("hello_world", "PAUSED")
        await serpro.settle()
    assert bot.bodies == []


@pytest.mark.parametrize(
    ("status", "values", "code"), [("PAUSED", ["Ana"], "132015"), ("APPROVED", [], "132000")]
)
async def test_serpro_tells_later_that_a_template_cannot_be_sent(
    bot, status: str, values: list[str], code: str
) -> None:
    """It has taken the message by then."""
    async with (
        Simulator(port=0, webhook_url=bot.url, provider="serpro", status_delay=0) as serpro,
        SerproClient(PHONE_NUMBER_ID, CLIENT_SECRET, waba_id=WABA_ID, base_url=serpro.url) as client,
    ):
        components = [{"type": "BODY", "text": "Oi, {{1}}"}]
        await client.create_template(
            {"name": "t", "language": "pt_BR", "category": "UTILITY", "components": components}
        )
        serpro.template_status("t", status)
        await client.send(Template("t", "pt_BR", body=values), TO)
        await serpro.settle()
        [message] = serpro.user(TO).messages
    assert (message.status, str(message.error)[:6]) == ("failed", code)


async def test_a_person_reads_the_wording(simulator: Simulator, graph, bot, maria: User) -> None:
    """Filled in; a button goes by its title, or by its payload, and the bot is told both."""
    header, footer = {"type": "HEADER", "text": "Clube"}, {"type": "FOOTER", "text": "Até já"}
    await create(graph, header, BODY, footer, BUTTONS)
    yes = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    yes |= {"parameters": [{"type": "payload", "payload": "SIM"}]}
    assert await send(graph, body(text("Ana"), PRICE), yes, button("1", text("42"))) == 200
    message = await maria.expects("Oi, Ana! São R$ 10.")
    assert message.text == "t\nClube\nOi, Ana! São R$ 10.\nAté já"
    for way in ("Sim", "SIM"):
        await maria.taps(way)
    await simulator.settle()
    assert [each["button"] for each in bot.messages] == [{"payload": "SIM", "text": "Sim"}] * 2


async def test_named_parameters_are_filled_in_by_name(graph, maria: User) -> None:
    """In whichever order they come."""
    await create(graph, NAMED, parameter_format="NAMED")
    day, name = text("segunda", parameter_name="day"), text("Ana", parameter_name="name")
    assert await send(graph, body(day, name)) == 200
    await maria.expects("Oi, Ana! Até segunda.")


async def test_serpro_brings_the_wording_too(bot) -> None:
    """It is read on the same phone."""
    async with (
        Simulator(port=0, webhook_url=bot.url, provider="serpro", status_delay=0) as serpro,
        SerproClient(PHONE_NUMBER_ID, CLIENT_SECRET, waba_id=WABA_ID, base_url=serpro.url) as client,
    ):
        definition = {"name": "t", "language": "pt_BR", "category": "UTILITY"}
        await client.create_template({**definition, "components": [{"type": "BODY", "text": "Oi, {{1}}!"}]})
        await client.send(Template("t", "pt_BR", body=["Ana"]), TO)
        await serpro.user(TO).expects("Oi, Ana!")
