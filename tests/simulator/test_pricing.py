"""What Meta charges for a message, in which category, and why, as its status and the message tell."""

from __future__ import annotations

from typing import Any

import pytest

from rasa_whatsapp.simulator import WABA_ID, Message, Simulator, User

TO = "+5561999990001"
TEXT = {"type": "text", "text": {"body": "oi"}}
FREE = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service"}
CHARGED = {"billable": True, "pricing_model": "PMP", "type": "regular"}
ENTRY = {**FREE, "type": "free_entry_point", "category": "referral_conversion"}


async def sent(graph, category: str) -> Message:
    """A message of this category; a template of it, or an ordinary text."""
    message: dict[str, Any] = TEXT
    if category != "service":
        definition = {"name": category, "language": "es", "category": category}
        definition |= {"components": [{"type": "BODY", "text": "Hola"}]}
        await graph.call("POST", f"/v26.0/{WABA_ID}/message_templates", json=definition)
        message = {"type": "template", "template": {"name": category, "language": {"code": "es"}}}
    status, answer = await graph.send(message, to=TO)
    assert status == 200, answer
    return graph.simulator.state.messages[answer["messages"][0]["id"]]


async def pricing(simulator: Simulator, bot, message: Message) -> dict[str, Any]:
    """The one status that tells the price."""
    await simulator.settle()
    told = [each for each in bot.statuses if each["id"] == message.id and "pricing" in each]
    assert [status["status"] for status in told] == ["sent"]
    return told[0]


@pytest.mark.parametrize(
    ("category", "hours", "price", "reason"),
    [
        ("service", 0, FREE, "Answers within 24 hours of the person's message cost nothing."),
        ("utility", 0, FREE, "Utility templates within 24 hours of the person's message cost nothing."),
        ("utility", 25, CHARGED, "category utility are charged outside the 24-hour window."),
        ("marketing", 0, CHARGED, "category marketing are charged."),
        ("marketing", 25, CHARGED, "category marketing are charged."),
        ("authentication", 0, CHARGED, "category authentication are charged."),
    ],
)
async def test_what_is_charged(
    simulator: Simulator, graph, bot, maria: User, category: str, hours: int, price: Any, reason: str
) -> None:
    """Answers are free, utility templates inside the window, too; all other templates are charged."""
    await maria.says("oi")
    simulator.clock.advance(hours=hours)
    if category == "authentication":
        message = await authentication(graph)
    else:
        message = await sent(graph, category)
    status = await pricing(simulator, bot, message)
    assert status["pricing"] == {**price, "category": category}
    assert "conversation" not in status
    assert message.price is not None
    assert reason in message.price.reason


async def authentication(graph) -> Message:
    definition = {"name": "code", "language": "es", "category": "authentication"}
    definition |= {"components": [{"type": "BODY"}]}
    await graph.call("POST", f"/v26.0/{WABA_ID}/message_templates", json=definition)
    parameters = [{"type": "text", "text": "4242"}]
    template = {"name": "code", "language": {"code": "es"}}
    template |= {"components": [{"type": "body", "parameters": parameters}]}
    _, answer = await graph.send({"type": "template", "template": template}, to=TO)
    return graph.simulator.state.messages[answer["messages"][0]["id"]]


async def test_who_came_by_an_advertisement_costs_nothing_for_three_days(
    simulator: Simulator, graph, bot, maria: User
) -> None:
    """From the first answer on, whatever the category, and the status names the conversation."""
    await maria.comes_by_ad("oi", headline="Clube")
    await bot.has(1)
    assert bot.messages[0]["referral"]["headline"] == "Clube"
    simulator.clock.advance(hours=20)
    first = await pricing(simulator, bot, await sent(graph, "service"))
    assert first["pricing"] == ENTRY
    assert first["conversation"]["origin"] == {"type": "referral_conversion"}
    ends = int(first["conversation"]["expiration_timestamp"])
    assert 0 <= ends - (simulator.clock.now() + 72 * 3600) + 60 <= 60
    simulator.clock.advance(hours=71)
    later = await pricing(simulator, bot, await sent(graph, "marketing"))
    assert (later["pricing"], later["conversation"]) == (ENTRY, first["conversation"])
    simulator.clock.advance(hours=2)
    last = await pricing(simulator, bot, await sent(graph, "marketing"))
    assert last["pricing"] == {**CHARGED, "category": "marketing"}


