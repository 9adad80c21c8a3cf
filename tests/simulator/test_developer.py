"""What a developer orders on the page: webhooks again or changed, calls repeated, codes explained."""

from __future__ import annotations

import json

import pytest

from rasa_whatsapp.simulator import CLIENT_SECRET, PHONE_NUMBER_ID, Simulator
from rasa_whatsapp.simulator.webhook.envelope import sign

CALL = {"method": "GET", "path": f"/v26.0/{PHONE_NUMBER_ID}", "query": {"fields": "verified_name"}}


async def test_a_body_is_posted_byte_for_byte(simulator: Simulator, bot, graph) -> None:
    """Whatever it is; its signature is right."""
    await graph.session.post(f"{simulator.url}/control/webhooks", data=b'{"a": "\\u00e1"} ')
    assert bot.bodies == [b'{"a": "\\u00e1"} ']
    assert bot.headers[0]["X-Hub-Signature-256"] == sign(bot.bodies[0], simulator.account.app_secret)


async def test_a_webhook_is_posted_again(simulator: Simulator, bot, graph) -> None:
    """The log's entry gets one more attempt; a number that is not there is said to be so."""
    await simulator.user("5561999990001").says("oi")
    await bot.has(1)
    url = f"{simulator.url}/control/webhooks/{simulator.deliveries[0].number}"
    async with graph.session.post(url) as response:
        assert response.status == 204
    assert bot.bodies[0] == bot.bodies[1]
    assert [attempt.status for attempt in simulator.deliveries[0].attempts] == [200, 200]
    async with graph.session.post(f"{simulator.url}/control/webhooks/99") as response:
        assert (response.status, await response.text()) == (404, "This webhook is no longer in the log.")


async def test_a_call_is_made_as_by_the_bot(simulator: Simulator, graph) -> None:
    """With the token that the API accepts, and proved, as an app may demand."""
    simulator.restrict(require_app_secret=True)
    async with graph.session.post(f"{simulator.url}/control/calls", json=CALL) as response:
        assert response.status == 204
    assert simulator.calls[-1].status == 200
    assert simulator.calls[-1].query == {"fields": "verified_name"}
    assert simulator.calls[-1].response["verified_name"] == "Local WhatsApp"


async def test_a_call_to_serpro_gets_a_token_of_its_own(graph) -> None:
    """Serpro's tokens are given out for a time."""
    async with Simulator(port=0, provider="serpro", webhook_url="") as serpro:
        call = {"method": "GET", "path": f"/waba/{serpro.account.waba_id}/v2/telefones"}
        async with graph.session.post(f"{serpro.url}/control/calls", json=call) as response:
            assert response.status == 204
        assert serpro.calls[-1].status == 200
        assert CLIENT_SECRET not in json.dumps(serpro.calls[-1].to_json())


async def test_a_call_that_is_cut_stands_in_the_log(simulator: Simulator, graph) -> None:
    """What was ordered for the bot's calls happens to repeated ones too."""
    simulator.fail_next(cut=True, path="/v26.0")
    async with graph.session.post(f"{simulator.url}/control/calls", json=CALL) as response:
        assert response.status == 204
    assert simulator.calls[-1].status is None


@pytest.mark.parametrize(
    "change",
    [
        {"method": "TRACE"},
        {"method": None},
        {"method": []},
        {"path": "//example.org/"},
        {"path": "/control/calls"},
        {"path": 7},
        {"query": ["a"]},
        {"query": {"a": 1}},
        {"body": {}},
    ],
)
async def test_only_calls_of_the_api_are_made(simulator: Simulator, graph, change) -> None:
    """Everything else is refused with a reason."""
    async with graph.session.post(f"{simulator.url}/control/calls", json={**CALL, **change}) as response:
        assert response.status == 400
        assert "must be" in await response.text()
    assert not simulator.calls


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        ({"kind": "refused", "code": 130429}, 429),
        ({"kind": "html"}, 502),
        ({"kind": "cut"}, None),
    ],
)
async def test_the_next_message_goes_wrong(simulator: Simulator, graph, trouble, status) -> None:
    """Once, in the way that was ordered."""
    await simulator.user("5561999990001").says("oi")
    async with graph.session.post(
        f"{simulator.url}/control/troubles", json={**trouble, "to": "5561999990001"}
    ) as response:
        assert response.status == 204
    body = {"messaging_product": "whatsapp", "to": "+5561999990001", "type": "text", "text": {"body": "oi"}}
    call = {"method": "POST", "path": f"/v26.0/{PHONE_NUMBER_ID}/messages", "body": json.dumps(body)}
    for _ in range(2):
        await graph.session.post(f"{simulator.url}/control/calls", json=call)
    assert [call.status for call in simulator.calls] == [status, 200]


@pytest.mark.parametrize("trouble", [{}, {"kind": "flood"}, {"kind": []}])
async def test_only_known_troubles_can_be_ordered(simulator: Simulator, graph, trouble) -> None:
    """Everything else is refused with a reason."""
    async with graph.session.post(f"{simulator.url}/control/troubles", json=trouble) as response:
        assert response.status == 400
        assert "refused, failed, html, cut, slow" in await response.text()