async def test_an_advertisement_that_is_not_answered_within_a_day_is_nothing(
    simulator: Simulator, graph, bot, maria: User
) -> None:
    """Neither is one that was answered long ago, until the person comes by another."""
    await maria.comes_by_ad("oi", headline="Clube")
    simulator.clock.advance(hours=25)
    message = await sent(graph, "marketing")
    assert (await pricing(simulator, bot, message))["pricing"]["billable"]
    await maria.comes_by_ad("oi", headline="Clube")
    assert (await pricing(simulator, bot, await sent(graph, "marketing")))["pricing"] == ENTRY


async def test_a_message_that_fails_costs_nothing(simulator: Simulator, graph, bot, maria: User) -> None:
    """Neither its status nor the page names a price."""
    simulator.fail_delivery(131026)
    message = await sent(graph, "marketing")
    await simulator.settle()
    assert not any("pricing" in status for status in bot.statuses)
    assert message.to_json()["price"] is None
    assert (await sent(graph, "marketing")).to_json()["price"] == {**CHARGED, "category": "marketing"}


async def test_an_unpaid_account_sends_what_costs_nothing(simulator: Simulator, graph, maria: User) -> None:
    """An answer passes; a template that is charged is error 131042."""
    await maria.says("oi")
    simulator.restrict(standing="unpaid")
    assert (await sent(graph, "utility")).price is not None
    simulator.clock.advance(hours=25)
    status, answer = await graph.send(
        {"type": "template", "template": {"name": "utility", "language": {"code": "es"}}}, to=TO
    )
    assert (status, answer["error"]["code"]) == (400, 131042)


async def test_marketing_is_capped_by_the_person_and_the_day(
    simulator: Simulator, graph, bot, maria: User
) -> None:
    """Two pass, the third fails with 131049; other categories and the next day are free of it."""
    await maria.says("oi")
    simulator.restrict(marketing_cap=2)
    messages = [await sent(graph, category) for category in ("marketing",) * 3 + ("utility",)]
    await simulator.settle()
    assert [message.status for message in messages] == ["read", "read", "failed", "read"]
    assert "131049" in str(messages[2].error)
    simulator.clock.advance(hours=24)
    await sent(graph, "marketing")
    await simulator.settle()
    assert [status["status"] for status in bot.statuses].count("failed") == 1


async def test_an_experiment_spares_who_has_written(simulator: Simulator, graph, maria: User) -> None:
    """A marketing template inside the 24-hour window is delivered."""
    await maria.says("oi")
    simulator.restrict(experiment=True)
    message = await sent(graph, "marketing")
    await simulator.settle()
    assert message.status == "read"


async def test_who_stops_marketing_can_resume_it(simulator: Simulator, graph, bot, maria: User) -> None:
    """The bot is told of both, in Meta's words."""
    await maria.says("oi")
    await maria.stops_marketing()
    stopped = await sent(graph, "marketing")
    await maria.stops_marketing(False)
    resumed = await sent(graph, "marketing")
    await simulator.settle()
    assert (stopped.status, resumed.status) == ("failed", "read")
    wishes = [wish for value in bot.values for wish in value.get("user_preferences", ())]
    assert [wish["value"] for wish in wishes] == ["stop", "resume"]
    assert {(wish["wa_id"], wish["user_id"]) for wish in wishes} == {(maria.phone, maria.user_id)}