async def test_trouble_needs_a_person_and_a_number(simulator: Simulator, graph) -> None:
    """Trouble for nobody would strike a read receipt instead of a message."""
    for more in ({}, {"to": ""}, {"to": 7}, {"to": "1", "code": "x"}, {"to": "1", "code": True}):
        trouble = {"kind": "refused", "code": 131056, **more}
        async with graph.session.post(f"{simulator.url}/control/troubles", json=trouble) as response:
            assert response.status == 400
            assert "under 'to'" in await response.text()


@pytest.mark.parametrize(
    "day",
    [
        {"seed": "x"},
        {"chances": []},
        {"chances": {"slow": "often"}},
        {"chances": {"flood": 1}},
        {"seed": True},
    ],
)
async def test_only_days_that_exist_can_begin(simulator: Simulator, graph, day) -> None:
    """Everything else is refused with a reason, and the day stays as it was."""
    simulator.bad_day(slow=0.5, seed=3)
    async with graph.session.post(f"{simulator.url}/control/bad-day", json=day) as response:
        assert response.status == 400
        assert await response.text()
    async with graph.session.get(f"{simulator.url}/control/bad-day") as response:
        today = await response.json()
    assert (today["seed"], today["chances"]["slow"]) == (3, 0.5)


async def test_restrictions_are_read_and_ordered(simulator: Simulator, graph) -> None:
    """With their kinds and words; what is not named is free again."""
    url = f"{simulator.url}/control/restrictions"
    simulator.restrict(pair_burst=45)
    ordered = {"standing": "spam", "allowed_recipients": ["+55 61 99999-0001"], "token_lifetime": 3600}
    async with graph.session.post(url, json=ordered) as response:
        assert response.status == 204
    async with graph.session.get(url) as response:
        told = {each["name"]: each for each in (await response.json())["restrictions"]}
    assert {name: each["value"] for name, each in told.items()} == simulator.restrictions.named
    assert {name: told[name]["value"] for name in ordered} == ordered
    assert told["pair_burst"] == {"name": "pair_burst", "value": None, "kind": "number", "choices": []}
    assert told["experiment"]["kind"] == "switch"
    assert (told["allowed_recipients"]["kind"], told["standing"]["kind"]) == ("list", "choice")
    assert "maintenance" in told["standing"]["choices"]


@pytest.mark.parametrize(
    "order",
    [
        {"pair_brust": 1},
        {"pair_burst": "many"},
        {"pair_burst": 4.5},
        {"standing": ["spam"]},
        {"experiment": 1},
        {"allowed_recipients": [1]},
        {"allowed_recipients": 1},
        {"token_lifetime": 1e400},
        {"token_lifetime": "long"},
        [],
    ],
)
async def test_restrictions_that_cannot_be_change_nothing(simulator: Simulator, graph, order: object) -> None:
    """The page is told what is wrong."""
    simulator.restrict(pair_burst=45)
    url = f"{simulator.url}/control/restrictions"
    async with graph.session.post(url, data=json.dumps(order)) as response:
        assert response.status == 400
        assert await response.text()
    assert simulator.restrictions.pair_burst == 45


async def test_serpro_restricts_the_token_alone(graph) -> None:
    """The page is offered nothing else, and nothing else is taken."""
    async with Simulator(port=0, provider="serpro", webhook_url="") as serpro:
        url = f"{serpro.url}/control/restrictions"
        async with graph.session.get(url) as response:
            assert [each["name"] for each in (await response.json())["restrictions"]] == ["token_lifetime"]
        async with graph.session.post(url, json={"token_lifetime": 60}) as response:
            assert response.status == 204
        async with graph.session.post(url, json={"pair_burst": 45}) as response:
            assert (response.status, "not Serpro" in await response.text()) == (400, True)
        assert serpro.restrictions.token_lifetime == 60


async def test_templates_are_judged(simulator: Simulator, graph) -> None:
    """Each has a status among those that there are; what cannot be is told."""
    url = f"{simulator.url}/control/review"
    judgement = {"kind": "template", "name": "hello_world", "language": "en_US", "status": "PAUSED"}
    async with graph.session.post(url, json=judgement) as response:
        assert response.status == 204
    async with graph.session.get(url) as response:
        told = await response.json()
    expected = {"name": "hello_world", "language": "en_US", "category": "UTILITY", "status": "PAUSED"}
    assert (told["templates"], told["flows"]) == ([expected], [])
    assert {"APPROVED", "DISABLED"} <= set(told["template_statuses"])
    rejection = {"status": "REJECTED", "reason": "SCAM"}
    async with graph.session.post(url, json=judgement | rejection) as response:
        assert response.status == 204
    for change in (
        {"name": "promo"},
        {"status": "LOVED"},
        {"reason": "SCAM"},
        {"language": "es"},
        {"kind": "flow"},
    ):
        async with graph.session.post(url, json=judgement | change) as response:
            assert (response.status, bool(await response.text())) == (400, True)


async def test_codes_are_explained(simulator: Simulator, graph) -> None:
    """Also one that nobody knows."""
    async with graph.session.get(f"{simulator.url}/control/errors/131047") as response:
        assert "reengagement_template" in (await response.json())["text"]
    async with graph.session.get(f"{simulator.url}/control/errors/999999") as response:
        assert "not known here" in (await response.json())["text"]
